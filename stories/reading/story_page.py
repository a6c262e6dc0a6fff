"""What a story's page shows, for a stored story or for a content that is not public yet."""

from typing import NotRequired, TypedDict

from django.db.models import CharField, DateTimeField
from django.utils import timezone

from founders.models import Founder
from stories.models import Source, Story, StoryContent, Tag
from stories.models.story_query import load_founders
from stories.reading import structured_data
from stories.reading.life import LifeStep
from stories.reading.parts import MOST_WEBMENTIONS, Correction, ShownWebmention, read_parts_of
from stories.reading.related import RelatedStory, journey_from, read_tags, related_stories
from stories.reading.series import SeriesPlace
from stories.reading.structured_data import JsonLd
from stories.sharing import oembed
from stories.sharing.share_pictures import card_of_story
from stories_project.prepared import Prepared
from stories_project.text.folding import slug_for
from stories_project.text.markdown import facts_of


class StoryPage(TypedDict):
    """The context of `stories/story.html`. A preview has no corrections, no series, no sharing.

    `share_picture` and `takeaways_picture` are URLs without scheme and host; `frame` is the HTML
    that shows the card of the story on another site.
    """

    story: Story
    founders: list[Founder]
    takeaways: list[str]
    sources: list[Source]
    tags: list[Tag]
    related: list[RelatedStory]
    lives: NotRequired[list[LifeStep]]
    corrections: NotRequired[list[Correction]]
    webmentions: NotRequired[list[ShownWebmention]]
    series: NotRequired[SeriesPlace | None]
    share_picture: NotRequired[str]
    takeaways_picture: NotRequired[str]
    frame: NotRequired[str]
    structured_data: NotRequired[JsonLd]


def _by_slug(*left_out: str) -> Prepared:
    """Prepare the query for the public story with a slug, without some columns."""
    return Prepared(
        lambda slug, now: Story.objects.published(now).filter(slug=slug).defer(*left_out),
        slug=CharField(),
        now=DateTimeField(),
    )


_stories = _by_slug("body")
_sources = _by_slug("body_html", "body_headings")


def read_story(slug: str) -> Story | None:
    """Return the public story with a slug and its founders, or None, in two queries."""
    return _first(_stories(slug=slug, now=timezone.now()))


def read_source(slug: str) -> Story | None:
    """Return the same with its Markdown in place of its HTML."""
    return _first(_sources(slug=slug, now=timezone.now()))


def _first(stories: list[Story]) -> Story | None:
    load_founders(stories)
    return stories[0] if stories else None


def page_of(story: Story) -> StoryPage:
    """Return the context of a stored story's page.

    Makes five queries, after the two of `read_story`.
    """
    now = timezone.now()
    parts = read_parts_of(story.pk, now)
    tags = read_tags(story, now)
    founders = story.founders
    card = card_of_story(story, founders)
    share_picture = card.address("story_picture", story.slug)
    sheet = card.with_points(parts.takeaways)
    journey = journey_from(story, founders, tags, now)
    data = structured_data.of_story(story, founders, tags, share_picture, parts)
    return {
        "story": story,
        "founders": founders,
        "takeaways": parts.takeaways,
        "sources": parts.sources,
        "tags": tags,
        "related": journey.related,
        "lives": journey.lives,
        "corrections": parts.corrections,
        "webmentions": parts.webmentions[:MOST_WEBMENTIONS],
        "series": parts.series,
        "share_picture": share_picture,
        "frame": oembed.frame(story),
        "takeaways_picture": sheet.address("takeaways_picture", story.slug),
        "structured_data": data,
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
        "sources": sorted(
            Source.from_lines(content.sources, facts_of(content.body).citations),
            key=Source.by_number,
        ),
        "tags": [known.get(name) or Tag(name=name, slug=slug_for(name)) for name in content.tags],
        "related": related_stories(draft, names, tags),
    }
