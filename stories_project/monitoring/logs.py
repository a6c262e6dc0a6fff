"""Logs as lines of JSON, each with the request that it belongs to."""

import logging
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# What makes the lines of one request findable; empty outside of requests.
request_id: ContextVar[str] = ContextVar("the id of the request", default="")
FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAMES = {"asctime": "at", "levelname": "level", "name": "logger"}


def add_request_id(record: logging.LogRecord) -> bool:
    """Filter of a handler: name the request in the record, and keep the record."""
    record.request_id = request_id.get()
    return True


def configuration(*, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: warnings, sign-ins and, as JSON, one line for each request."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": lambda: add_request_id}},
        "formatters": {
            "text": {"format": "%(message)s"},
            "json": {"()": JsonFormatter, "fmt": FIELDS, "rename_fields": NAMES},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "text",
                "filters": ["request"],
            }
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "stories_project.accounts": {"level": "INFO"},
            "stories_project.requests": {"level": "INFO" if as_json else "WARNING"},
        },
    }
