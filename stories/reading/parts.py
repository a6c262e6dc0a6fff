"""The parts of stories that are rows of their own, for many stories at once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, Self

from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    F,
    PositiveSmallIntegerField,
    QuerySet,
    Value,
)
from django.utils import timezone

from stories.models import (
    Series,
    SeriesPart,
    Source,
    StoryTag,
    Suggestion,
    Tag,
    Takeaway,
    Webmention,
)
from stories.models.webmention import host_of
from stories.reading.series import Part, SeriesPlace, note_ends
from stories_project.prepared import Parameter, Prepared, key_in

# Below a story or a profile.
MOST_WEBMENTIONS = 20


class Correction(NamedTuple):
    """An accepted correction that readers are told about."""

    day: date
    text: str

    @classmethod
    def of(cls, decided_at: datetime, text: str) -> Self:
        """Return the Correction that was accepted at a moment."""
        return cls(timezone.localtime(decided_at).date(), text)


class ShownWebmention(NamedTuple):
    """A page of another site that links to ours, as a moderator has approved it."""

    title: str
    url: str
    author: str

    @property
    def host(self) -> str:
        """The host name of the other site."""
        return host_of(self.url).removeprefix("www.")


class Parts(NamedTuple):
    """The parts of a story.

    Takeaways (sentences), sources (by number), corrections and webmentions (the newest first).
    `series` is its place in its series, if that was asked for.
    """

    takeaways: list[str]
    sources: list[Source]
    corrections: list[Correction]
    webmentions: list[ShownWebmention]
    series: SeriesPlace | None = None


class PartRow(NamedTuple):
    """A part of a story, its series, or a part of this series, in columns that fit all of them."""

    kind: str
    story: int
    position: int
    text: str
    url: str
    key: str
    number: int | None
    accessed_on: date | None
    at: datetime | None


def _selections(stories: list[Parameter]) -> list[QuerySet]:
    """Return the parts of stories as columns of `PartRow`.

    Four plain queries would be easier to read, but a story's page may make eight queries, and
    with them it would make eleven. So all tables are read with one UNION; a column that a table
    does not have is empty in its rows.
    """
    nothing, no_number = Value(""), Value(None, PositiveSmallIntegerField())
    no_day, no_time = Value(None, DateField()), Value(None, DateTimeField())
    of_any = key_in("story_id", stories)
    takeaways = Takeaway.objects.filter(of_any).order_by()
    sources = Source.objects.filter(of_any).order_by()
    corrections = Suggestion.objects.noted().filter(of_any).order_by()
    webmentions = Webmention.objects.shown().filter(of_any).order_by()
    # PostgreSQL takes the type of a column from the first two queries.
    return [
        corrections.values_list(
            *(Value("correction"), "story_id", -F("pk"), "public_note"),
            *(nothing, nothing, no_number, no_day, "decided_at"),
        ),
        sources.values_list(
            *(Value("source"), "story_id", "position", "title"),
            *("url", "key", "number", "accessed_on", no_time),
        ),
        takeaways.values_list(
            *(Value("takeaway"), "story_id", "position", "text"),
            *(nothing, nothing, no_number, no_day, no_time),
        ),
        webmentions.values_list(
            *(Value("webmention"), "story_id", -F("pk"), "title"),
            *("source", "author", no_number, no_day, no_time),
        ),
    ]


def _series_selections(stories: list[Parameter], now: Parameter) -> list[QuerySet]:
    """Return the series of stories, and the public parts of these series, as the same columns.

    A series has its primary key in place of a position, a part that of its story as its number.
    """
    nothing, no_number = Value(""), Value(None, PositiveSmallIntegerField())
    no_day, no_time = Value(None, DateField()), Value(None, DateTimeField())
    series = SeriesPart.objects.filter(key_in("story_id", stories)).order_by()
    parts = SeriesPart.objects.published(now).filter(key_in("series__parts__story_id", stories))
    return [
        series.values_list(
            *(Value("series"), "story_id", "series_id", "series__title"),
            *("series__slug", nothing, no_number, no_day, no_time),
        ),
        parts.order_by().values_list(
            *(Value("part"), "series__parts__story_id", "position", "story__title"),
            *("story__slug", nothing, "story_id", no_day, "story__unpublish_at"),
        ),
    ]


def _union(selections: list[QuerySet]) -> QuerySet:
    return selections[0].union(*selections[1:], all=True)


_parts = Prepared(lambda stories: _union(_selections(stories)), stories=BigIntegerField())
_parts_with_series = Prepared(
    lambda stories, now: _union(_selections(stories) + _series_selections(stories, now)),
    stories=BigIntegerField(),
    now=DateTimeField(),
)
_tags = Prepared(
    lambda stories: (
        StoryTag.objects.filter(key_in("content_object_id", stories))
        .select_related("tag")
        .only("content_object", "tag__name", "tag__slug")
        .order_by("pk")
    ),
    stories=BigIntegerField(),
)


def read_parts(stories: Sequence[int]) -> dict[int, Parts]:
    """Return {primary key: Parts} for stories with these primary keys, in one query."""
    rows = [PartRow(*row) for row in (_parts(stories=stories) if stories else ())]
    return _sort(rows, stories)


def _sort(rows: Iterable[PartRow], stories: Sequence[int]) -> dict[int, Parts]:
    parts = {story: Parts([], [], [], []) for story in stories}
    for row in sorted(rows, key=lambda row: row.position):
        takeaways, sources, corrections, webmentions, _ = parts[row.story]
        if row.kind == "takeaway":
            takeaways.append(row.text)
        elif row.kind == "source":
            source = Source(title=row.text, url=row.url, accessed_on=row.accessed_on)
            source.position, source.key, source.number = row.position, row.key, row.number
            sources.append(source)
        elif row.kind == "webmention":
            webmentions.append(ShownWebmention(row.text, row.url, row.key))
        elif row.kind == "correction" and row.at:
            corrections.append(Correction.of(row.at, row.text))
    for each in parts.values():
        each.sources.sort(key=Source.by_number)
    return parts


def read_parts_of(story: int, now: datetime) -> Parts:
    """Return the Parts of a story (primary key) with its place in its series, in one query."""
    rows = [PartRow(*row) for row in _parts_with_series(stories=[story], now=now)]
    return _sort(rows, [story])[story]._replace(series=_place_in_series(story, rows))


def _place_in_series(story: int, rows: Iterable[PartRow]) -> SeriesPlace | None:
    of_series = [row for row in rows if row.kind == "series"]
    if not of_series:
        return None
    series = Series(pk=of_series[0].position, title=of_series[0].text, slug=of_series[0].url)
    in_order = sorted((row for row in rows if row.kind == "part"), key=lambda row: row.position)
    parts = [Part(row.number or 0, row.text, row.url, row.at) for row in in_order]
    note_ends(parts)
    place = SeriesPlace.of(story, series, parts)
    return place.note() if place else None


def read_tag_names(stories: Sequence[int]) -> dict[int, list[str]]:
    """Return {primary key: names of the tags in the editor's order} for stories, in one query."""
    return {pk: [tag.name for tag in tags] for pk, tags in read_tags_of(stories).items()}


def read_tags_of(stories: Sequence[int]) -> dict[int, list[Tag]]:
    """Return {primary key: tags in the editor's order} for stories, in one query."""
    tags: dict[int, list[Tag]] = {story: [] for story in stories}
    for row in _tags(stories=stories) if stories else ():
        tags[row.content_object_id].append(row.tag)
    return tags
