"""Rows in batches: SQLite allows only so many parameters in one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

BATCH = 5000
T = TypeVar("T")


def batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the rows, at most BATCH at a time."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
