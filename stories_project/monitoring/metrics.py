"""The counters for Prometheus; `/metrics` shows them.

The workers of a server share files of counters: https://prometheus.github.io/client_python/multiprocess/
"""

from itertools import count

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

METHODS = {"GET", "HEAD", "POST"}

REQUESTS = Counter(
    "stories_requests", "Requests that Django has answered", ["method", "route", "status"]
)
SECONDS = Histogram(
    "stories_request_seconds",
    "How long Django took for an answer",
    ["method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
PAGES = Counter(
    "stories_pages", "Requests for public pages, by what the page cache did", ["outcome"]
)
SLOW_QUERIES = Counter("stories_slow_queries", "Queries that took longer than SLOW_QUERY_MS")


class Tally:
    """Counts what happens thousands of times a second, and tells a Counter now and then."""

    def __init__(self, outcome: str) -> None:
        self._counter = PAGES.labels(outcome)
        self._count = count()
        self._told = 0

    def add(self) -> None:
        """Count one more."""
        next(self._count)

    def tell(self) -> None:
        """Bring the Counter up to date. Only one thread may do this at a time."""
        # Reading counts as well, so the next number to be told is one higher.
        now = next(self._count)
        self._counter.inc(now - self._told)
        self._told = now + 1


def exposition(state: Collector) -> bytes:
    """Return all counters and what `state` collects, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if settings.METRICS_FOLDER:
        MultiProcessCollector(registry, settings.METRICS_FOLDER)
    else:
        for counter in (REQUESTS, SECONDS, PAGES, SLOW_QUERIES):
            registry.register(counter)
    registry.register(state)
    return generate_latest(registry)
