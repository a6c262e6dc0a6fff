from typing import Self

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.models.listing import START_HERE
from stories.models.story import Story
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import Values, record
from stories_project.page_cache import change_log


class StartHereQuerySet(models.QuerySet["StartHere"]):
    def in_order(self) -> Self:
        """Return the choices as readers see them, with what the desk shows of each story."""
        times = ("publish_at", "unpublish_at", "review_status")
        shown = (f"story__{name}" for name in ("title", "slug", *times))
        return self.select_related("story").only("why", "position", *shown)

    @transaction.atomic
    def choose(self, story: Story, why: str, by: User) -> "StartHere":
        """Put a story at the end, and return the choice.

        `why` is one sentence for newcomers, or empty. Raises ValidationError for a story that
        readers do not see, that is chosen already, or that is one too many.
        """
        Story.objects.lock_in_order([story.pk])
        chosen = list(self.select_for_update().order_by("position", "pk"))
        if not story.is_published:
            raise ValidationError(_("Readers do not see this story. Publish it first."))
        if len(chosen) >= StartHere.MOST:
            text = _("There are %(most)s stories already. Remove one first.")
            raise ValidationError(text % {"most": StartHere.MOST})
        choice = StartHere(story=story, why=why, position=len(chosen) + 1)
        choice.full_clean()
        choice.save()
        _store_order([*chosen, choice])
        choice.note_change("put under “Start here”", by, after={"why": why})
        return choice


class StartHere(models.Model):
    """A story that editors recommend to newcomers on the front page, with one sentence why."""

    MOST = 4

    story = models.OneToOneField(
        "stories.Story",
        on_delete=models.CASCADE,
        related_name="start_here",
        error_messages={"unique": gettext_lazy("This story is here already.")},
    )
    position = models.PositiveSmallIntegerField()
    why = models.CharField(gettext_lazy("why"), max_length=200, blank=True)

    objects = StartHereQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.story)

    def move(self, step: int, by: User) -> None:
        """Move up (-1) or down (1) by one place. At either end it stays where it is."""
        with transaction.atomic():
            chosen = list(StartHere.objects.select_for_update().order_by("position", "pk"))
            place = chosen.index(self) if self in chosen else -1
            if step and place >= 0 and 0 <= place + step < len(chosen):
                chosen.insert(place + step, chosen.pop(place))
                _store_order(chosen)
                before, after = {"place": place + 1}, {"place": place + step + 1}
                self.note_change("moved under “Start here”", by, before, after)

    @transaction.atomic
    def explain(self, why: str, by: User) -> None:
        """Change the sentence. Raises ValidationError for one that is too long."""
        before, self.why = self.why, why
        self.clean_fields(exclude=["story", "position"])
        if before != why:
            self.save(update_fields=["why"])
            self.note_change("explained under “Start here”", by, {"why": before}, {"why": why})

    @transaction.atomic
    def remove(self, by: User) -> None:
        """Take the story out of the list; the story itself stays as it is."""
        self.note_change("took out of “Start here”", by, before={"why": self.why})
        self.delete()

    def note_change(
        self,
        what: str,
        by: User,
        before: Values | None = None,
        after: Values | None = None,
    ) -> None:
        """Write a change of the list to the change log and to the audit log."""
        change_log.record(START_HERE)
        record(AuditEntry.Kind.STORY, what, self.story, by=by, before=before, after=after)


def _store_order(chosen: list[StartHere]) -> None:
    for position, choice in enumerate(chosen, start=1):
        choice.position = position
    StartHere.objects.bulk_update(chosen, ["position"])
