"""What Django answers to an anonymous request, and whether and how long that may be kept."""

from io import BytesIO
from math import inf
from time import time
from typing import Any
from wsgiref.types import WSGIApplication

from django.conf import settings

from stories_project.page_cache.cached_page import CachedPage, Environ, Key, Rendered
from stories_project.page_cache.surrogate_keys import PageKeys

KEPT_STATUSES = {200, 301, 404, 410}
# How long "not found" and "gone" are kept, in seconds.
MISSING_KEPT = 10.0
# Headers of the answer that each encoding has its own value of.
OWN_HEADERS = {"content-length", "etag", "vary", "content-encoding"}


def ask(application: WSGIApplication, key: Key, environ: Environ) -> Rendered:
    """Return Django's answer to an anonymous GET request for the path and known parameters."""
    query = key[1] if isinstance(key, tuple) else ""
    secure_header, _ = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    seen = {"HTTP_HOST", secure_header}
    asked = {k: v for k, v in environ.items() if not k.startswith("HTTP_") or k in seen}
    asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "wsgi.input": BytesIO()}
    asked["CONTENT_LENGTH"] = ""
    started: list[Any] = []
    start_response: Any = lambda *response: started.append(response)  # noqa: E731
    body = application(asked, start_response)
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = started[-1][:2]
    return Rendered(status, headers, content)


def may_be_kept(rendered: Rendered) -> bool:
    """Whether an answer may be kept: it is the same for everybody, and not an error."""
    control = rendered.header("cache-control")
    return (
        rendered.code in KEPT_STATUSES
        and not rendered.header("set-cookie")
        and "no-store" not in control
        and "private" not in control
        and "cookie" not in rendered.header("vary").lower()
    )


def page_of(rendered: Rendered, keys: PageKeys, encoding: str) -> CachedPage:
    """Return the page to keep for an answer of Django that has noted these keys."""
    ends_at = keys.ends_at.timestamp() if keys.ends_at else inf
    if rendered.code in (404, 410):
        ends_at = min(ends_at, time() + MISSING_KEPT)
    headers = [header for header in rendered.headers if header[0].lower() not in OWN_HEADERS]
    headers.append(("Vary", "Accept-Encoding"))
    kept = Rendered(rendered.status, headers, rendered.body)
    return CachedPage(kept, keys.summary(), keys.choices, ends_at, encoding)
