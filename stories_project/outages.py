"""What happens while the database does not answer, or a disk takes nothing.

A request that changes nothing is asked again until the database is back, for some seconds. Who
sends something gets it back, in a page that can send it again. Pages that are kept cost no query,
and are served all the time.
"""

import errno
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http import HTTPStatus
from threading import BoundedSemaphore
from time import monotonic, sleep
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.defaults import server_error
from redis import RedisError

from stories_project.cache_headers import never_store
from stories_project.page_cache.connections import replace_broken_connections
from stories_project.page_cache.request_keys import SAFE_METHODS

DISK_TAKES_NOTHING = {errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO}
# In the environment of a request that an outage has kept from its answer.
AWAY = "stories_project.database_is_away"
# All in seconds.
LONGEST_WAIT, PAUSE, RETRY_AFTER = 5.0, 0.25, 5
# So many threads of a process may wait for the database; the others serve the pages that are kept.
MOST_WAITING = 2
# A form with such a field is never shown again.
SECRETS = ("password", "code", "credential")
CSRF_FIELD = "csrfmiddlewaretoken"


def error_page(request: WSGIRequest) -> HttpResponse:
    """Answer for an error that nobody has caught: 503 for an outage, else 500."""
    if not is_outage(sys.exc_info()[1]):
        return server_error(request)
    request.environ[AWAY] = True
    context = {"sent": list(_sent(request)), "request": request, "csrf_token": get_token(request)}
    response = render(None, "503.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER)
    return never_store(response)


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database, Redis or a disk is away, or takes nothing now.

    Only a sign-in needs Redis: nobody may guess passwords while the guesses cannot be counted.
    """
    if isinstance(error, OSError):
        return error.errno in DISK_TAKES_NOTHING
    return isinstance(error, OperationalError | InterfaceError | RedisError)


def _sent(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield the fields that somebody has sent, as (name, value)."""
    fields: list[tuple[str, list[str]]] = []
    with suppress(Error, OSError):
        fields = list(request.POST.lists())
    if not any(secret in name for name, _ in fields for secret in SECRETS):
        yield from ((n, value) for n, values in fields if n != CSRF_FIELD for value in values)


class SurvivingOutages:
    """A WSGI application that asks another one again while the database is away."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._waiting = BoundedSemaphore(MOST_WAITING)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one that changes nothing may be asked several times."""
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return self._application(environ, start_response)
        answer = Answer(self._application, environ)
        if answer.is_outage and self._waiting.acquire(blocking=False):
            try:
                answer = self._ask_again(answer, environ)
            finally:
                self._waiting.release()
        start_response(*answer.start)
        return answer.body

    def _ask_again(self, answer: "Answer", environ: WSGIEnvironment) -> "Answer":
        deadline = monotonic() + LONGEST_WAIT
        while answer.is_outage and monotonic() < deadline:
            answer.close()
            replace_broken_connections()
            answer = Answer(self._application, environ)
            if answer.is_outage:
                sleep(PAUSE)
        return answer


class Answer:
    """What an application has answered to a request."""

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        environ.pop(AWAY, None)
        self.start: Any = ()
        self.body = application(environ, self._start_response)
        self.is_outage = AWAY in environ

    def _start_response(self, *start: Any) -> Any:
        self.start = start

    def close(self) -> None:
        """End the request, so that it gives back what it has used."""
        if hasattr(self.body, "close"):
            self.body.close()
