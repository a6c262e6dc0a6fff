"""The thread of each server process that delivers."""

import logging
from threading import Event, Lock, Thread
from time import monotonic, time

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from stories_project.page_cache.change_log import listen
from stories_project.page_cache.connections import connection_given_back
from stories_project.page_cache.delivering import deliver_due
from stories_project.page_cache.freshness import Freshness
from stories_project.page_cache.models import Delivery
from stories_project.page_cache.page_store import PageStore

# In seconds: how often the outbox is read, and how often the marks that say that there is something
# new in it.
READ_EVERY, LOOK_EVERY = 1.0, 0.1

log = logging.getLogger(__name__)


class DeliveryWorker:
    """Delivers what is due: at once after a change on this machine, within a second otherwise.

    It keeps `freshness` up to date, so that due updates are applied, and their purges sent, even if
    a content delivery network leaves this process without requests.
    """

    def __init__(self, freshness: Freshness) -> None:
        self._freshness = freshness
        self._woken = Event()
        self._seen_mark = b""
        self._thread: Thread | None = None
        self._sending: Thread | None = None
        self._lock = Lock()
        listen(self.wake)

    def start(self) -> None:
        """Deliver in a thread, until the process ends."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self.run, name="deliveries", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Read the outbox now: somebody has told us of a change."""
        self._woken.set()

    def run(self) -> None:
        """Deliver for ever."""
        while True:
            self.deliver_once()
            self._send_messages()
            self._wait()

    def deliver_once(self) -> None:
        """Deliver everything that is due now."""
        self._woken.clear()
        self._seen_mark = self._freshness.mark.read()
        try:
            with connection_given_back():
                self._freshness.catch_up()
                deliver_due()
        except Exception:
            log.exception("Could not read what is to be delivered")

    def _send_messages(self) -> None:
        """Send what waits for single receivers, in a thread that lasts as long as there is any.

        A receiver that is slow holds up no purge.
        """
        if self._sending is not None and self._sending.is_alive():
            return
        try:
            with connection_given_back():
                now = timezone.now()
                has_work = Delivery.objects.for_receivers().filter(due_at__lte=now).exists()
        except DatabaseError:
            log.exception("Could not read what waits for webhooks")
            return
        if has_work:
            self._sending = Thread(target=send_messages, name="messages", daemon=True)
            self._sending.start()

    def _wait(self) -> None:
        end = monotonic() + READ_EVERY
        while monotonic() < end and not self._woken.wait(LOOK_EVERY):
            is_marked = self._freshness.mark.read() != self._seen_mark
            if is_marked or time() >= self._freshness.transition_at:
                break


def send_messages() -> None:
    """Send what waits for single receivers, and leave no connection to the database behind."""
    try:
        import_string(settings.SEND_MESSAGES)()
    except Exception:
        log.exception("Could not send what waits for webhooks")
    finally:
        if not connection.in_atomic_block:
            connection.close()


def worker_without_pages() -> DeliveryWorker:
    """Return a worker for a process that keeps no pages."""
    return DeliveryWorker(Freshness(PageStore(0), import_string(settings.PAGE_CACHE_SCHEDULE)))
