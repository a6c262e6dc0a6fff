"""A story as another site has it, and what a source of such stories can do."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from django.utils.translation import ngettext

if TYPE_CHECKING:
    from stories.moving.conversion import Conversion

SHORT_QUERY = re.compile(r"p=[1-9][0-9]{0,18}")


@dataclass(frozen=True, kw_only=True)
class ForeignPicture:
    """A picture by its address there, or by its path in the exported files."""

    address: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignStory:
    """A story as another site has it.

    `foreign_id` stays the same in every export. `paths` are the paths of its old URLs,
    `nicknames` others by which stories of the source link to it. `body` is
    in the format of the source, which converts it. `is_secret` says why readers there could not
    see it although it has a date, or is empty. `values` are further values of `StoryForm`.
    `losses` are sentences about what the source could not bring along.
    """

    foreign_id: str
    name: str
    title: str
    slug: str = ""
    paths: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    body: str = ""
    body_format: str = "html"
    excerpt: str = ""
    publish_at: datetime | None = None
    is_secret: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cover: ForeignPicture | None = None
    search_title: str = ""
    search_description: str = ""
    canonical_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    losses: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether readers see it there, or will see it at a set time."""
        return self.publish_at is not None and not self.is_secret


@dataclass(frozen=True)
class LeftOut:
    """An entry that becomes no story, and why: a page, or something that cannot be read."""

    foreign_id: str
    name: str
    reason: str
    is_bad: bool = False


Entry = ForeignStory | LeftOut


class Source(Protocol):
    """The files of another site, read as a stream and as often as needed."""

    kind: str
    # Distinguishes this site from others of the kind: "wordpress:example.org".
    key: str
    # Its URL such as "https://example.org", if the files say it.
    site_url: str

    def entries(self) -> Iterator[Entry]:
        """Read all entries, in the order of the files. Raises BadFile for a broken file."""

    def markdown(self, story: ForeignStory, conversion: "Conversion") -> str:
        """Return the body of a story as Markdown; what is lost goes to `conversion.losses`."""

    def picture(self, address: str, story: ForeignStory) -> bytes | None:
        """Return a picture from the files, or None if it is not there."""


class Losses:
    """Sentences about what an import loses, each once with the number of times."""

    def __init__(self, sentences: tuple[str, ...] = ()) -> None:
        self._counts = dict.fromkeys(sentences, 1)

    def add(self, sentence: str) -> None:
        """Add a sentence."""
        self._counts[sentence] = self._counts.get(sentence, 0) + 1

    def __iter__(self) -> Iterator[str]:
        for sentence, count in self._counts.items():
            yield _often(sentence, count) if count > 1 else sentence


def _often(sentence: str, count: int) -> str:
    often = ngettext("%(sentence)s (%(count)s time)", "%(sentence)s (%(count)s times)", count)
    return often % {"sentence": sentence, "count": count}


def path_of(url: str) -> str:
    """Return the path of a URL, or an empty text for what is none, such as http://[x]/.

    The short address of a post in WordPress, `/?p=12`, is one with its query, also below a folder.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if SHORT_QUERY.fullmatch(parts.query):
        return f"/?{parts.query}"
    return parts.path
