"""Reminders of deadlines: one on the day before, and one when the deadline has passed."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from stories.models import Plan
from stories.models.notification import Kind
from stories.notifying.notify import notify

AT_ONCE = 500


def remind(at: datetime) -> int:
    """Remind the owners whose deadline is near or has passed; return how many were.

    `at` is an aware datetime; its day is that of the publication's zone. Each owner is reminded
    once of each deadline, and warned once.
    """
    today = timezone.localdate(at)
    plans = Plan.objects.without_text().filter(owner__is_active=True)
    near = plans.filter(deadline__gte=today, deadline__lte=today + timedelta(days=1))
    passed = plans.filter(deadline__lt=today)
    return sum(
        _tell(plan, column, kind, at)
        for rows, column, kind in (
            (near, "reminded_of", Kind.DEADLINE),
            (passed, "warned_of", Kind.OVERDUE),
        )
        for plan in rows.filter(_not_told(column)).select_related("story", "owner")[:AT_ONCE]
    )


def _not_told(column: str) -> Q:
    return Q((column, None)) | ~Q((column, F("deadline")))


@transaction.atomic
def _tell(plan: Plan, column: str, kind: Kind, at: datetime) -> bool:
    """Tell the owner, unless somebody else has done it; return whether this did it."""
    deadline, owner = plan.deadline, plan.owner
    same = Plan.objects.filter(_not_told(column), pk=plan.pk, deadline=deadline, owner=owner)
    if deadline is None or owner is None or not same.update(**{column: deadline}):
        return False
    notify(kind, [owner], plan.story, moment=_beginning_of(deadline), at=at)
    return True


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
