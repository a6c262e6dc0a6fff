"""What the worker could not do: to be tried again, or to be forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

SHOWN = 50
# E-mails hold addresses and links for one person.
FAILED_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Failure:
    """A piece of work that has failed: its key, what and for whom, when, and the last words."""

    key: str
    what: str
    at: datetime | None
    reason: str


def failures() -> list[Failure]:
    """Return what has failed, the newest first."""
    rows = failed().order_by("-finished_at")[:SHOWN]
    return [Failure(str(row.pk), _what(row), row.finished_at, _reason(row)) for row in rows]


def failed() -> QuerySet[DBTaskResult]:
    """Return the rows of what has failed."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.FAILED)


def try_again(key: str) -> bool:
    """Let the worker do it again; return whether there was such a failure."""
    return bool(
        failed()
        .filter(pk=key)
        .update(
            status=TaskResultStatus.READY,
            run_after=timezone.now(),
            started_at=None,
            finished_at=None,
            exception_class_path="",
            traceback="",
        )
    )


def forget(key: str) -> bool:
    """Delete a failure; return whether there was one."""
    return bool(failed().filter(pk=key).delete()[0])


def forget_what_is_done(now: datetime) -> int:
    """Delete what has succeeded, and what failed long ago; return how many rows."""
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    old = failed().filter(finished_at__lt=now - FAILED_KEPT)
    return done.delete()[0] + old.delete()[0]


def forget_success(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Receiver of `task_finished`: delete the row, since it holds what was in the e-mail."""
    if task_result.status == TaskResultStatus.SUCCESSFUL:
        DBTaskResult.objects.filter(pk=task_result.id).delete()


def _what(row: DBTaskResult) -> str:
    arguments = row.args_kwargs["args"]
    if row.task_path.endswith("background.email.send"):
        values = {"subject": arguments[0]["subject"], "to": ", ".join(arguments[0]["to"])}
        return _("E-mail “%(subject)s” to %(to)s") % values
    return str(row.task_name)


def _reason(row: DBTaskResult) -> str:
    return (row.traceback.strip().splitlines() or [row.exception_class_path])[-1]
