"""Cursors: where the next page of a list begins, as an opaque word.

A cursor holds the place of the last row shown, so that no row is skipped or shown twice when others
are added before it, and each page costs the same.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from stories.api.problems import BadCursor

LONGEST = 900
LARGEST_KEY = 2**63 - 1

Value = TypeVar("Value")


def cursor_of(value: str, key: int) -> str:
    """Return the cursor of the row with a value to sort by, and a primary key."""
    line = json.dumps([value, key], ensure_ascii=False)
    return urlsafe_b64encode(line.encode()).decode().rstrip("=")


def place_at(cursor: str, read: Callable[[str], Value]) -> tuple[Value, int] | None:
    """Return the (value, primary key) of a cursor, or None for an empty one.

    `read` makes the value from its text, or raises ValueError. Raises BadCursor.
    """
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        value, key = json.loads(urlsafe_b64decode(padded))
        if type(value) is not str or type(key) is not int or not 0 <= key <= LARGEST_KEY:
            raise BadCursor
        return read(value), key
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadCursor from error


def moment(text: str) -> datetime:
    """Return the moment of a text such as "2026-01-31T12:00:00+00:00". Raises ValueError."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("A moment needs a time zone")
    return read.astimezone(UTC)


def name(text: str) -> str:
    """Return a folded name that a database can compare with. Raises ValueError."""
    if "\0" in text:
        raise ValueError("PostgreSQL knows no null character")
    text.encode()
    return text
