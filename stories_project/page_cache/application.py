"""The page cache: a WSGI application that stands before Django's and answers most requests.

Whole answers to anonymous requests are kept in the process, compressed. An answer depends on the
path and on the query parameters that its view knows, and on nothing else of the request.
"""

from collections.abc import Iterable
from io import BytesIO
from math import inf
from threading import Event, Lock
from time import monotonic, time
from typing import Any
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host
from django.utils.module_loading import import_string

from stories_project.page_cache.announcing import announcer
from stories_project.page_cache.cached_page import CachedPage, Environ, Rendered, StartResponse
from stories_project.page_cache.cached_views import (
    LONGEST_QUERY,
    canonical_query,
    known_parameters,
)
from stories_project.page_cache.change_log import listen
from stories_project.page_cache.connections import connection_given_back
from stories_project.page_cache.deliveries import targets
from stories_project.page_cache.delivery_worker import DeliveryWorker, worker_without_pages
from stories_project.page_cache.encodings import encoding_for
from stories_project.page_cache.freshness import Freshness, Schedule
from stories_project.page_cache.lifetimes import Labels
from stories_project.page_cache.networks import network
from stories_project.page_cache.page_store import Key, PageStore
from stories_project.page_cache.surrogate_keys import PageKeys, collecting

SAFE_METHODS = {"GET", "HEAD"}
KEPT_STATUSES = {200, 301, 404, 410}
# In seconds: how long "not found" and "gone" are kept, and how long a request waits for another
# one that renders the same page.
MISSING_KEPT, LONGEST_WAIT = 10.0, 10.0
MOST_HOSTS = 100
# Headers of the answer that each encoding has its own value of.
OWN_HEADERS = {"content-length", "etag", "vary", "content-encoding"}


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
        self.freshness = Freshness(self.store, schedule)
        listen(self.freshness.hurry)
        self.network = network()
        self.labels = Labels(self.network, self.freshness) if self.network else None
        self.worker = DeliveryWorker(self.freshness) if targets() else None
        self._is_started = False
        self._hosts: set[str] = set()
        self._rendering: dict[Key, Event] = {}
        self._lock = Lock()
        # The header in which a proxy says that the reader's connection is encrypted.
        self._secure_header, self._secure_value = settings.SECURE_PROXY_SSL_HEADER or ("", "")

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
        key = self._key(environ)
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
        return page.answer(encoding, environ, start_response)

    def _answer_miss(
        self, key: Key, encoding: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer with a page that is not kept, or not right any more."""
        if known_parameters(get_path_info(environ)) is None:
            return self._pass(environ, start_response)
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

    def _hear(self) -> None:
        self.freshness.hurry()
        if self.worker:
            self.worker.wake()

    def _key(self, environ: Environ) -> Key | None:
        """Return the key of a request's page, or None if the request is not for the cache."""
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return None
        if environ.get("HTTP_HOST") not in self._hosts and not self._knows_host(environ):
            return None
        if self._secure_header and environ.get(self._secure_header) != self._secure_value:
            return None
        query = environ.get("QUERY_STRING")
        return _key_with(query, environ) if query else environ["PATH_INFO"]

    def _knows_host(self, environ: Environ) -> bool:
        """Whether ALLOWED_HOSTS allows the host of a request; Django refuses any other."""
        host = environ.get("HTTP_HOST", "")
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return False
        if len(self._hosts) < MOST_HOSTS:
            self._hosts.add(host)
        return True

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
            rendered = self._ask_django(key, environ)
            if not _may_be_kept(rendered):
                return rendered
            page = _page(rendered, keys, encoding)
            if self.network and "max-age=" not in rendered.header("cache-control"):
                chosen = (key for choice in page.choices for key in choice.keys)
                page.labels = self.network.keys(page.keys.union(chosen))
            if not (self.freshness.is_ready and self.store.put(key, page, render)):
                page.ends_at = 0.0
            return page

    def _ask_django(self, key: Key, environ: Environ) -> Rendered:
        """Return Django's answer to an anonymous GET request for the path and known parameters."""
        query = key[1] if isinstance(key, tuple) else ""
        seen = {"HTTP_HOST", self._secure_header}
        asked = {k: v for k, v in environ.items() if not k.startswith("HTTP_") or k in seen}
        asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "wsgi.input": BytesIO()}
        asked["CONTENT_LENGTH"] = ""
        started: list[Any] = []
        start_response: Any = lambda *response: started.append(response)  # noqa: E731
        body = self.application(asked, start_response)
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        status, headers = started[-1][:2]
        return Rendered(status, headers, content)


def _key_with(query: str, environ: Environ) -> Key | None:
    parameters = known_parameters(get_path_info(environ))
    if parameters is None:
        return None
    try:
        known = canonical_query(QueryDict(query), parameters)
    except SuspiciousOperation:
        return None
    if len(known) > LONGEST_QUERY:
        return None
    return (environ["PATH_INFO"], known) if known else environ["PATH_INFO"]


def _may_be_kept(rendered: Rendered) -> bool:
    """Whether an answer may be kept: it is the same for everybody, and not an error."""
    control = rendered.header("cache-control")
    return (
        rendered.code in KEPT_STATUSES
        and not rendered.header("set-cookie")
        and "no-store" not in control
        and "private" not in control
        and "cookie" not in rendered.header("vary").lower()
    )


def _page(rendered: Rendered, keys: PageKeys, encoding: str) -> CachedPage:
    ends_at = keys.ends_at.timestamp() if keys.ends_at else inf
    if rendered.code in (404, 410):
        ends_at = min(ends_at, time() + MISSING_KEPT)
    headers = [header for header in rendered.headers if header[0].lower() not in OWN_HEADERS]
    headers.append(("Vary", "Accept-Encoding"))
    kept = Rendered(rendered.status, headers, rendered.body)
    return CachedPage(kept, keys.summary(), keys.choices, ends_at, encoding)


def _chooses_the_same(page: CachedPage) -> bool:
    """Whether every choice of a page is the same now. Without a database, nobody can say: yes."""
    try:
        with connection_given_back():
            return all(choice.is_same() for choice in page.choices)
    except DatabaseError:
        return True
