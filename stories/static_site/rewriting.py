"""Makes a page of the served site one of the static site: its links lead to files.

The pages are our own, written by our templates, so their attributes always stand in double
quotation marks.
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urlsplit

from django.conf import settings

from stories.static_site.places import FEED, place_of, with_short_segments
from stories_project.pictures.renditions import picture_of

ATTRIBUTE = re.compile(r'(?P<before>\s(?:href|src|action|content)=")(?P<value>[^"]*)"')
SRCSET = re.compile(r'\ssrcset="(?P<value>[^"]*)"')
SHARED = re.compile(r"/(?:[^\s\"/]+/){0,2}(?:share|takeaways)-[\w-]+\.jpg")
# What needs a server: suggestions while a reader types, oEmbed, webmentions, and the pictures of
# takeaways.
FOR_A_SERVER = re.compile(
    r'\sdata-suggestions="[^"]*"|<script type="module" src="[^"]*search_suggestions[^"]*"></script>'
    r'|\s*<link rel="alternate" type="application/json\+oembed"[^>]*>'
    r'|\s*<link rel="webmention"[^>]*>'
)
TAKEAWAYS_LINK = re.compile(r'\s*<p class="takeaways__picture">.*?</p>', re.DOTALL)
ASSETS = ("/static/", "/media/", "/drawn/", "/colours-")
STORED = re.compile(r"/media/[a-z]+/[0-9a-f]{32}[-0-9a-fx]*\.webp")
LIVES_FINDER = re.compile(
    r'<search>\s*<form class="finder" action="/lives/".*?</search>', re.DOTALL
)
FINDER = 'class="finder" action="/founders/"'


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
        text = FOR_A_SERVER.sub("", text).replace(FINDER, 'class="finder" action="/search/"')
        text = LIVES_FINDER.sub("", text)
        if not self.shares:
            text = TAKEAWAYS_LINK.sub("", text)
        text = self._with_shared(text)
        for match in SRCSET.finditer(text):
            for candidate in match["value"].split(", "):
                self._note(candidate.partition(" ")[0])
        text = ATTRIBUTE.sub(lambda match: self._attribute(match, path), text)
        return with_short_segments(text)

    def other(self, text: str) -> str:
        """Return a feed, a sitemap or Markdown: the addresses of feeds and pictures are others."""
        text = self._with_shared(text)
        text = STORED.sub(lambda match: self._rendition(match[0]), text)
        feed = re.compile(re.escape(settings.SITE_URL) + FEED.pattern + r"(?=[\"\s<)])")
        text = feed.sub(lambda match: f"{settings.SITE_URL}{match['of']}feed.xml", text)
        return with_short_segments(text)

    def _attribute(self, match: re.Match[str], path: str) -> str:
        value = unescape(match["value"])
        own = value.removeprefix(settings.SITE_URL)
        if not own.startswith(("/", "?")) or own.startswith("//"):
            return match[0]
        parts = urlsplit(own)
        if self._note(parts.path):
            own = self._rendition(parts.path)
        elif parts.path != "/search/":
            place = place_of(parts.path or path, parts.query)
            own = f"{place}#{parts.fragment}" if parts.fragment else place
        before = settings.SITE_URL if value.startswith(settings.SITE_URL) else ""
        return f'{match["before"]}{escape(before + own)}"'

    def _note(self, path: str) -> bool:
        """Note a file that the page shows; return whether the path is one."""
        path = path.removeprefix(settings.SITE_URL)
        is_asset = path.startswith(ASSETS) or SHARED.fullmatch(path) is not None
        if is_asset:
            self.assets.add(self._rendition(path))
        return is_asset

    def _rendition(self, path: str) -> str:
        """Return the picture that readers get in place of a stored one."""
        picture = picture_of(path) if STORED.fullmatch(path) else None
        if picture:
            self.assets.add(picture.largest)
        return picture.largest if picture else path

    def _with_shared(self, text: str) -> str:
        def shared(match: re.Match[str]) -> str:
            path = match[0] if self.shares else self.shared
            self.assets.add(path)
            return path

        site = re.escape(settings.SITE_URL)
        pattern = rf"(?<={site}){SHARED.pattern}|(?<=\"){SHARED.pattern}"
        return re.sub(pattern, shared, text)
