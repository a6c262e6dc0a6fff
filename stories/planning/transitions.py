"""What will happen to a story by itself, and when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone


@dataclass(frozen=True, order=True)
class Planned:
    """One moment at which what readers see of a story changes."""

    at: datetime
    what: str


def planned_for(is_public, values, update=None):
    """Return what will happen to a story, public now or not, the soonest first.

    `values` are the cleaned times of its form, saved or not; `update` is the ScheduledUpdate that
    waits, if one does.
    """
    waits = update and update.failed_at is None
    moments = [
        (None if is_public else values.get("publish_at"), "Readers see the story"),
        (update.at if waits else None, "The scheduled changes go live"),
        (values.get("unpublish_at"), "The story is withdrawn"),
    ]
    now = timezone.now()
    return sorted(Planned(at, what) for at, what in moments if at and at > now)
