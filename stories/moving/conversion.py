"""What the conversion of one story needs to know: where its links lead now, and its pictures."""

from contextlib import suppress
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urljoin, urlsplit

from django.utils.translation import gettext as _

from stories.moving.foreign_story import ForeignStory, Losses, Source, path_of
from stories.moving.moved_pictures import MovedPictures
from stories.moving.plan import Plan
from stories_project.paths import path_to


@dataclass
class Conversion:
    """Converts the addresses of one story, and collects what is lost.

    `site_url` is the URL of the other site, or empty if nobody knows it. `public_slugs` are those
    of the stories that readers will see.
    """

    source: Source
    story: ForeignStory
    plan: Plan
    pictures: MovedPictures
    site_url: str = ""
    public_slugs: frozenset[str] = frozenset()
    losses: Losses = field(default_factory=Losses)

    def link(self, href: str) -> str:
        """Return where a link leads now, or an empty text if it leads nowhere.

        A link to another story of the source leads to its new page. A link to what does not move
        becomes absolute.
        """
        href = "".join(href.split())
        try:
            parts = urlsplit(href)
        except ValueError:
            return ""
        if parts.scheme in {"mailto", "tel"} or href.startswith("#"):
            return href
        is_ours = not parts.netloc or _bare(parts.netloc) == _bare(urlsplit(self.site_url).netloc)
        if parts.scheme in {"", "http", "https"} and is_ours:
            return self._own_link(href, path_of(href))
        return href if parts.scheme in {"http", "https"} else ""

    def _own_link(self, href: str, path: str) -> str:
        target = normpath(join(dirname(self.story.foreign_id), unquote(path)))
        base = self.story.paths[0] if self.story.paths else "/"
        slug = self.plan.slugs.get(target)
        for candidate in (urljoin(base, path), f"/{path}") if path else ():
            slug = slug or self.plan.slug_at(candidate)
        if slug and (slug in self.public_slugs or not self.story.is_public):
            return path_to("story", slug)
        if slug:
            sentence = _("The link to %(href)s leads to a draft: its text stays.")
            self.losses.add(sentence % {"href": href})
            return ""
        if self.site_url:
            return urljoin(urljoin(f"{self.site_url}/", base), href)
        sentence = _("The link to %(href)s leads to a page that does not move: its text stays.")
        self.losses.add(sentence % {"href": href})
        return ""

    def picture(self, address: str) -> str | None:
        """Store a picture of the text and return its URL here, or None if it cannot be had."""
        return self.pictures.place(self.absolute(address), self.story, self.losses)

    def absolute(self, address: str) -> str:
        """Return an address of the other site with its host, if that is known."""
        if address.startswith("//"):
            return f"https:{address}"
        if address.startswith("/") and self.site_url:
            return urljoin(f"{self.site_url}/", address)
        return address


def _bare(host: str) -> str:
    """Return a host as DNS knows it, without www."""
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    return host.casefold().removeprefix("www.")
