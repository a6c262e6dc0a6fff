from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One move from another site, from the first look at its file until it is undone."""

    class State(models.TextChoices):
        LOOKING = "looking", _("Looking at the file")
        READY = "ready", _("Ready to import")
        REFUSED = "refused", _("Cannot be read")
        IMPORTING = "importing", _("Importing")
        DONE = "done", _("Imported")
        UNDOING = "undoing", _("Undoing")
        UNDONE = "undone", _("Undone")

    MOVING = (State.LOOKING, State.IMPORTING, State.UNDOING)

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    # The uploaded file in the storage; none for a file that a command has read.
    upload = models.CharField(max_length=200, blank=True)
    choices = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.LOOKING)
    # While somebody is at it, so that nobody else is.
    busy_until = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    # Why the file cannot be read.
    failure = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
    )
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_moving(self) -> bool:
        """Whether there is something left to do in the present state."""
        return self.state in self.MOVING

    def go_to(self, state: str, **values: Any) -> None:
        """Save another state, and other values with it."""
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *values])

    def claim(self, until: datetime) -> bool:
        """Take the run for this process until a moment; return whether nobody else has it."""
        free = Q(busy_until=None) | Q(busy_until__lt=timezone.now())
        return bool(ImportRun.objects.filter(free, pk=self.pk).update(busy_until=until))

    def give_back(self) -> None:
        """Let others go on."""
        ImportRun.objects.filter(pk=self.pk).update(busy_until=None)

    def counts(self) -> dict[str, int]:
        """Return {result: number of entries} in one query, without those that are 0."""
        found = self.lines.order_by().values_list("result").annotate(Count("pk"))
        return dict(found)


class ImportLineQuerySet(models.QuerySet["ImportLine"]):
    def in_order(self) -> Self:
        """Sort by their place in the file."""
        return self.order_by("pk")

    def with_losses_first(self) -> Self:
        """Sort what an editor should look at before the rest."""
        return self.order_by("-needs_a_look", "pk")


class ImportLine(models.Model):
    """What became of one entry of another site in an import, and what was lost."""

    class Result(models.TextChoices):
        """What became, or would become, of one entry of another site."""

        CREATED = "created", _("new")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        KEPT = "kept", _("left as it is here")
        LEFT_OUT = "left-out", _("left out")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, db_index=False, related_name="lines"
    )
    foreign_id = models.CharField(max_length=300)
    # The title, or the name of the file.
    name = models.CharField(max_length=300)
    result = models.CharField(max_length=10, choices=Result)
    # Where it is now, or why it is not here.
    detail = models.TextField(blank=True)
    losses = models.JSONField(default=list)
    needs_a_look = models.BooleanField(default=False)
    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    is_undone = models.BooleanField(default=False)

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "foreign_id"], name="import_line_once"),
        ]
        indexes = [
            models.Index(fields=["run", "result"], name="import_line_result"),
            models.Index(fields=["run", "-needs_a_look", "id"], name="import_line_look"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.result}"
