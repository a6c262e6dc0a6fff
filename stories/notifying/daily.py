"""A thread of the worker that sends the daily letters when their hour has come."""

import logging
from threading import Event, Thread

from django.db import close_old_connections, connection
from django.utils import timezone

from stories.notifying.digests import send_digests

# In seconds.
CHECK_EVERY = 60.0

log = logging.getLogger(__name__)


class Daily:
    """Sends what is due, in a thread of its own, as long as the block lasts."""

    def __init__(self) -> None:
        self._is_over = Event()
        self._thread = Thread(target=self._run, name="daily letters", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(CHECK_EVERY):
            close_old_connections()
            try:
                send_digests(timezone.now())
            except Exception:
                # The database may be away. The letters are due in a minute too.
                log.exception("The daily letters were not sent")
        connection.close()
