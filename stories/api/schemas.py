"""What the API says of stories, founders, tags and series; the OpenAPI document follows from it."""

from datetime import date, datetime
from typing import Generic, TypeVar

from ninja import Schema
from pydantic import Field

Item = TypeVar("Item")


class Rendition(Schema):
    """A picture in one width (pixels) and one format."""

    url: str
    width: int
    type: str = Field(examples=["image/avif"])


class Picture(Schema):
    """An uploaded picture. `url` is the widest JPEG; width and height are in pixels."""

    url: str
    alt: str
    credit: str
    width: int
    height: int
    renditions: list[Rendition]


class FounderLink(Schema):
    """A founder of a story. Without a public profile there is nothing but the name."""

    name: str
    slug: str | None = None
    url: str | None = None


class TagLink(Schema):
    """A tag of a story."""

    name: str
    slug: str
    url: str


class SeriesLink(Schema):
    """The series of a story: it is part `number` of `count` public ones."""

    title: str
    slug: str
    url: str
    number: int
    count: int


class Correction(Schema):
    """What was corrected, and on which day."""

    day: date
    text: str


class Source(Schema):
    """A source of a story. `url` is empty for a book."""

    title: str
    url: str
    accessed_on: date | None


class StoryItem(Schema):
    """A story in a list. `minutes` is the reading time."""

    id: int
    slug: str
    url: str
    title: str
    excerpt: str
    byline: str
    published_at: datetime
    modified_at: datetime
    minutes: int
    cover: Picture | None
    founders: list[FounderLink]
    tags: list[TagLink]


class RelatedItem(Schema):
    """A story to read next, and why."""

    slug: str
    url: str
    title: str
    reason: str


class Story(StoryItem):
    """A whole story. `body` is Markdown; the story tells of the years `told_from` to `told_to`."""

    told_from: int | None
    told_to: int | None
    body: str
    body_html: str
    takeaways: list[str]
    sources: list[Source]
    corrections: list[Correction]
    series: SeriesLink | None
    related: list[RelatedItem]


class FounderItem(Schema):
    """An approved founder in a list."""

    slug: str
    url: str
    name: str
    native_name: str
    headline: str
    portrait: Picture | None


class Founder(FounderItem):
    """The whole profile of a founder. `biography` is Markdown; `stories` is a URL of this API."""

    family_name: str
    company: str
    birthplace: str
    birth_year: int | None
    death_year: int | None
    biography: str
    biography_html: str
    links: list[str]
    corrections: list[Correction]
    stories: str


class TagItem(Schema):
    """A tag of at least one public story. 1,000 stories mean 1,000 or more."""

    slug: str
    url: str
    name: str
    story_count: int


class Tag(TagItem):
    """A tag with its description (Markdown); `stories` is a URL of this API."""

    description: str
    description_html: str
    stories: str


class SeriesItem(Schema):
    """A series with at least one public story."""

    slug: str
    url: str
    title: str
    story_count: int


class PartItem(Schema):
    """A public story of a series. `number` counts public ones; `minutes` is the reading time."""

    number: int
    slug: str
    url: str
    title: str
    minutes: int


class Series(SeriesItem):
    """A series with its introduction (Markdown) and its public stories in their order."""

    introduction: str
    introduction_html: str
    parts: list[PartItem]


class Page(Schema, Generic[Item]):
    """A part of a list. `next` is the URL of the next part, or null."""

    items: list[Item]
    next: str | None


class Results(Page[StoryItem]):
    """What a search has found, the best first.

    `corrected` is what was searched for if nothing has what was typed. `is_partial`: no story has
    all of the words.
    """

    corrected: str
    is_partial: bool


class Contents(Schema):
    """What there is at this API."""

    name: str
    url: str
    openapi: str
    endpoints: dict[str, str]
