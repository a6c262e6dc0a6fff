"""Health checks, for load balancers and for operators."""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from math import inf
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import monotonic, time

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.models import ScheduledUpdate
from stories_project.cache_headers import never_store
from stories_project.env import DATA_DIR

OVERDUE_AFTER = timedelta(minutes=1)
PROBE = "readyz"
# In seconds: shorter than the intervals of load balancers.
REMEMBERED = 2.0
CLOCK_TOLERANCE, JUMP_TOLD = 5.0, 60.0
LEAST_FREE, LEAST_FILES = 200 * 1024 * 1024, 1000
# SQLite refuses a change only when it is made; the cache and the storage tell then.
WRITABLE = {
    "postgresql": "SELECT NOT pg_is_in_recovery() "
    "AND current_setting('transaction_read_only') = 'off'",
    "sqlite": "SELECT 1",
}
SECONDS_OF = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "sqlite": "SELECT strftime('%s', 'now')",
}

log = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Run all checks, and answer {name: "ok" or "failed"}; the status is 200, or 503 if any failed.

    The reason for a failure is in the log, not in the response. Anybody may ask, so the checks run
    once in REMEMBERED seconds in each process, and one at a time. Who asks while they run gets what
    the last ones found: one that waits for a silent server must not take all threads with it.
    """
    outcomes = readiness.outcomes()
    is_ready = all(outcome == "ok" for outcome in outcomes.values())
    return never_store(JsonResponse(outcomes, status=200 if is_ready else 503))


class SteadyClock:
    """Notices when the clock of this machine was set, by comparing it with one that nobody sets."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Take the time as it is now for the right one."""
        self._offset = time() - monotonic()
        self._jumped_at = -inf

    def is_steady(self) -> bool:
        """Whether the clock was not set since the last question, nor in JUMP_TOLD before it."""
        offset = time() - monotonic()
        if abs(offset - self._offset) > CLOCK_TOLERANCE:
            self._offset, self._jumped_at = offset, monotonic()
        return monotonic() > self._jumped_at + JUMP_TOLD


steady_clock = SteadyClock()


class Readiness:
    """What the checks have found, for some seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Run the checks at the next question."""
        self._outcomes: dict[str, str] = {}
        self._checked_at = -inf
        steady_clock.begin()

    def outcomes(self) -> dict[str, str]:
        """Return {name of a check: "ok" or "failed"}."""
        if self._lock.acquire(blocking=not self._outcomes):
            try:
                if monotonic() >= self._checked_at + REMEMBERED:
                    self._outcomes = {name: _outcome(name, check) for name, check in CHECKS.items()}
                    self._checked_at = monotonic()
            finally:
                self._lock.release()
        return self._outcomes


readiness = Readiness()


def _outcome(name: str, check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failed"
    except Exception:
        log.exception("Not ready: %s", name)
        return "failed"


def database_answers() -> bool:
    """Whether the database answers, and takes changes."""
    with connection.cursor() as cursor:
        cursor.execute(WRITABLE[connection.vendor])
        return bool(cursor.fetchone()[0])


def cache_works() -> bool:
    """Whether the cache returns what was stored in it."""
    cache.set(PROBE, "here", timeout=60)
    return cache.get(PROBE) == "here"


def storage_works() -> bool:
    """Whether a file can be stored, read and deleted."""
    # Of its own: other machines may look at the same moment.
    name = default_storage.save(f"{PROBE}-{token_hex(8)}.txt", ContentFile(b"here"))
    try:
        with default_storage.open(name) as file:
            return file.read() == b"here"
    finally:
        default_storage.delete(name)


def disk_has_room() -> bool:
    """Whether LEAST_FREE bytes, and as many files as a day needs, fit on the disk of DATA_DIR."""
    disk = os.statvfs(data_folder())
    has_files = not disk.f_files or disk.f_favail > LEAST_FILES
    return disk.f_bavail * disk.f_frsize > LEAST_FREE and has_files


def data_folder() -> Path:
    """Return DATA_DIR, or the folder in which it will be made."""
    return next(path for path in (DATA_DIR, *DATA_DIR.parents) if path.exists())


def clocks_agree() -> bool:
    """Whether this machine has the time of the database, and has not changed it a moment ago."""
    with connection.cursor() as cursor:
        cursor.execute(SECONDS_OF[connection.vendor])
        seconds = float(cursor.fetchone()[0])
    return abs(seconds - time()) < CLOCK_TOLERANCE and steady_clock.is_steady()


def migrations_are_applied() -> bool:
    """Whether the database has all migrations of this release."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def nothing_is_overdue() -> bool:
    """Whether every scheduled update that is due went live, or is marked as failed."""
    due = timezone.now() - OVERDUE_AFTER
    return not ScheduledUpdate.objects.waiting().filter(at__lt=due).exists()


CHECKS = {
    "database": database_answers,
    "disk": disk_has_room,
    "clock": clocks_agree,
    "cache": cache_works,
    "storage": storage_works,
    "migrations": migrations_are_applied,
    "schedule": nothing_is_overdue,
}
