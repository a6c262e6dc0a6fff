"""Transitions: the times at which a story changes for readers without anybody acting."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from stories.models import ScheduledUpdate, Story, StoryContent


@dataclass(frozen=True, order=True)
class Transition:
    """A time at which a story changes for readers, and what changes, in words."""

    at: datetime
    what: str


def transitions_of(
    times: Story | StoryContent, *, is_public: bool, update: ScheduledUpdate | None = None
) -> list[Transition]:
    """Return the future transitions of a story with these times, the soonest first.

    `is_public` is whether readers see the story now; `update` is its scheduled update.
    """
    is_waiting = update and update.failed_at is None
    moments = [
        (None if is_public else times.publish_at, "Readers see the story"),
        (update.at if update and is_waiting else None, "The scheduled changes go live"),
        (times.unpublish_at, "The story is withdrawn"),
    ]
    now = timezone.now()
    return sorted(Transition(at, what) for at, what in moments if at and at > now)
