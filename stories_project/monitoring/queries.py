"""Slow queries are named in the log: which code asked, and for how long."""

import logging
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from stories_project.env import BASE_DIR
from stories_project.monitoring.metrics import SLOW_QUERIES

OURS, NOT_OURS = f"{BASE_DIR}/", ("/.venv/", "/monitoring/")
LONGEST_SQL = 500

log = logging.getLogger(__name__)


def watch_queries() -> None:
    """Measure the queries of every connection that is made from now on."""
    connection_created.connect(_watch, dispatch_uid="slow queries")


def _watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if settings.SLOW_QUERY_SECONDS and measured not in connection.execute_wrappers:
        connection.execute_wrappers.append(measured)


def measured(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a query; log its SQL without its values if it was slow."""
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = perf_counter() - began
        if seconds >= settings.SLOW_QUERY_SECONDS:
            SLOW_QUERIES.inc()
            log.warning(
                "Slow query of %s: %.0f ms",
                caller := _caller(),
                seconds * 1000,
                extra={"query_ms": round(seconds * 1000), "code": caller, "sql": sql[:LONGEST_SQL]},
            )


def _caller() -> str:
    """Return the place in our own code that asked, such as "stories/views/story.py:27 show"."""
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        path = frame.f_code.co_filename
        if path.startswith(OURS) and not any(part in path for part in NOT_OURS):
            return f"{path.removeprefix(OURS)}:{frame.f_lineno} {frame.f_code.co_name}"
    return "unknown code"
