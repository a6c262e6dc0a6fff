"""One kept response, and how it answers a request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]

# What a page costs in memory beside its bodies, and what one of its keys costs, in bytes.
BYTES_A_PAGE, BYTES_A_KEY = 3000, 150
# A longer If-None-Match matches nothing: no client of ours has so many versions of a page.
LONGEST_CONDITION = 4096
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
class Variant:
    """A page in one encoding."""

    etag: str
    headers: Headers
    headers_of_304: Headers
    body: bytes


class CachedPage:
    """A page in every encoding in which somebody has asked for it, first in `encoding`.

    `ends_at` is the POSIX timestamp from which on the page is not right any more.
    """

    __slots__ = (
        "_digest",
        "_headers",
        "_variants",
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
        # The same keys and headers are in thousands of pages: keep one copy of each.
        self.keys = frozenset(map(intern, keys))
        self.choices = tuple(choices)
        # How many changes have made one of the choices doubtful.
        self.doubts = 0
        self.ends_at = ends_at
        # Further headers, for a content delivery network.
        self.labels: Headers = []
        self.is_compressible = is_compressible(rendered.header("content-type"), rendered.body)
        self._digest = blake2b(rendered.body, digest_size=12).hexdigest()
        self._headers = [(intern(name), intern(value)) for name, value in rendered.headers]
        if not self.is_compressible:
            first, body = IDENTITY, rendered.body
        else:
            first = encoding if encoding in ENCODERS else "gzip"
            body = ENCODERS[first](rendered.body)
        self._variants = {first: self._variant(first, body)}
        keys_held = len(self.keys) + sum(len(choice.keys) for choice in self.choices)
        self.size = BYTES_A_PAGE + BYTES_A_KEY * keys_held + len(body)

    def answer(
        self, encoding: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a GET or HEAD request, with 304 if the client has this version already."""
        variant = self._variants.get(encoding) or self._without_encoding()
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition is not None and matches(condition, variant.etag):
            start_response("304 Not Modified", variant.headers_of_304)
            return []
        start_response(self.status, variant.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]

    def has(self, encoding: str) -> bool:
        """Whether the page need not be encoded for a client that gets this encoding."""
        return encoding in self._variants or encoding == IDENTITY or not self.is_compressible

    def encode(self, encoding: str) -> int:
        """Keep the page in one more encoding, and return the number of bytes that this takes."""
        body = ENCODERS[encoding](self._without_encoding().body)
        self._variants[encoding] = self._variant(encoding, body)
        return len(body)

    def _without_encoding(self) -> Variant:
        """Return the plain page. A compressible one is not kept: few clients accept no encoding."""
        encoding, variant = next(iter(self._variants.items()))
        if encoding == IDENTITY:
            return variant
        return self._variant(IDENTITY, DECODERS[encoding](variant.body))

    def _variant(self, encoding: str, body: bytes) -> Variant:
        etag = f'"{self._digest}-{encoding}"'
        headers = [*self._headers, ("ETag", etag), ("Content-Length", str(len(body)))]
        if encoding != IDENTITY:
            headers.append(("Content-Encoding", encoding))
        of_304 = [header for header in headers if header[0].lower() not in NOT_IN_304]
        return Variant(etag, headers, of_304, body)


def matches(condition: str, etag: str) -> bool:
    """Whether the value of If-None-Match names a version (RFC 9110, section 13.1.2)."""
    if condition == etag:
        return True
    if len(condition) > LONGEST_CONDITION:
        return False
    named = {part.strip().removeprefix("W/") for part in condition.split(",")}
    return etag in named or condition.strip() == "*"
