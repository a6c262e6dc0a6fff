"""Whether a worker runs: it says so in the shared cache."""

from threading import Event
from time import time

from django.core.cache import cache

from stories_project.background.beside import Beside

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


class Saying(Beside):
    """Says that a worker runs, in a thread of its own, as long as the block lasts."""

    def __init__(self) -> None:
        super().__init__(_say, "a worker runs")

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        cache.delete(KEY)


def _say(is_over: Event) -> None:
    while True:
        cache.set(KEY, time(), BELIEVED_FOR)
        if is_over.wait(SAY_EVERY):
            return
