"""Asks the site for a page, as an anonymous reader does, in this process.

The request goes through the views of the served site, and through all of its middleware that may
change a page: there is no second way to render one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import inf
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponseBase
from django.test.utils import override_settings

from stories_project.page_cache.surrogate_keys import collecting

# Middleware that counts requests, guards accounts and forms, compresses, or writes headers. A file
# has no headers. For a small page, these take as long as the view.
FOR_A_SERVER = {
    "stories_project.middleware.answer_balancers",
    "stories_project.monitoring.requests.watch_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "stories_project.middleware.revalidate_always",
    "csp.middleware.CSPMiddleware",
    "stories_project.middleware.name_permissions",
    "stories_project.audit.recording.remember_address",
    "stories_project.body_limit.LimitBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stories_project.accounts.sessions.end_old_sessions",
    "stories_project.accounts.second_factor.RequireSecondFactor",
    "stories_project.pictures.upload_quota.LimitUploads",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}


@dataclass(frozen=True)
class Answer:
    """What the site has answered, and on what the answer depends.

    `ends_at` is the POSIX timestamp from which on it is not right any more.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    keys: frozenset[str]
    ends_at: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def kind(self) -> str:
        """The media type, such as "text/html"."""
        return self.headers.get("Content-Type", "").partition(";")[0]


class _Handler(WSGIHandler):
    """Django's handler, without the middleware that does nothing for what a file will hold."""

    def load_middleware(self, is_async: bool = False) -> None:
        needed = [name for name in settings.MIDDLEWARE if name not in FOR_A_SERVER]
        with override_settings(MIDDLEWARE=needed):
            super().load_middleware(is_async)


@lru_cache(maxsize=1)
def _handler() -> WSGIHandler:
    return _Handler()


def ask(address: str) -> Answer:
    """Return the answer to a GET request for an address: a path, perhaps with a query."""
    with collecting() as page:
        response = _handler().get_response(_request(address))
        body = _body(response)
    keys = page.summary().union(*(choice.keys for choice in page.choices))
    ends_at = page.ends_at.timestamp() if page.ends_at else inf
    return Answer(response.status_code, response.headers, body, frozenset(keys), ends_at)


def _request(address: str) -> WSGIRequest:
    path, _, query = address.partition("?")
    site = urlsplit(settings.SITE_URL)
    environ = {
        "REQUEST_METHOD": "GET",
        # WSGI has the bytes of the path as if they were Latin-1 (PEP 3333).
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
    }
    return WSGIRequest(environ)


def _body(response: HttpResponseBase) -> bytes:
    if response.streaming:
        body = b"".join(response)  # type: ignore[call-overload]
        response.close()
        return body
    return response.content  # type: ignore[attr-defined,no-any-return]
