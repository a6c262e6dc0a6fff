"""The page cache: a WSGI application that stands before Django's and answers most requests.

Whole answers to anonymous requests are kept in the process, compressed. An answer depends on the
path and on the query parameters that its view knows, and on nothing else of the request.
"""

from collections.abc import Iterable
from threading import Event, Lock
from time import monotonic, time
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError
from django.utils.module_loading import import_string

from stories_project.monitoring.metrics import Tally
from stories_project.page_cache.announcing import announcer
from stories_project.page_cache.asking_django import ask, may_be_kept, page_of
from stories_project.page_cache.cached_page import (
    CachedPage,
    Environ,
    Key,
    Rendered,
    StartResponse,
)
from stories_project.page_cache.cached_views import known_parameters
from stories_project.page_cache.change_log import listen
from stories_project.page_cache.connections import connection_given_back
from stories_project.page_cache.deliveries import targets
from stories_project.page_cache.delivery_worker import DeliveryWorker, worker_without_pages
from stories_project.page_cache.encodings import encoding_for
from stories_project.page_cache.freshness import Freshness, Schedule
from stories_project.page_cache.lifetimes import Labels
from stories_project.page_cache.networks import network
from stories_project.page_cache.page_store import PageStore
from stories_project.page_cache.request_keys import RequestKeys
from stories_project.page_cache.surrogate_keys import collecting

# How long a request waits for another one that renders the same page, in seconds.
LONGEST_WAIT = 10.0


def with_page_cache(application: WSGIApplication) -> WSGIApplication:
    """Return the application with the page cache of the settings before it, if there is one.

    Deliveries begin now, and not with the first request: a content delivery network may leave a
    process without requests.
    """
    if not settings.PAGE_CACHE_BYTES:
        if targets():
            worker_without_pages().start()
        return application
    schedule: Schedule = import_string(settings.PAGE_CACHE_SCHEDULE)
    cache = PageCache(application, settings.PAGE_CACHE_BYTES, schedule)
    if cache.worker:
        cache.worker.start()
    return cache


class PageCache:
    """Answers from the pages that it keeps, and asks `application` for the others.

    `limit` is the size of the kept pages in bytes, in this process.
    """

    def __init__(self, application: WSGIApplication, limit: int, schedule: Schedule) -> None:
        self.application = application
        self.store = PageStore(limit)
        self.keys = RequestKeys()
        self.freshness = Freshness(self.store, schedule)
        listen(self.freshness.hurry)
        self.network = network()
        self.labels = Labels(self.network, self.freshness) if self.network else None
        self.worker = DeliveryWorker(self.freshness) if targets() else None
        self._hits, self._misses = Tally("hit"), Tally("miss")
        self._telling = Lock()
        self._is_started = False
        self._rendering: dict[Key, Event] = {}
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. A page that is kept costs no query and no work of Django."""
        freshness, now = self.freshness, time()
        if (
            monotonic() >= freshness.read_at
            or now >= freshness.transition_at
            or freshness.mark.read() != freshness.seen_mark
        ):
            self._start()
            freshness.catch_up()
            self._tell()
        key = self.keys.of(environ)
        if key is None:
            return self._pass(environ, start_response)
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        page = self.store.get(key)
        if page is None or page.doubts or now >= page.ends_at:
            return self._answer_miss(key, encoding, environ, start_response)
        if not page.has(encoding):
            self.store.grow(key, page, page.encode(encoding))
        if self.labels:
            start_response = self.labels.of_page(page, now, start_response)
        self._hits.add()
        return page.answer(encoding, environ, start_response)

    def _answer_miss(
        self, key: Key, encoding: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer with a page that is not kept, or not right any more."""
        if known_parameters(get_path_info(environ)) is None:
            return self._pass(environ, start_response)
        self._misses.add()
        answer = self._find_or_render(key, encoding, environ)
        if self.labels:
            start_response = (
                self.labels.of_page(answer, time(), start_response)
                if isinstance(answer, CachedPage)
                else self.labels.of_others(start_response)
            )
        return answer.answer(encoding, environ, start_response)

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer a request that is not for the cache."""
        if self.labels:
            start_response = self.labels.of_others(start_response)
        return self.application(environ, start_response)

    def _start(self) -> None:
        """Begin to hear of the changes of other processes, once; not before the process forks."""
        with self._lock:
            if not self._is_started and (others := announcer()) is not None:
                others.start_listening(self._hear)
            self._is_started = True

    def _tell(self) -> None:
        """Bring the metrics up to date, unless another thread does."""
        if self._telling.acquire(blocking=False):
            try:
                self._hits.tell()
                self._misses.tell()
            finally:
                self._telling.release()

    def _hear(self) -> None:
        self.freshness.hurry()
        if self.worker:
            self.worker.wake()

    def _find_or_render(self, key: Key, encoding: str, environ: Environ) -> CachedPage | Rendered:
        """Return the page; when many ask for it at once, one renders it and the others wait."""
        with self._lock:
            others = self._rendering.get(key)
            if others is None:
                mine = self._rendering[key] = Event()
        if others is not None:
            others.wait(LONGEST_WAIT)
            return self._find(key) or self._render(key, encoding, environ)
        try:
            return self._find(key) or self._render(key, encoding, environ)
        finally:
            with self._lock:
                del self._rendering[key]
            mine.set()

    def _find(self, key: Key) -> CachedPage | None:
        """Return the page if it is kept and right. One in doubt chooses again."""
        page = self.store.get(key)
        if page is None or time() >= page.ends_at:
            return None
        doubts = page.doubts
        if doubts and not _chooses_the_same(page):
            self.store.remove(key)
            return None
        if page.doubts == doubts:
            page.doubts = 0
        return page

    def _render(self, key: Key, encoding: str, environ: Environ) -> CachedPage | Rendered:
        """Ask Django, and keep the answer if it may be kept."""
        with self.store.rendering() as render, collecting() as keys:
            rendered = ask(self.application, key, environ)
            if not may_be_kept(rendered):
                return rendered
            page = page_of(rendered, keys, encoding)
            if self.network and "max-age=" not in rendered.header("cache-control"):
                page.labels = self.network.keys(page.all_keys)
            if not (self.freshness.is_ready and self.store.put(key, page, render)):
                page.ends_at = 0.0
            return page


def _chooses_the_same(page: CachedPage) -> bool:
    """Whether every choice of a page is the same now. Without a database, nobody can say: yes."""
    try:
        with connection_given_back():
            return all(choice.is_same() for choice in page.choices)
    except DatabaseError:
        return True
