"""Keep the last few results of a costly function: one save asks several times for the same text."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """The results for the last `size` keys. They are shared by all threads, so never change one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._values: dict[Hashable, Value] = {}
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the kept result for a key, or compute and keep it."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        value = compute()
        self.keep(key, value)
        return value

    def keep(self, key: Hashable, value: Value) -> None:
        """Keep a result, in place of the oldest one."""
        with self._lock:
            self._values[key] = value
            while len(self._values) > self.size:
                del self._values[next(iter(self._values))]
