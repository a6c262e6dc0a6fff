"""Processes that prepare what comes next, while the import stores one story after the other.

This module imports no models: a new process loads it before Django is set up.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from time import sleep
from types import TracebackType
from typing import Self, TypeVar

import django

Item = TypeVar("Item")
Result = TypeVar("Result")
# Results that may wait for each process: enough to keep it busy, few enough for the memory.
AHEAD = 4


class WorkerDied(Exception):
    """A process ended without a result, for instance because the memory was full."""


class Workers:
    """A number of processes; as a context manager, it ends them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pool = ProcessPoolExecutor(count, initializer=_start)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType
    ) -> None:
        self.pool.shutdown(cancel_futures=True)

    def in_order(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with the result of the function, in the order of the items.

        Raises WorkerDied if one of the processes ends.
        """
        waiting: deque[tuple[Item, Future[Result]]] = deque()
        try:
            for item in items:
                waiting.append((item, self.pool.submit(function, item)))
                if len(waiting) > self.count * AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            for first, future in waiting:
                yield first, future.result()
        except BrokenProcessPool as error:
            raise WorkerDied from error


def _start() -> None:
    """Set up a process: Ctrl-C is for the import, and nobody outlives it."""
    django.setup()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_import, daemon=True).start()


def _end_with_the_import() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)
