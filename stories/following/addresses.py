"""Addresses as personal data: which came back, and which are to be erased."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.utils import timezone

from stories.models import Follower
from stories.models.follower import FollowerQuerySet, folded_address
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.batches import batches


def note_bounces(addresses: Iterable[str], by: User | str | None = None) -> int:
    """Send nothing more to these addresses, from which e-mail came back; return how many."""
    count = 0
    for followers in _with(addresses):
        paused = followers.filter(paused_at=None)
        count += paused.update(paused_at=timezone.now())
    record(AuditEntry.Kind.STORY, f"paused followers whose e-mail came back: {count}", by=by)
    return count


def erase(addresses: Iterable[str], by: User | str | None = None) -> int:
    """Delete the followers with these addresses, and all that belongs to them; return how many."""
    count = 0
    for followers in _with(addresses):
        for follower in followers:
            follower.leave()
            count += 1
    record(AuditEntry.Kind.PURGE, f"erased followers: {count}", by=by)
    return count


def _with(addresses: Iterable[str]) -> Iterator[FollowerQuerySet]:
    folded = sorted({folded_address(address) for address in addresses})
    for some in batches(folded):
        yield Follower.objects.filter(folded_address__in=some)
