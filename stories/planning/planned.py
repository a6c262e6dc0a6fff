"""What is planned for which day: planned dates and deadlines of drafts, apart from the schedule."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stories.models import Plan, Story
from stories.models.plan import owned_by
from stories.planning.plans import Changes, change_plan

# The columns of a plan that have a place in the calendar, and what they are called there.
KINDS = {"planned_on": gettext_noop("Planned"), "deadline": gettext_noop("Deadline")}
MAX_PLANNED = 500


@dataclass(frozen=True)
class Planned:
    """A planned date or a deadline of one story: `kind` is the column of the plan."""

    on: date
    kind: str
    plan: Plan

    @property
    def story(self) -> Story:
        """The story that is planned."""
        return self.plan.story

    @property
    def is_overdue(self) -> bool:
        """Whether this is a deadline that has passed before the text was handed in."""
        return self.kind == "deadline" and self.plan.is_overdue

    @property
    def what(self) -> str:
        """The kind, in words."""
        return _("Overdue deadline") if self.is_overdue else _(KINDS[self.kind])


def planned(first: date, last: date, owner: int | None = None) -> list[Planned]:
    """Return what is planned from one day to another, both included, in order.

    `owner` is the primary key of an account, or NOBODY. Makes two queries. Each reads one index
    range and at most MAX_PLANNED rows.
    """
    plans = Plan.objects.open().filter(owned_by(owner, row="")).with_stories()
    found = [
        Planned(getattr(plan, kind), kind, plan)
        for kind in KINDS
        for plan in plans.filter(**{f"{kind}__range": (first, last)}).order_by(kind)[:MAX_PLANNED]
    ]
    return sorted(found, key=lambda each: (each.on, each.kind, each.story.pk))


def move_planned(story: Story, kind: str, on: date, by: User) -> None:
    """Move a planned date or a deadline of a draft to another day.

    Raises ValidationError if it is not planned any more, or if `by` may not do that.
    """
    plan = Plan.of(story)
    if story.publish_at or getattr(plan, kind) is None:
        raise ValidationError(_("This has happened already, or is not planned any more."))
    changes: Changes = {"deadline": on} if kind == "deadline" else {"planned_on": on}
    change_plan(story, changes, by)
