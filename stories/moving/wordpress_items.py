"""The items of a WXR file, read as a stream.

The format is RSS with WordPress's own elements, whose namespaces differ from version to version:
https://github.com/WordPress/wordpress-develop/blob/trunk/src/wp-admin/includes/export.php
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from stories.moving.streams import Bounded
from stories_project.text.front_matter import BadFile

READ = {"1.0", "1.1", "1.2"}
# XML forbids them, but WordPress exports what somebody has pasted. They stand alone in UTF-8.
FORBIDDEN = bytes(set(range(32)) - {9, 10, 13})
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Site:
    """What a file says about the site: its version and URL, and {login: name} of its authors."""

    version: str = ""
    url: str = ""
    authors: dict[str, str] = field(default_factory=dict)


@dataclass
class Item:
    """A post, a page, an attachment, …, as the file has it."""

    id: str = ""
    kind: str = "post"
    title: str = ""
    link: str = ""
    guid: str = ""
    slug: str = ""
    status: str = ""
    password: str = ""
    parent: str = ""
    content: str = ""
    excerpt: str = ""
    attachment_url: str = ""
    published_at: datetime | None = None
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0


class Printable:
    """A file without the characters that XML forbids, unless it is in UTF-16."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._is_first, self._is_utf_16 = file, True, False

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes."""
        content = self._file.read(size)
        if self._is_first:
            self._is_utf_16, self._is_first = content.startswith(UTF_16), False
            content = content.lstrip(b" \t\r\n")
        return content if self._is_utf_16 else content.translate(None, FORBIDDEN)


def read_items(file: IO[bytes], site: Site) -> Iterator[Item]:
    """Yield the items of a file, and note what it says about the site.

    Raises BadFile for a file that is not WXR, for one that is broken, and for one with entities
    or a DTD that could harm.
    """
    bounded = Bounded(Printable(file))  # type: ignore[arg-type]
    try:
        yield from _items(bounded, site)
    except ParseError as error:
        raise BadFile(_("The XML is broken: %(reason)s.") % {"reason": error.msg}) from error
    except DefusedXmlException as error:
        sentence = _("The XML defines entities, which an export of WordPress never does.")
        raise BadFile(sentence) from error
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        sentence = _("The encoding of the XML cannot be read: %(error)s.")
        raise BadFile(sentence % {"error": error}) from error


def _items(bounded: Bounded, site: Site) -> Iterator[Item]:
    path: list[Element] = []
    events: Any = iterparse(bounded, events=("start", "end"), forbid_dtd=True)
    for event, element in events:
        if event == "start":
            path.append(element)
            continue
        path.pop()
        name = _name(element)
        if len(path) == 2:
            if name == "item":
                yield _item(element)
            else:
                _note(name, element, site)
            path[-1].remove(element)
            bounded.entry_read()


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _note(name: str, element: Element, site: Site) -> None:
    text = (element.text or "").strip()
    if name == "wxr_version":
        if text not in READ:
            sentence = _("This is WXR %(version)s; versions 1.0 to 1.2 can be read.")
            raise BadFile(sentence % {"version": text})
        site.version = text
    elif name in {"base_blog_url", "base_site_url", "link"}:
        # The first two are more exact than the link of the feed, and the blog's than the site's.
        if name == "base_blog_url" or (name == "link" and not site.url):
            site.url = text or site.url
    elif name == "author":
        values = {_name(child): (child.text or "").strip() for child in element}
        login = values.get("author_login", "")
        site.authors[login] = values.get("author_display_name") or login


def _item(element: Element) -> Item:
    item = Item()
    for child in element:
        name, text = _name(child), (child.text or "").strip()
        if field_name := FIELDS.get(name):
            setattr(item, field_name, text)
        elif reader := READERS.get(name):
            reader(item, child, text)
    return item


FIELDS = {
    "post_id": "id",
    "post_type": "kind",
    "title": "title",
    "link": "link",
    "guid": "guid",
    "post_name": "slug",
    "status": "status",
    "post_password": "password",
    "post_parent": "parent",
    "attachment_url": "attachment_url",
}


def _read_text(item: Item, element: Element, text: str) -> None:
    if "excerpt" in str(element.tag):
        item.excerpt = text
    else:
        item.content = text


def _read_date(item: Item, element: Element, text: str) -> None:
    """Read `post_date_gmt`; `post_date`, in the zone of the site, only if that is missing."""
    is_exact = _name(element) == "post_date_gmt"
    item.published_at = (_moment(text) if is_exact else None) or item.published_at or _moment(text)


def _read_creator(item: Item, element: Element, text: str) -> None:
    item.authors.insert(0, text)


def _read_meta(item: Item, element: Element, text: str) -> None:
    values = {_name(part): part.text or "" for part in element}
    item.meta[values.get("meta_key", "")] = values.get("meta_value", "")


def _count_comment(item: Item, element: Element, text: str) -> None:
    item.comments += 1


def _read_category(item: Item, category: Element, text: str) -> None:
    """Add a category or a tag; “uncategorized” says that there is none."""
    domain, slug = category.get("domain", ""), category.get("nicename", "")
    if domain == "author":
        item.authors.append(slug.removeprefix("cap-"))
    elif domain in {"category", "post_tag", "tag"} and slug != "uncategorized":
        item.tags += [text] if text and text not in item.tags else []


def _moment(text: str) -> datetime | None:
    """Return a time in GMT; None for the zeros of a draft."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment else None


READERS: dict[str, Callable[[Item, Element, str], None]] = {
    "encoded": _read_text,
    "post_date": _read_date,
    "post_date_gmt": _read_date,
    "creator": _read_creator,
    "category": _read_category,
    "postmeta": _read_meta,
    "comment": _count_comment,
}
