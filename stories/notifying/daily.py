"""A thread of the worker that sends the daily letters when their hour has come."""

import logging
from threading import Event

from django.db import close_old_connections, connection
from django.utils import timezone

from stories.notifying.digests import send_digests
from stories_project.background.beside import Beside

# In seconds.
CHECK_EVERY = 60.0

log = logging.getLogger(__name__)


class Daily(Beside):
    """Sends what is due, in a thread of its own, as long as the block lasts."""

    def __init__(self) -> None:
        super().__init__(_send_each_day, "daily letters")


def _send_each_day(is_over: Event) -> None:
    while not is_over.wait(CHECK_EVERY):
        close_old_connections()
        try:
            send_digests(timezone.now())
        except Exception:
            # The database may be away. The letters are due in a minute too.
            log.exception("The daily letters were not sent")
    connection.close()
