"""Planning a story: who writes it, until when, and for which day."""

from datetime import date
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stories.models import Plan, Story
from stories.models.notification import Kind
from stories.models.staff import WRITE, may, who_may
from stories.notifying.notify import notify
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record


class Changes(TypedDict, total=False):
    """What changes in a plan. What is left out stays as it is."""

    owner: User | None
    deadline: date | None
    planned_on: date | None


def possible_owners() -> QuerySet[User]:
    """Return the accounts that may write stories, by name."""
    return who_may(WRITE).order_by("first_name", "username")


def may_plan(user: User, plan: Plan) -> bool:
    """Whether a user may change a plan: editors any, writers those of their own drafts.

    A writer may also take a draft that nobody owns: see `change_plan`.
    """
    if user.has_perm("stories.publish_story"):
        return True
    is_free = plan.owner_id in (None, user.pk)
    return plan.story.publish_at is None and is_free and user.has_perm("stories.change_story")


@transaction.atomic
def change_plan(story: Story, changes: Changes, by: User) -> Plan:
    """Change some values of the plan of a story, and tell a new owner. Makes no revision.

    Raises ValidationError if `by` may not do that, or if the new owner may not write stories.
    """
    story.lock()
    plan = Plan.of(story)
    before = _values(plan)
    for name, value in changes.items():
        setattr(plan, name, value)
    after = _values(plan)
    if before == after:
        return plan
    _refuse(plan, before["owner"], by)
    plan.publish_at, plan.unpublish_at = story.publish_at, story.unpublish_at
    plan.save()
    changed = [name for name in after if before[name] != after[name]]
    record(
        AuditEntry.Kind.STORY,
        "planned",
        story,
        by=by,
        before={name: _for_log(before[name]) for name in changed},
        after={name: _for_log(after[name]) for name in changed},
    )
    if plan.owner and "owner" in changed:
        notify(Kind.ASSIGNED, [plan.owner], story, by)
    return plan


def take(story: Story, by: User) -> Plan:
    """Make somebody the owner of a story that nobody owns. Raises ValidationError otherwise."""
    with transaction.atomic():
        story.lock()
        owner = Plan.of(story).owner
        if owner and owner != by:
            raise ValidationError(_("Somebody else has taken this story."))
        return change_plan(story, {"owner": by}, by)


def _refuse(plan: Plan, owner_before: User | None, by: User) -> None:
    """Raise ValidationError if somebody may not change a plan into what it is now."""
    if plan.owner and plan.owner != owner_before and not may(plan.owner, WRITE):
        raise ValidationError(_("This account may not write stories."))
    if by.has_perm("stories.publish_story"):
        return
    if plan.story.publish_at:
        raise ValidationError(_("Only editors plan a story that has a date."))
    if owner_before not in (None, by):
        raise ValidationError(_("Only its owner and the editors change the plan of a story."))
    if owner_before is None and plan.owner != by:
        raise ValidationError(_("Nobody owns this story: take it first."))


def _values(plan: Plan) -> dict[str, Any]:
    return {"owner": plan.owner, "deadline": plan.deadline, "planned_on": plan.planned_on}


def _for_log(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return value.get_username() if value else None
