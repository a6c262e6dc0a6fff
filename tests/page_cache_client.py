"""A client that asks the page cache as the server does, before Django's handler."""

from contextlib import contextmanager

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from stories.planning.transitions import passed
from stories_project.page_cache.application import PageCache


@contextmanager
def connection_kept():
    """Keep the connection of a test open after a request, as Django's test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, status, headers, body):
        self.status_code = int(status[:3])
        self.headers = dict(headers)
        self.body = body


class CachingClient:
    """Asks a page cache of its own, and knows how many times Django was asked."""

    def __init__(self, limit=8 * 1024 * 1024, schedule=passed):
        self.renders = 0
        self.django = WSGIHandler()
        self.cache = PageCache(self._django, limit, schedule)

    def _django(self, environ, start_response):
        self.renders += 1
        return self.django(environ, start_response)

    def get(self, address, method="GET", application=None, **environ):
        """Return the Answer; `environ` is added to that of WSGI."""
        path, _, query = address.partition("?")
        request = RequestFactory().generic(method, path, QUERY_STRING=query)
        asked = request.environ | {"HTTP_HOST": "testserver", "QUERY_STRING": query} | environ
        started = []
        with connection_kept():
            body = (application or self.cache)(asked, lambda *response: started.append(response))
            content = b"".join(body)
            if hasattr(body, "close"):
                body.close()
        status, headers = started[-1][:2]
        return Answer(status, headers, content)

    def uncached(self, address, **environ):
        """Return the Answer of Django itself."""
        return self.get(address, application=self.django, **environ)
