"""Redis tells other processes of a change at once, and may die."""

import time
from threading import Event

from stories_project.page_cache.announcing import Announcer, announcer
from tests.own_redis import redis  # noqa: F401  a fixture

CHANNEL = "changes"


def is_heard(heard, sender):
    """Whether an announcement is heard well before the log is read anyway."""
    heard.clear()
    sender.announce()
    return heard.wait(0.2)


class AnAnnouncement:
    def test_is_heard_at_once_by_other_processes(self, redis):  # noqa: F811
        heard, listener, sender = (
            Event(),
            Announcer(redis.url, CHANNEL),
            Announcer(redis.url, CHANNEL),
        )
        listener.start_listening(heard.set)
        assert heard.wait(5), "It looks at the log once when it begins to listen"
        assert is_heard(heard, sender)

    def test_to_a_dead_redis_costs_the_sender_little_and_nothing_later(self, redis):  # noqa: F811
        sender = Announcer(redis.url, CHANNEL)
        redis.kill()
        began_at = time.monotonic()
        for _ in range(100):
            sender.announce()
        assert time.monotonic() - began_at < 1

    def test_is_heard_again_after_redis_came_back(self, redis):  # noqa: F811
        heard, listener = Event(), Announcer(redis.url, CHANNEL)
        listener.start_listening(heard.set)
        assert heard.wait(5)
        redis.kill()
        redis.start()
        heard.clear()
        assert heard.wait(5), "What was missed meanwhile is read from the log"
        assert is_heard(heard, Announcer(redis.url, CHANNEL))


class ASiteWithoutRedis:
    def test_announces_nothing(self, settings):
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        announcer.cache_clear()
        assert announcer() is None
        announcer.cache_clear()
