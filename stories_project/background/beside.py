from collections.abc import Callable
from threading import Event, Thread


class Beside:
    """Runs a function in a thread as long as a block lasts.

    The function gets an Event, and returns soon after that is set.
    """

    def __init__(self, run: Callable[[Event], None], name: str) -> None:
        self._is_over = Event()
        self._thread = Thread(target=run, args=[self._is_over], name=name, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self._thread.join()
