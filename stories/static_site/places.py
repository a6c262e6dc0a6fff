"""Where a page of the served site stands in the static site, and in which file.

A file server knows no queries: page 2 of the stories stands at `/stories/page/2/`. A feed at a path
that ends with a slash would be served as HTML: it is a file `feed.xml`.
"""

import re
from hashlib import sha256
from urllib.parse import parse_qs, quote, unquote

# A file name may have so many bytes.
LONGEST_SEGMENT = 240
LONG = re.compile(rf"/([-\w%.]{{{LONGEST_SEGMENT + 1},}})")
FEED = re.compile(r"(?P<of>/(?:(?:founders|tags|series)/[^/]+/)?)feed/")
# One page stands for all forms; it says where to write.
FORMS, WITH_FORMS = "/suggest/", {"/follow/"}


def place_of(path: str, query: str = "") -> str:
    """Return the address in the static site for a path and a query of the served one."""
    known = parse_qs(query)
    if path in WITH_FORMS or (path == "/corrections/" and known):
        return FORMS
    if feed := FEED.fullmatch(path):
        return f"{feed['of']}feed.xml"
    place = "/".join(_segment(segment) for segment in path.split("/"))
    if path == "/founders/" and (letter := known.get("letter")):
        place += f"letter/{letter[0].lower()}/"
    if path == "/tags/" and known.get("order") == ["name"]:
        place += "order/name/"
    if path == "/lives/" and (century := known.get("century")):
        place += f"century/{century[0]}/"
    if number := known.get("page"):
        place += f"page/{number[0]}/" if number[0] != "1" else ""
    return place


def place_of_address(address: str) -> str:
    """Return the place of an address, which may have a query."""
    path, _, query = address.partition("?")
    return place_of(path, query)


def file_of(place: str) -> str:
    """Return the path of the file for an address of the static site."""
    path = unquote(place).lstrip("/")
    return f"{path}index.html" if place.endswith("/") else path


def with_short_segments(text: str) -> str:
    """Return a text in which the paths have no part that is too long for a file name."""
    return LONG.sub(lambda match: f"/{_segment(match[1])}", text)


def _segment(segment: str) -> str:
    """Return a part of a path; one that is too long for a file name is cut, with its hash."""
    name = unquote(segment).encode()
    if len(name) <= LONGEST_SEGMENT:
        return segment
    short = name[:LONGEST_SEGMENT].decode(errors="ignore")[:50]
    suffix = ".md" if name.endswith(b".md") else ""
    return quote(f"{short}-{sha256(name).hexdigest()[:12]}{suffix}")
