"""Content encodings: which one a browser gets, and how a body is encoded.

Brotli and gzip are enough: every browser that accepts zstd also accepts Brotli, which makes our
pages smaller. See RFC 9110, section 12.5.3, for `Accept-Encoding`.
"""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache, partial

import brotli

IDENTITY = "identity"
# The smallest first. These levels cost about as much time as they save on a fast line. A window of
# 64 KiB (2 ** 16) has room for a page, and takes 1 MiB less for each thread than the usual one.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=5, lgwin=16),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    IDENTITY: bytes,
}
COMPRESSIBLE = re.compile(r"text/|application/(.+\+)?(json|xml)|image/svg")
# Smaller bodies do not get smaller in a packet, in bytes.
WORTH_ENCODING = 256
LONGEST_HEADER = 200


def is_compressible(content_type: str, body: bytes) -> bool:
    """Whether a body gets smaller by encoding."""
    return len(body) >= WORTH_ENCODING and COMPRESSIBLE.match(content_type) is not None


def encoding_for(accepted: str) -> str:
    """Return the best encoding for the value of `Accept-Encoding`: "br", "gzip" or "identity"."""
    return _encoding_for(accepted[:LONGEST_HEADER])


@lru_cache(maxsize=256)
def _encoding_for(accepted: str) -> str:
    weights = dict(map(_weighed, accepted.lower().split(",")))
    for encoding in ENCODERS:
        if weights.get(encoding, weights.get("*", 0.0)) > 0:
            return encoding
    return IDENTITY


def _weighed(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";q=")
    try:
        return name.strip(), float(weight or 1)
    except ValueError:
        return name.strip(), 0.0
