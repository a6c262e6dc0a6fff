"""Tells the services outside what is due: at least once each, whoever is killed meanwhile.

A process claims deliveries for a while, tells their keys in as few calls as possible, and deletes
them. What has failed is tried again, later each time. A purge is never given up.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from stories_project.page_cache import networks
from stories_project.page_cache.models import Delivery
from stories_project.page_cache.posting import NotDelivered
from stories_project.page_cache.surrogate_keys import EVERYTHING

CLAIM, BATCH = timedelta(seconds=30), 200
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=10)
PINGS_END_AFTER = timedelta(days=1)
# A network may fetch a page just after a purge from a process that has not read the change log yet
# (250 ms), or get an answer that was begun before. So each purge is repeated once.
REPEAT_AFTER = timedelta(seconds=5)
OUR_OWN_ERROR = "An error on our side: the log of the server has it."

Tell = Callable[[set[str]], None]
Target = Delivery.Target

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claimed:
    """Deliveries to one target that nobody else delivers until a moment."""

    rows: list[Delivery]
    until: datetime

    @property
    def keys(self) -> set[str]:
        """The keys of all of them."""
        return {key for row in self.rows for key in row.keys.split()}

    @property
    def mine(self) -> QuerySet[Delivery]:
        """The rows, without those that another process has claimed since it became too late."""
        return Delivery.objects.filter(
            pk__in=[row.pk for row in self.rows], claimed_until=self.until
        )


def deliver_due() -> None:
    """Deliver everything that is due now. After a failure, leave a target alone for this time."""
    for target, tell in _recipients().items():
        while claimed := claim(target, timezone.now()):
            if not deliver(claimed, tell):
                break


def claim(target: str, now: datetime, most: int = BATCH) -> Claimed | None:
    """Claim deliveries that are due, so that no other process delivers them; None without any.

    SQLite has one writer at a time, so nobody else claims the rows between the two statements.
    """
    due = Delivery.objects.due(target, now)
    if not due.exists():
        return None
    claimed_until = now + CLAIM
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:most])
        keys = [row.pk for row in rows]
        Delivery.objects.filter(pk__in=keys).update(claimed_until=claimed_until)
    return Claimed(rows, claimed_until) if rows else None


def deliver(claimed: Claimed, tell: Tell) -> bool:
    """Tell the keys of claimed deliveries; return whether that succeeded."""
    try:
        tell(claimed.keys)
    except NotDelivered as failure:
        log.warning("%s", failure)
        _retry(claimed, str(failure))
        return False
    except Exception:
        log.exception("Could not deliver")
        _retry(claimed, OUR_OWN_ERROR)
        return False
    _settle(claimed)
    return True


def _settle(claimed: Claimed) -> None:
    """Delete what has been told, and plan to repeat each purge."""
    now = timezone.now()
    to_repeat = claimed.mine.filter(target=Target.PURGE, purged_at=None)
    with transaction.atomic():
        claimed.mine.exclude(pk__in=to_repeat.values("pk")).delete()
        to_repeat.update(
            purged_at=now,
            due_at=now + REPEAT_AFTER,
            claimed_until=None,
            attempts=0,
            failure="",
            subject="",
        )


def _retry(claimed: Claimed, failure: str) -> None:
    """Store the failure and when to try again; give up pings that are too old."""
    now = timezone.now()
    with transaction.atomic():
        old = claimed.mine.exclude(target=Target.PURGE)
        old.filter(first_due_at__lt=now - PINGS_END_AFTER).delete()
        for attempts in {row.attempts for row in claimed.rows}:
            claimed.mine.filter(attempts=attempts).update(
                attempts=attempts + 1,
                failure=failure,
                tried_at=now,
                due_at=now + delay_after(attempts),
                claimed_until=None,
            )


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after a failure that `attempts` others came before."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempts, 20))


def _recipients() -> dict[str, Tell]:
    pings = {target: import_string(path) for target, path in settings.PINGS.items()}
    return {**({Target.PURGE: _purge} if settings.NETWORK else {}), **pings}


def _purge(keys: set[str]) -> None:
    network = networks.network()
    if network:
        for part in _parts({EVERYTHING} if EVERYTHING in keys else keys, network.keys_a_call):
            network.purge(part)


def _parts(keys: set[str], size: int) -> Iterator[list[str]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
