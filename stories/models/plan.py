from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.models.stage import WITHOUT_TEXT
from stories.models.visibility import TimedQuerySet, TimedRow

if TYPE_CHECKING:
    from stories.models.story import Story

# Stands for an owner where stories without an owner are asked for.
NOBODY = 0


def owned_by(owner: int | None, row: str = "plan__") -> Q:
    """Return the condition that a story is owned by an account, or by NOBODY. None: by anybody.

    `owner` is a primary key; `row` leads from the row that is asked for to the plan.
    """
    if owner is None:
        return Q()
    return Q((f"{row}owner", owner or None))


class PlanQuerySet(TimedQuerySet):
    # What a plan shows of its story: enough to know its stage.
    OF_STORY = ("title", "publish_at", "unpublish_at", "review_status", "word_count")

    def open(self) -> Self:
        """Return the plans of drafts. A story with a date is not planned, but scheduled."""
        return self.filter(publish_at=None)

    def without_text(self) -> Self:
        """Return the plans of drafts whose text is not handed in: their deadline counts."""
        return self.open().filter(story__review_status__in=("", "returned"))

    def soonest_first(self) -> Self:
        """Sort by deadline; plans without one come last."""
        return self.order_by(F("deadline").asc(nulls_last=True), "pk")

    def with_stories(self) -> Self:
        """Load the stories and the owners too."""
        names = [f"story__{name}" for name in self.OF_STORY]
        owner = ("owner__username", "owner__first_name", "owner__last_name")
        own = ("owner", "deadline", "planned_on", "publish_at", "unpublish_at")
        return self.select_related("story", "owner").only(*own, *names, *owner)


class Plan(TimedRow):
    """Who writes a story, until when, and for which day. No part of its content, and not public.

    A story gets its plan when somebody first plans it. The plan outlives its story, so that a
    deleted story comes back with it.
    """

    story = models.OneToOneField(
        "stories.Story", on_delete=models.DO_NOTHING, db_constraint=False, related_name="plan"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    planned_on = models.DateField(_("planned date"), null=True, blank=True)
    # The deadline that the owner was reminded of, the day before and once it had passed.
    reminded_of = models.DateField(null=True, editable=False)
    warned_of = models.DateField(null=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "publish_at", "deadline"], name="plan_of_owner"),
            models.Index(fields=["deadline"], condition=Q(publish_at=None), name="plan_deadline"),
            models.Index(fields=["planned_on"], condition=Q(publish_at=None), name="plan_day"),
        ]

    def __str__(self) -> str:
        return str(self.story)

    @classmethod
    def of(cls, story: "Story") -> Self:
        """Return the plan of a story, or an unsaved empty one."""
        found = cls.objects.select_related("owner").filter(story=story).first()
        return found or cls(story=story)

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline has passed before the text was handed in."""
        return self.is_late_on(timezone.localdate())

    def is_late_on(self, day: date) -> bool:
        """Whether the deadline is before a day, and the text is not handed in."""
        return bool(self.deadline and self.deadline < day and self.story.stage in WITHOUT_TEXT)
