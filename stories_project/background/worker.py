"""Whether a worker runs: it says so in the shared cache."""

from threading import Event, Thread
from time import time

from django.core.cache import cache

KEY = "background.worker"
# In seconds.
SAY_EVERY, BELIEVED_FOR = 5.0, 20.0


def is_running() -> bool:
    """Whether some worker was there a moment ago. If the cache is away, nobody knows: no."""
    try:
        said_at = cache.get(KEY)
    except Exception:  # Caches raise errors of any type.
        return False
    return said_at is not None and time() - said_at < BELIEVED_FOR


class Saying:
    """Says that a worker runs, in a thread of its own, as long as the block lasts."""

    def __init__(self) -> None:
        self._is_over = Event()
        self._thread = Thread(target=self._say, name="a worker runs", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self._thread.join()
        cache.delete(KEY)

    def _say(self) -> None:
        while True:
            cache.set(KEY, time(), BELIEVED_FOR)
            if self._is_over.wait(SAY_EVERY):
                return
