"""One kept response, and how it answers a request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import inf
from sys import intern
from typing import Any

from stories_project.page_cache.encodings import (
    DECODERS,
    ENCODERS,
    IDENTITY,
    is_compressible,
)
from stories_project.page_cache.surrogate_keys import Choice

# The address of a page: a path, or a path and a query string.
Key = str | tuple[str, str]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]

# What a page costs in memory beside its bodies, and what one of its keys costs, in bytes.
BYTES_A_PAGE, BYTES_A_KEY = 1400, 10
# A longer If-None-Match matches nothing: no client of ours has so many versions of a page.
LONGEST_CONDITION = 4096
ENCODING_HEADERS: dict[str, Headers] = {
    IDENTITY: [],
    **{encoding: [("Content-Encoding", encoding)] for encoding in ENCODERS},
}
NOT_IN_304 = {"content-type", "content-length", "content-encoding"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A response as Django gave it, with its whole body."""

    status: str
    headers: Headers
    body: bytes

    @property
    def code(self) -> int:
        """The status code, such as 200."""
        return int(self.status[:3])

    def header(self, name: str) -> str:
        """Return the value of a header ("cache-control"), or an empty text."""
        return ", ".join(value for key, value in self.headers if key.lower() == name)

    def answer(
        self, encoding: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request with this response, in the encoding that it has."""
        start_response(self.status, self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


@dataclass(frozen=True, slots=True)
class SharedHeaders:
    """The headers that pages have in common, also without those that are not in a 304."""

    headers: Headers
    of_304: Headers


@lru_cache(maxsize=500)
def _shared(headers: tuple[tuple[str, str], ...]) -> SharedHeaders:
    """Return one SharedHeaders for all pages with these headers: there are thousands."""
    of_304 = [header for header in headers if header[0].lower() not in NOT_IN_304]
    return SharedHeaders(list(headers), of_304)


class CachedPage:
    """A page in every encoding in which somebody has asked for it, first in `encoding`.

    `ends_at` is the POSIX timestamp from which on the page is not right any more.
    """

    __slots__ = (
        "_bodies",
        "_digest",
        "_headers",
        "choices",
        "doubts",
        "ends_at",
        "is_compressible",
        "keys",
        "labels",
        "size",
        "status",
    )

    def __init__(
        self,
        rendered: Rendered,
        keys: Iterable[str] = (),
        choices: Iterable[Choice] = (),
        ends_at: float = inf,
        encoding: str = "gzip",
    ) -> None:
        self.status = rendered.status
        # The same keys are in thousands of pages: keep one copy of each.
        self.keys = tuple(map(intern, keys))
        self.choices = tuple(choices)
        # How many changes have made one of the choices doubtful.
        self.doubts = 0
        self.ends_at = ends_at
        # Further headers, for a content delivery network.
        self.labels: Headers = []
        self.is_compressible = is_compressible(rendered.header("content-type"), rendered.body)
        self._digest = blake2b(rendered.body, digest_size=12).hexdigest()
        self._headers = _shared(tuple(rendered.headers))
        if not self.is_compressible:
            first, body = IDENTITY, rendered.body
        else:
            first = encoding if encoding in ENCODERS else "gzip"
            body = ENCODERS[first](rendered.body)
        # Pairs of encoding and body.
        self._bodies: tuple[tuple[str, bytes], ...] = ((first, body),)
        self.size = BYTES_A_PAGE + BYTES_A_KEY * len(self.all_keys) + len(body)

    @property
    def all_keys(self) -> set[str]:
        """The keys of what the page shows, and of what it has chosen from."""
        return set(self.keys).union(*(choice.keys for choice in self.choices))

    def answer(
        self, encoding: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a GET or HEAD request, with 304 if the client has this version already."""
        encoding, body = self._body_in(encoding)
        etag = f'"{self._digest}-{encoding}"'
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition is not None and matches(condition, etag):
            start_response("304 Not Modified", [*self._headers.of_304, ("ETag", etag)])
            return []
        headers = [
            *self._headers.headers,
            *ENCODING_HEADERS[encoding],
            ("ETag", etag),
            ("Content-Length", str(len(body))),
        ]
        start_response(self.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def has(self, encoding: str) -> bool:
        """Whether the page need not be encoded for a client that gets this encoding."""
        is_kept = any(kept == encoding for kept, _ in self._bodies)
        return is_kept or encoding == IDENTITY or not self.is_compressible

    def encode(self, encoding: str) -> int:
        """Keep the page in one more encoding, and return the number of bytes that this takes."""
        _, plain = self._without_encoding()
        body = ENCODERS[encoding](plain)
        self._bodies = (*self._bodies, (encoding, body))
        return len(body)

    def _body_in(self, encoding: str) -> tuple[str, bytes]:
        """Return the encoding to answer with, and the body in it."""
        for kept in self._bodies:
            if kept[0] == encoding:
                return kept
        return self._without_encoding()

    def _without_encoding(self) -> tuple[str, bytes]:
        """Return the plain page. A compressible one is not kept: few clients accept no encoding."""
        encoding, body = self._bodies[0]
        return IDENTITY, DECODERS[encoding](body)


def matches(condition: str, etag: str) -> bool:
    """Whether the value of If-None-Match names a version (RFC 9110, section 13.1.2)."""
    if condition == etag:
        return True
    if len(condition) > LONGEST_CONDITION:
        return False
    named = {part.strip().removeprefix("W/") for part in condition.split(",")}
    return etag in named or condition.strip() == "*"
