"""Tells every process at once, through Redis, that there is something new in the change log.

Redis only makes it faster: every process reads the log four times a second anyway.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from threading import Thread
from time import monotonic, sleep

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

# In seconds.
LONGEST_WAIT = 0.25
RETRY_EVERY = 5.0
RECONNECT_EVERY = 0.5
CHECK_EVERY = 10

log = logging.getLogger(__name__)


class Announcer:
    """Announces changes on a channel of Redis, and hears those of other processes."""

    def __init__(self, url: str, channel: str) -> None:
        self.channel = channel
        self._url = url
        self._client = Redis.from_url(
            url,
            socket_timeout=LONGEST_WAIT,
            socket_connect_timeout=LONGEST_WAIT,
            retry=Retry(NoBackoff(), 1),
        )
        self._retry_at = 0.0

    def announce(self) -> None:
        """Tell the other processes. If Redis does not answer, it is left alone for a while."""
        if monotonic() < self._retry_at:
            return
        try:
            self._client.publish(self.channel, "")
        except RedisError as error:
            log.warning("Redis did not take an announcement: %s", error)
            self._retry_at = monotonic() + RETRY_EVERY

    def start_listening(self, heard: Callable[[], None]) -> None:
        """Call `heard` in a thread after each announcement."""
        Thread(target=self._listen, args=[heard], name="announcements", daemon=True).start()

    def _listen(self, heard: Callable[[], None]) -> None:
        while True:
            try:
                self._hear(heard)
            except RedisError as error:
                log.info("Listening to Redis again in a moment: %s", error)
            sleep(RECONNECT_EVERY)

    def _hear(self, heard: Callable[[], None]) -> None:
        """Wait for announcements until the connection breaks."""
        client = Redis.from_url(self._url, health_check_interval=CHECK_EVERY)
        with client.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(self.channel)
            heard()
            while True:
                # Redis is asked for a sign of life between the messages.
                if subscription.get_message(timeout=CHECK_EVERY) is not None:
                    heard()


@lru_cache(maxsize=1)
def announcer() -> Announcer | None:
    """Return the Announcer of this site, or None if its cache is not Redis."""
    cache = settings.CACHES["default"]
    if "redis" not in cache["BACKEND"].lower():
        return None
    database = settings.DATABASES["default"]
    site = f"{settings.SITE_URL} {database.get('HOST')} {database.get('NAME')}"
    name = blake2b(site.encode(), digest_size=8).hexdigest()
    return Announcer(cache["LOCATION"], f"page-cache-{name}")
