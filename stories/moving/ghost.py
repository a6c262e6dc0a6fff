"""An export of Ghost, versions 3 to 6: its JSON, alone or in a ZIP with the folder `content`."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import unquote

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.moving.conversion import Conversion
from stories.moving.foreign_html import html_to_markdown
from stories.moving.foreign_story import Entry, ForeignPicture, ForeignStory, LeftOut, path_of
from stories.moving.ghost_bodies import body_to_html
from stories.moving.ghost_names import Names, read_names
from stories.moving.packages import Package
from stories.moving.streams import rows, value_at
from stories_project.text.front_matter import BadFile

# Stands in an export for the URL of the site.
PLACEHOLDER = "__GHOST_URL__"
READ = range(3, 7)
IMAGES = re.compile(r"/content/(images/.+)")
# Ghost keeps smaller copies of a picture beside it: /content/images/size/w600/2020/….
SIZES = re.compile(r"^images/size/w\d+(?:h\d+)?/(?:format/\w+/)?")
SECRET = {
    "members": gettext_lazy("only members could read it there"),
    "paid": gettext_lazy("only paying members could read it there"),
    "tiers": gettext_lazy("only some members could read it there"),
}
LOST = {
    "codeinjection_head": gettext_lazy("code in the head of the page"),
    "codeinjection_foot": gettext_lazy("code at the end of the page"),
    "og_image": gettext_lazy("a picture for Facebook alone"),
    "twitter_image": gettext_lazy("a picture for X alone"),
}


class GhostExport:
    """The posts of an export. Raises BadFile if the files have no export that can be read."""

    kind = key = "ghost"

    def __init__(self, files: Package, site_url: str = "") -> None:
        self.files, self.site_url = files, site_url
        names = [name for name in files.names() if name.lower().endswith(".json")]
        self._json = next((name for name in names if self._is_export(name)), "")
        if not self._json:
            sentence = _("%(file)s has no export of Ghost: JSON with “db” and “meta”.")
            raise BadFile(sentence % {"file": files.name})
        self._names: Names | None = None

    def _open(self) -> AbstractContextManager[IO[bytes]]:
        return self.files.open(self._json)

    def _is_export(self, name: str) -> bool:
        with self.files.open(name) as file:
            version = value_at(file, "db.item.meta.version", "meta.version")
        if version is None:
            return False
        major = str(version).partition(".")[0]
        if not major.isdigit() or int(major) not in READ:
            sentence = _("This export is of Ghost %(version)s; versions 3 to 6 can be read.")
            raise BadFile(sentence % {"version": version})
        return True

    @property
    def names(self) -> Names:
        """The tags, authors and further values of all posts, read once."""
        if self._names is None:
            with self._open() as file:
                self._names = read_names(file)
        return self._names

    def entries(self) -> Iterator[Entry]:
        """Read the posts, in the order of the file. Raises BadFile for a broken file."""
        names = self.names
        with self._open() as file:
            for _table, row in rows(file, frozenset({"posts"})):
                yield self._entry(row, names)

    def _entry(self, row: dict[str, Any], names: Names) -> Entry:
        key = str(row.get("uuid") or row.get("id") or "")
        name = _text(row, "title") or _("(Untitled)")
        if not key:
            return LeftOut(name, name, _("It has neither uuid nor id."), is_bad=True)
        if row.get("type") == "page" or row.get("page") in (1, True):
            return LeftOut(key, name, _("It is a page, not a post."))
        return self._story(key, name, row, names)

    def _story(self, key: str, name: str, row: dict[str, Any], names: Names) -> ForeignStory:
        value = {**row, **names.meta.get(str(row.get("id")), {})}
        status = _text(row, "status")
        body_format = next((n for n in ("lexical", "mobiledoc") if row.get(n)), "html")
        losses = [_("Left out: %(what)s.") % {"what": LOST[key]} for key in LOST if value.get(key)]
        if status == "sent":
            losses.append(_("It was only sent by e-mail there, so it is a draft here."))
        return ForeignStory(
            foreign_id=key,
            name=name,
            title=_text(row, "title"),
            slug=_text(row, "slug"),
            paths=self._paths(row, names),
            body=_text(row, body_format).replace(PLACEHOLDER, ""),
            body_format=body_format,
            excerpt=_text(row, "custom_excerpt"),
            publish_at=_moment(row) if status in {"published", "scheduled"} else None,
            is_secret=str(SECRET.get(_text(row, "visibility"), "")),
            authors=names.authors_of(row),
            tags=names.tags_of(row),
            cover=_cover(value, self.site_url),
            search_title=_text(value, "meta_title"),
            search_description=_text(value, "meta_description"),
            canonical_url=_text(value, "canonical_url").replace(PLACEHOLDER, self.site_url),
            losses=tuple(losses),
        )

    def _paths(self, row: dict[str, Any], names: Names) -> tuple[str, ...]:
        """Return the path that Ghost gives a post, and those of its other usual routes."""
        slug, moment, tag = _text(row, "slug"), _moment(row), names.first_tag_slug(row)
        if not slug:
            return ()
        paths = [f"/{slug}/"]
        if moment:
            paths += [f"/{moment:%Y/%m/%d}/{slug}/", f"/{moment:%Y/%m}/{slug}/"]
        if tag:
            paths.append(f"/{tag}/{slug}/")
        prefix = path_of(self.site_url).rstrip("/")
        return tuple(prefix + path for path in paths)

    def markdown(self, story: ForeignStory, conversion: Conversion) -> str:
        """Return the text of a post as Markdown; what is lost goes to `conversion.losses`."""
        html = body_to_html(story.body, story.body_format, conversion.losses)
        return html_to_markdown(html, conversion)

    def picture(self, address: str, story: ForeignStory) -> bytes | None:
        """Return a picture of `content/images` from the files, or None if it is not there."""
        match = IMAGES.search(unquote(path_of(address)))
        if not match:
            return None
        path = SIZES.sub("images/", match[1])
        names = (f"{top}{name}" for top in ("content/", "") for name in (path, match[1]))
        found = next((name for name in names if self.files.has(name)), None)
        return self.files.read(found, settings.IMAGE_MAX_BYTES) if found else None


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value).strip() if value is not None else ""


def _moment(row: dict[str, Any]) -> datetime | None:
    value = row.get("published_at")
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000, UTC)
        moment = parse_datetime(str(value or "").replace(" ", "T", 1))
    except (OverflowError, OSError, ValueError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def _cover(value: dict[str, Any], site_url: str) -> ForeignPicture | None:
    address = _text(value, "feature_image").replace(PLACEHOLDER, site_url)
    if not address:
        return None
    alt, caption = (_text(value, f"feature_image_{name}") for name in ("alt", "caption"))
    return ForeignPicture(address=address, alt=alt, caption=caption)
