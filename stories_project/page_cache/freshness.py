"""Keeps the pages of a process fresh: it reads the change log, and knows the next transition."""

import logging
from datetime import UTC, datetime
from math import inf
from threading import Lock
from time import monotonic, time
from typing import NamedTuple, Protocol

from django.db import DatabaseError

from stories_project.page_cache.change_log import KEPT, Reader, forget_everything, is_followed
from stories_project.page_cache.connections import connection_given_back, take_working_connection
from stories_project.page_cache.page_store import PageStore
from stories_project.page_cache.shared_mark import shared_mark
from stories_project.page_cache.surrogate_keys import EVERYTHING

# All in seconds.
READ_EVERY = 0.25
# What was right so long ago may be shown while the log is read.
RECENT = 2 * READ_EVERY
# While the database does not answer, pages are served as they are, and it is asked this often.
RETRY_EVERY = 1.0
LONGEST_WAIT = 0.5
# A clock that was set back by more than this makes every page doubtful.
CLOCK_TOLERANCE = 1.0

log = logging.getLogger(__name__)


class Passed(NamedTuple):
    """The surrogate keys of what has changed by itself, and when something will change next."""

    keys: set[str]
    next_at: datetime | None


class Schedule(Protocol):
    """What changes for readers without anybody acting."""

    def __call__(self, after: datetime, now: datetime) -> Passed:
        """Do what is due, and return what has Passed later than `after`, until `now`."""


class Freshness:
    """Drops the pages of a store that are not right any more.

    Before a caller uses a page, it calls `catch_up` if `time.monotonic` has come to `read_at`, or
    `time.time` to `transition_at`, or if `mark` has another number than `seen_mark`.
    """

    def __init__(self, store: PageStore, schedule: Schedule) -> None:
        self.read_at = 0.0
        self.transition_at = inf
        # Whether the log has been read: before, no page may be kept.
        self.is_ready = False
        self.mark = shared_mark()
        self.seen_mark = b""
        self._store = store
        self._schedule = schedule
        self._reader = Reader()
        self._catching_up = Lock()
        self._handled_until = 0.0
        self._recent_until = -inf
        # When the log was last read, as a POSIX timestamp.
        self.succeeded_at = 0.0

    def hurry(self) -> None:
        """Read the log before the next page is used: somebody has told us of a change."""
        self.read_at = 0.0

    def catch_up(self) -> None:
        """Drop what has changed. If the database does not answer, leave the pages as they are."""
        if not self._catching_up.acquire(timeout=LONGEST_WAIT):
            # The database hangs in another thread: do not wait for it in this one again.
            self.read_at = monotonic() + RETRY_EVERY
            return
        try:
            if self._is_due():
                self._catch_up()
        finally:
            self._catching_up.release()

    def _is_due(self) -> bool:
        is_marked = self.mark.read() != self.seen_mark
        return is_marked or monotonic() >= self.read_at or time() >= self.transition_at

    def _catch_up(self) -> None:
        mark, begun = self.mark.read(), monotonic()
        if is_recent := begun < self._recent_until:
            # Meanwhile the other threads use the pages, which were right a moment ago. If this
            # process was stopped for longer, they wait.
            self._look_again(mark, begun + READ_EVERY)
        try:
            with connection_given_back():
                take_working_connection()
                self._notice_clock()
                self._handle_transitions()
                # An update that has just become known, and is due, writes to the log itself.
                while self._read_log():
                    self._handle_transitions(is_schedule_new=True)
            self.is_ready = True
            is_followed.set()
            self._recent_until = begun + RECENT
            if not is_recent:
                self._look_again(mark, begun + READ_EVERY)
        except DatabaseError:
            log.exception("Could not read the change log: the kept pages stay as they are")
            self._look_again(mark, monotonic() + RETRY_EVERY)
            if self.transition_at <= time():
                self.transition_at = time() + RETRY_EVERY

    def _look_again(self, mark: bytes, at: float) -> None:
        """Let the pages be used until `at` (`time.monotonic`), or until there is another mark."""
        self.seen_mark, self.read_at = mark, at

    def _notice_clock(self) -> None:
        """Forget everything after a clock was set back, or if the log was not read for too long."""
        now = time()
        is_back = now < self._handled_until - CLOCK_TOLERANCE
        is_late = now > self.succeeded_at + KEPT.total_seconds() / 2
        if self.is_ready and (is_back or is_late):
            self._store.clear()
            self._handled_until = now
            self.transition_at = 0.0

    def _read_log(self) -> bool:
        """Drop the pages that changed; return whether anything did."""
        keys = self._reader.read()
        self.succeeded_at = time()
        if keys is None or EVERYTHING in keys:
            # First: a page that begins to be rendered after the store is cleared may be kept.
            forget_everything()
            self._store.clear()
        elif keys:
            self._store.drop(keys)
        return keys is None or bool(keys)

    def _handle_transitions(self, is_schedule_new: bool = False) -> None:
        now = time()
        if now < self.transition_at and not is_schedule_new:
            return
        after = self._handled_until or now
        passed = self._schedule(_aware(after), _aware(now))
        self._store.drop(passed.keys)
        self._handled_until = now
        self.transition_at = passed.next_at.timestamp() if passed.next_at else inf


def _aware(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
