"""Whether letters are late: no worker runs, the mail server fails, or the limit is too low."""

from datetime import datetime, timedelta
from typing import NamedTuple

from stories.models import Follower, Letter, Sending, Story
from stories.models.letter import SENT_FOR

# A worker looks every second.
NOTICED_AFTER = timedelta(minutes=10)
# Not all can be sent at once.
LATE_AFTER = timedelta(hours=2)


class Lag(NamedTuple):
    """A letter that is late, if it is known by now, and the failure of the mail server."""

    letter: Letter | None
    trouble: str


def how_late(now: datetime) -> Lag | None:
    """Return what is late, or None; at most four queries."""
    for letter in Letter.objects.open().select_related("story")[:1]:
        if letter.trouble:
            return Lag(letter, letter.trouble)
    waiting = Sending.objects.sendable(now)
    # Nothing was claimed of what is due.
    idle = waiting.filter(due_at__lt=now - NOTICED_AFTER)
    is_idle = not Sending.objects.filter(claimed_at__gt=now - NOTICED_AFTER).exists()
    late = idle if is_idle else waiting.filter(due_at__lt=now - LATE_AFTER)
    if sending := late.select_related("letter__story").first():
        return Lag(sending.letter, "")
    return Lag(None, "") if _is_unplanned(now) else None


def _is_unplanned(now: datetime) -> bool:
    """Whether a story is public for some minutes, and nobody has made its letter."""
    published = Story.objects.published(now).filter(
        publish_at__gt=now - SENT_FOR, publish_at__lt=now - NOTICED_AFTER, letter=None
    )
    return published.exists() and Follower.objects.exists()
