"""What may be on a page at a moment, whatever breaks. Pure functions, tested by `test_judge.py`.

Each edit of a story is a number in its title: "Story 3 edit 17". All times are POSIX timestamps.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

SHOWN = re.compile(r"Story (\d+) edit (\d+)")
# How long a page may show what was before, and a story that is due may be missing.
LATEST = 1.0
# After the database is back, processes ask it again within this time.
RETRY = 2.0


@dataclass
class Edits:
    """The edits of one story: when each was first sent, and when it was confirmed."""

    sent: list[float] = field(default_factory=list)
    confirmed: dict[int, float] = field(default_factory=dict)

    def newest_sent(self, moment):
        """The highest number that had been sent by a moment."""
        return bisect_right(self.sent, moment)

    def newest_confirmed(self, moment):
        """The highest number that had been confirmed by a moment."""
        confirmed = list(self.confirmed.items())  # another thread adds to it
        return max((n for n, at in confirmed if at <= moment), default=0)


@dataclass(frozen=True)
class Answer:
    """What a reader got: `status` is a number, or the name of an error."""

    path: str
    asked_at: float
    answered_at: float
    status: object
    page: str = ""


def usable_until(moment, outages):
    """Return the latest moment whose changes must be on a page that is asked for at `moment`.

    It is LATEST before; while the database was away, and until RETRY after, time did not count.
    """
    left, at = LATEST, moment
    for begin, end in sorted(outages, reverse=True):
        end += RETRY
        if end <= begin or begin >= at:
            continue
        free = max(0.0, at - max(end, at - left))
        if at > end:
            if free >= left:
                break
            left -= at - end
        at = begin
    return at - left


def faults_of(answer, stories, outages):
    """Return sentences about what an answer shows and must not, or does not show and must."""
    found = []
    known = usable_until(answer.asked_at, outages)
    for key, number in {(int(k), int(n)) for k, n in SHOWN.findall(answer.page)}:
        edits = stories.get(key, Edits())
        if number < edits.newest_confirmed(known):
            found.append(f"{answer.path} shows edit {number} of story {key}, {late(answer, edits)}")
        if number > edits.newest_sent(answer.answered_at):
            found.append(f"{answer.path} shows edit {number} of story {key}, which nobody has sent")
    return found


def late(answer, edits):
    """Say how late an answer is."""
    newest = edits.newest_confirmed(answer.asked_at)
    ago = answer.asked_at - edits.confirmed[newest]
    return f"although {newest} was confirmed {ago:.2f} s before it was asked for"


def faults_of_schedule(answer, due_at, outages):
    """Return sentences about the page of a story that is due at a moment."""
    is_shown = answer.status == 200
    if is_shown and answer.answered_at < due_at:
        return [f"{answer.path} was public {due_at - answer.answered_at:.2f} s too early"]
    is_absent = answer.status in (404, 410)
    if is_absent and usable_until(answer.asked_at, outages) > due_at:
        return [f"{answer.path} was missing {answer.asked_at - due_at:.2f} s after it was due"]
    return []


def lost(stories, stored):
    """Return (story, number) of each confirmed edit that is not among the stored {story: numbers}."""
    return [
        (key, number)
        for key, edits in stories.items()
        for number in edits.confirmed
        if number not in stored.get(key, ())
    ]
