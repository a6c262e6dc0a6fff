"""The outbox: what services outside must be told, stored in the transaction that changes it.

`delivering.py` tells them. Without a network and without pings in the settings, nothing is stored.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.conf import settings
from django.utils import timezone

from stories_project.page_cache.models import Delivery
from stories_project.page_cache.surrogate_keys import with_kinds

Target = Delivery.Target
NO_EVENTS: Mapping[datetime, str] = MappingProxyType({})


def targets() -> list[str]:
    """Return the targets that the settings ask for."""
    return [*([Target.PURGE] if settings.NETWORK else []), *settings.PINGS]


def purge(keys: Iterable[str]) -> None:
    """Let the content delivery network forget the pages with these keys after the commit."""
    if settings.NETWORK:
        now = timezone.now()
        Delivery.objects.bulk_create([_delivery(Target.PURGE, keys, now)])


def ping(keys: Iterable[str], event: str | None = None) -> None:
    """Tell search engines and feed readers after the commit what has changed for readers.

    `event` is a further key, which only webhooks are told.
    """
    keys, now = set(keys), timezone.now()
    if keys and settings.PINGS:
        Delivery.objects.bulk_create(
            _delivery(target, keys | _event_for(target, event), now) for target in settings.PINGS
        )


def plan(
    subject: str,
    changes: Mapping[datetime, set[str]],
    events: Mapping[datetime, str] = NO_EVENTS,
) -> None:
    """Replace what is planned for a subject such as "story-12".

    `changes` are the keys of what will change, by the time at which it will; `events` are further
    keys, which only webhooks are told.
    """
    wanted = targets()
    if wanted:
        Delivery.objects.planned(subject, timezone.now()).delete()
        Delivery.objects.bulk_create(
            _delivery(target, with_kinds(keys) | _event_for(target, events.get(at)), at, subject)
            for at, keys in changes.items()
            for target in wanted
        )


def receiver(number: int) -> str:
    """Return the target of what is for a single receiver, who has a number."""
    return f"hook-{number}"


def send(number: int, key: str, at: datetime) -> None:
    """Send something to a single receiver from a moment on; what waits under this key is replaced.

    `settings.SEND_MESSAGES` is called for it.
    """
    target = receiver(number)
    Delivery.objects.filter(target=target, keys=key).delete()
    Delivery.objects.bulk_create([_delivery(target, [key], at)])


def try_again() -> int:
    """Make everything due that has failed, and return how much that is."""
    return Delivery.objects.failing().update(due_at=timezone.now())


def _event_for(target: str, event: str | None) -> set[str]:
    return {event} if event and target == Target.WEBHOOK else set()


def _delivery(target: str, keys: Iterable[str], at: datetime, subject: str = "") -> Delivery:
    line = " ".join(sorted(keys))
    return Delivery(target=target, keys=line, subject=subject, first_due_at=at, due_at=at)
