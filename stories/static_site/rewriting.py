"""Makes a page of the served site one of the static site: its links lead to files.

The pages are our own, written by our templates, so their attributes always stand in double
quotation marks.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from stories.static_site.places import FEED, place_of, with_short_segments
from stories_project.pictures.renditions import picture_of

ATTRIBUTE = re.compile(r'(?P<before>\s(?:href|src|srcset|action|content)=")(?P<value>[^"]*)"')
# `re` finds what begins with fixed characters ten times as fast as what begins with a choice, such
# as white space. So these patterns begin with them.
SHARED = re.compile(r"/(?:[^\s\"/]+/){0,2}(?:share|takeaways)-[\w-]+\.jpg")
SUGGESTIONS = re.compile(r'<script type="module" src="[^"]*search_suggestions[^"]*"></script>')
LIVES_FINDER = re.compile(
    r'<search>\s*<form class="finder" action="/lives/".*?</search>', re.DOTALL
)
STORED = re.compile(r"/media/[a-z]+/[0-9a-f]{32}[-0-9a-fx]*\.webp")
# What needs a server: suggestions while a reader types, oEmbed, webmentions, and the pictures of
# takeaways. From here, to there.
FOR_A_SERVER = (
    (' data-suggestions="', '"'),
    ('<link rel="alternate" type="application/json+oembed"', ">"),
    ('<link rel="webmention"', ">"),
)
TAKEAWAYS_LINK = ('<p class="takeaways__picture">', "</p>")
FINDER = 'class="finder" action="/founders/"'
ASSETS = ("/static/", "/media/", "/drawn/", "/colours-")
# Most links stand on many pages.
LINKS = 10_000


@dataclass
class Rewriter:
    """Rewrites pages. With `shares`, each page has a picture for shared links of its own.

    `shared` is the path of the publication's picture, which stands for all others without `shares`.
    """

    shares: bool
    shared: str
    # The paths of the files that the page shows.
    assets: set[str] = field(default_factory=set)

    def page(self, text: str, path: str) -> str:
        """Return the HTML of the page at a path."""
        for begin, end in FOR_A_SERVER:
            text = without(text, begin, end)
        text = SUGGESTIONS.sub("", text).replace(FINDER, 'class="finder" action="/search/"')
        text = LIVES_FINDER.sub("", text)
        if not self.shares:
            text = without(text, *TAKEAWAYS_LINK)
        text = self._with_shared(text)
        text = ATTRIBUTE.sub(lambda match: self._attribute(match, path), text)
        return with_short_segments(text)

    def other(self, text: str) -> str:
        """Return a feed, a sitemap or Markdown: the addresses of feeds and pictures are others."""
        text = self._with_shared(text)
        text = STORED.sub(self._stored, text)
        feed = re.compile(re.escape(settings.SITE_URL) + FEED.pattern + r"(?=[\"\s<)])")
        text = feed.sub(lambda match: f"{settings.SITE_URL}{match['of']}feed.xml", text)
        return with_short_segments(text)

    def _attribute(self, match: re.Match[str], path: str) -> str:
        before, value = match["before"], match["value"]
        if before.endswith('srcset="'):
            self.assets |= shown_by(value, settings.SITE_URL)
            return match[0]
        link = link_of(value, path if value.startswith("?") else "", settings.SITE_URL)
        if link is None:
            return match[0]
        self.assets |= link.assets
        return f'{before}{link.value}"'

    def _stored(self, match: re.Match[str]) -> str:
        picture = rendition_of(match[0])
        if picture != match[0]:
            self.assets.add(picture)
        return picture

    def _with_shared(self, text: str) -> str:
        def shared(match: re.Match[str]) -> str:
            path = match["path"] if self.shares else self.shared
            self.assets.add(path)
            return f"{match['before']}{path}"

        for before in (settings.SITE_URL, '"'):
            pattern = rf"(?P<before>{re.escape(before)})(?P<path>{SHARED.pattern})"
            text = re.sub(pattern, shared, text)
        return text


class Link(NamedTuple):
    """The value of an attribute, as HTML, and the paths of the files that it shows."""

    value: str
    assets: frozenset[str]


@lru_cache(LINKS)
def link_of(value: str, path: str, site: str) -> Link | None:
    """Return what an attribute has in the static site; None if it is no link within the site.

    `path` is that of the page if the value is a query only, and `site` the URL of the site.
    """
    whole = unescape(value)
    own = whole.removeprefix(site)
    if not own.startswith(("/", "?")) or own.startswith("//"):
        return None
    parts = urlsplit(own)
    assets: frozenset[str] = frozenset()
    if is_asset(parts.path):
        own = rendition_of(parts.path)
        assets = frozenset([own])
    elif parts.path != "/search/":
        place = place_of(parts.path or path, parts.query)
        own = f"{place}#{parts.fragment}" if parts.fragment else place
    return Link(escape((site if whole.startswith(site) else "") + own), assets)


@lru_cache(LINKS)
def shown_by(srcset: str, site: str) -> frozenset[str]:
    """Return the paths of the files in a `srcset`."""
    candidates = (part.partition(" ")[0].removeprefix(site) for part in srcset.split(", "))
    return frozenset(rendition_of(path) for path in candidates if is_asset(path))


def is_asset(path: str) -> bool:
    """Whether a path is that of a file that a page shows, such as a picture or a style sheet."""
    return path.startswith(ASSETS) or SHARED.fullmatch(path) is not None


def rendition_of(path: str) -> str:
    """Return the picture that readers get in place of a stored one."""
    picture = picture_of(path) if STORED.fullmatch(path) else None
    return picture.largest if picture else path


def without(text: str, begin: str, end: str) -> str:
    """Return a text without what stands from `begin` to `end`, and without the space before it."""
    while (start := text.find(begin)) >= 0:
        text = text[:start].rstrip() + text[text.index(end, start + len(begin)) + len(end) :]
    return text
