"""The change log: what readers see changes, by surrogate keys, in the order of the commits.

A change is recorded in the transaction that makes it. Every process reads the log, and drops the
pages that show what has changed.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from threading import Event

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from stories_project.page_cache import deliveries
from stories_project.page_cache.announcing import announcer
from stories_project.page_cache.models import Change
from stories_project.page_cache.shared_mark import shared_mark
from stories_project.page_cache.surrogate_keys import EVERYTHING, with_kinds

# A process that has not read the log for so long drops all of its pages.
KEPT = timedelta(days=1)
CLEAN_EVERY = 100

log = logging.getLogger(__name__)
_listeners: list[Callable[[], None]] = []
_rememberers: list[Callable[[], None]] = []
# Whether this process reads the log all the time.
is_followed = Event()


def record(*keys: str) -> None:
    """Record that what these keys stand for changes for readers when the transaction commits."""
    if keys:
        every = with_kinds(keys)
        change = Change.objects.create(keys=" ".join(sorted(every)))
        deliveries.purge(every)
        transaction.on_commit(lambda: _tell(change.pk, EVERYTHING in every))


def listen(listener: Callable[[], None]) -> None:
    """Call a function after each change that this process commits."""
    _listeners.append(listener)


def on_everything(forget: Callable[[], None]) -> None:
    """Call a function after each change of everything, whatever process has made it."""
    _rememberers.append(forget)


def forget_everything() -> None:
    """Let all forget what they have remembered: everything has changed."""
    for forget in _rememberers:
        forget()


def _tell(pk: int, everything: bool) -> None:
    if everything:
        forget_everything()
    for listener in _listeners:
        listener()
    shared_mark().change()
    if (everybody := announcer()) is not None:
        everybody.announce()
    if pk % CLEAN_EVERY == 0:
        try:
            Change.objects.filter(at__lt=timezone.now() - KEPT).delete()
        except DatabaseError:
            log.exception("Could not remove old changes from the log")


class Reader:
    """Reads the changes that were committed since the last time, each of them once.

    On SQLite, one transaction writes at a time, so the primary keys are in the order of the
    commits. On PostgreSQL a transaction may commit after one with a higher primary key. So the
    reader goes back to the oldest transaction that was still running when it last read (the xmin
    of a snapshot, https://www.postgresql.org/docs/current/functions-info.html), and skips the
    changes that it has seen.
    """

    def __init__(self, state: tuple[int | None, list[int]] = (None, [])) -> None:
        self._position: int | None = state[0]
        self._seen: set[int] = set(state[1])

    @property
    def state(self) -> tuple[int | None, list[int]]:
        """What has been read, safe as JSON: a later process goes on from there."""
        return self._position, sorted(self._seen)

    def read(self) -> set[str] | None:
        """Return the keys of the new changes; None if everything may have changed.

        None is the answer of the first time, and after the database was replaced by an older one.
        """
        read = self._read_postgresql if connection.vendor == "postgresql" else self._read_sqlite
        return read()

    def _read_sqlite(self) -> set[str] | None:
        start, rows = self._position, list[tuple[int, str]]()
        with connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(id), 0) FROM page_cache_change")
            self._position = cursor.fetchone()[0]
            if start is not None and self._position > start:
                cursor.execute(
                    "SELECT id, keys FROM page_cache_change WHERE id > %s AND id <= %s",
                    [start, self._position],
                )
                rows = cursor.fetchall()
        if start is None or 0 < self._position < start:
            return None
        self._position = max(start, self._position)
        return _keys_in(keys for _, keys in rows)

    def _read_postgresql(self) -> set[str] | None:
        start, seen = self._position, self._seen
        with connection.cursor() as cursor:
            cursor.execute(POSTGRESQL, [start])
            rows = cursor.fetchall()
        self._position = rows[0][0]
        self._seen = {pk for _, pk, number, _ in rows if pk and number >= self._position}
        if start is None or self._position < start:
            return None
        return _keys_in(keys for _, pk, _, keys in rows if pk and pk not in seen)


POSTGRESQL = """
SELECT snapshot.xmin, change.id, change.transaction, change.keys
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) AS snapshot
  LEFT JOIN page_cache_change AS change
    ON change.transaction >= COALESCE(%s, snapshot.xmin)
"""


def _keys_in(lines: Iterable[str]) -> set[str]:
    return {key for line in lines for key in line.split()}
