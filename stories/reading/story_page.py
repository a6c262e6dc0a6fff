"""What a story's page shows, for a stored story or for a content that is not public yet."""

from datetime import date, datetime
from typing import NamedTuple, NotRequired, TypedDict

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    F,
    QuerySet,
    Value,
)
from django.utils import timezone

from founders.models import Founder
from stories.models import Source, Story, StoryContent, Suggestion, Tag, Takeaway
from stories.models.story_query import load_founders
from stories.reading import structured_data
from stories.reading.related import RelatedStory, read_tags, related_stories
from stories.reading.structured_data import JsonLd
from stories.sharing.share_pictures import card_of_story
from stories_project.prepared import Parameter, Prepared
from stories_project.text.folding import slug_for


class Correction(NamedTuple):
    """An accepted correction that readers are told about."""

    day: date
    text: str


class StoryPage(TypedDict):
    """The context of `stories/story.html`. A preview has no corrections and nothing to share.

    `share_picture` and `takeaways_picture` are URLs without scheme and host.
    """

    story: Story
    founders: list[Founder]
    takeaways: list[str]
    sources: list[Source]
    tags: list[Tag]
    related: list[RelatedStory]
    corrections: NotRequired[list[Correction]]
    share_picture: NotRequired[str]
    takeaways_picture: NotRequired[str]
    structured_data: NotRequired[JsonLd]


_stories = Prepared(
    lambda slug, now: Story.objects.published(now).filter(slug=slug).defer("body"),
    slug=CharField(),
    now=DateTimeField(),
)


def read_story(slug: str) -> Story | None:
    """Return the public story with a slug and its founders, or None, in two queries."""
    stories = _stories(slug=slug, now=timezone.now())
    load_founders(stories)
    return stories[0] if stories else None


def page_of(story: Story) -> StoryPage:
    """Return the context of a stored story's page.

    Makes five queries, after the two of `read_story`.
    """
    now = timezone.now()
    parts = read_parts(story)
    tags = read_tags(story, now)
    founders = story.founders
    card = card_of_story(story, founders)
    share_picture = card.address("story_picture", story.slug)
    sheet = card.with_points(parts.takeaways)
    return {
        "story": story,
        "founders": founders,
        "takeaways": parts.takeaways,
        "sources": parts.sources,
        "tags": tags,
        "related": related_stories(story, founders, tags, now),
        "corrections": parts.corrections,
        "share_picture": share_picture,
        "takeaways_picture": sheet.address("takeaways_picture", story.slug),
        "structured_data": structured_data.of_story(story, founders, tags, share_picture),
    }


def preview_of(content: StoryContent, pk: int | None = None) -> StoryPage:
    """Return the context of the page of a content that is not stored in its story yet.

    `pk` is the primary key of that story, or None for a new one.
    """
    draft = Story(pk=pk, **{name: getattr(content, name) for name in content.columns()})
    draft.slug = draft.slug or slug_for(draft.title)
    draft.render_body()
    founders = Founder.objects.in_bulk(content.founders)
    names = [founders[key] for key in content.founders if key in founders]
    tags = list(Tag.objects.known_by(content.tags).with_counts())
    known = {tag.name: tag for tag in tags}
    return {
        "story": draft,
        "founders": names,
        "takeaways": content.takeaways.splitlines(),
        "sources": [Source.from_line(line) for line in content.sources.splitlines()],
        "tags": [known.get(name) or Tag(name=name, slug=slug_for(name)) for name in content.tags],
        "related": related_stories(draft, names, tags),
    }


class Parts(NamedTuple):
    """The takeaways (sentences), sources and corrections (newest first) of a story."""

    takeaways: list[str]
    sources: list[Source]
    corrections: list[Correction]


class PartRow(NamedTuple):
    """A takeaway, a source or a correction, in columns that fit all three."""

    kind: str
    position: int
    text: str
    url: str
    accessed_on: date | None
    decided_at: datetime | None


def _union_of_parts(story: Parameter) -> QuerySet:
    """Return the takeaways, sources and corrections of a story as `PartRow`s.

    Three plain queries would be easier to read, but a story's page may make eight queries, and
    with them it would make ten. So this is one UNION of three tables; a column that a table does
    not have is empty in its rows.
    """
    no_url, no_day, no_time = Value(""), Value(None, DateField()), Value(None, DateTimeField())
    takeaways = Takeaway.objects.filter(story=story).order_by()
    sources = Source.objects.filter(story=story).order_by()
    corrections = Suggestion.objects.noted().filter(story=story).order_by()
    # PostgreSQL takes the type of a column from the first two queries.
    return corrections.values_list(
        Value("correction"), -F("pk"), "public_note", no_url, no_day, "decided_at"
    ).union(
        sources.values_list(Value("source"), "position", "title", "url", "accessed_on", no_time),
        takeaways.values_list(Value("takeaway"), "position", "text", no_url, no_day, no_time),
        all=True,
    )


_parts = Prepared(_union_of_parts, story=BigIntegerField())


def read_parts(story: Story) -> Parts:
    """Return the takeaways, sources and corrections of a story, in one query."""
    rows = sorted((PartRow(*row) for row in _parts(story=story.pk)), key=lambda row: row.position)
    return Parts(
        takeaways=[row.text for row in rows if row.kind == "takeaway"],
        sources=[
            Source(title=row.text, accessed_on=row.accessed_on, url=row.url)
            for row in rows
            if row.kind == "source"
        ],
        corrections=[
            Correction(timezone.localtime(row.decided_at).date(), row.text)
            for row in rows
            if row.kind == "correction" and row.decided_at
        ],
    )
