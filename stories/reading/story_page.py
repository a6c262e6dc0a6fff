"""What the page of a story shows: of a stored story, or of a content that no reader sees yet."""

from operator import itemgetter
from typing import Any

from django.db.models import DateField, F, Value
from django.db.models.functions import TruncDate

from founders.models import Founder
from stories.models import Source, Story, StoryContent, Tag
from stories.reading import structured_data
from stories.reading.related import related_stories
from stories.sharing.share_pictures import card_of_story
from stories_project.text.folding import slug_for


def page_of(story):
    """Return the context of a stored story's page, in six queries besides the story's own two."""
    takeaways, sources, corrections = lines_of(story)
    tags = list(Tag.objects.of(story).with_counts())
    founders = story.founders
    share_picture = card_of_story(story, founders).address("story_picture", story.slug)
    sheet = card_of_story(story, founders, takeaways)
    return _page(story, founders, takeaways, sources, tags) | {
        "corrections": corrections,
        "share_picture": share_picture,
        "takeaways_picture": sheet.address("takeaways_picture", story.slug),
        "structured_data": structured_data.of_story(story, founders, tags, share_picture),
    }


def preview_of(content: StoryContent, pk: int | None = None) -> dict[str, Any]:
    """Return the context of the page that a content would make; `pk` is that of its story."""
    draft = Story(pk=pk, **{name: getattr(content, name) for name in content.columns()})
    draft.slug = draft.slug or slug_for(draft.title)
    draft.render_body()
    founders = Founder.objects.in_bulk(content.founders)
    names = [founders[key] for key in content.founders if key in founders]
    sources = [Source.from_line(line) for line in content.sources.splitlines()]
    tags = list(Tag.objects.known_by(content.tags).with_counts())
    known = {tag.name: tag for tag in tags}
    shown = [known.get(name) or Tag(name=name, slug=slug_for(name)) for name in content.tags]
    page = _page(draft, names, content.takeaways.splitlines(), sources, tags)
    return page | {"tags": shown}


def lines_of(story):
    """Return the takeaways, the Sources and the corrections of a story, with one query.

    Takeaways are sentences, corrections are (day, sentence), the newest first.
    """
    takeaways = story.takeaways.order_by().values_list(
        *("position", "text", Value(None, DateField()), Value("takeaway"), Value(""))
    )
    sources = story.sources.order_by().values_list(
        *("position", "title", "accessed_on", Value("source"), "url")
    )
    corrections = story.suggestions.noted().annotate(day=TruncDate("decided_at"))
    corrections = corrections.values_list(
        *(-F("pk"), "public_note", "day", Value("correction"), Value(""))
    )
    rows = takeaways.union(sources, corrections.order_by(), all=True)
    rows = sorted(rows, key=itemgetter(0))
    return (
        [text for _, text, _, kind, _ in rows if kind == "takeaway"],
        [
            Source(title=t, accessed_on=day, url=u)
            for _, t, day, kind, u in rows
            if kind == "source"
        ],
        [(day, text) for _, text, day, kind, _ in rows if kind == "correction"],
    )


def _page(story, founders, takeaways, sources, tags):
    return {
        "story": story,
        "founders": founders,
        "takeaways": takeaways,
        "sources": sources,
        "tags": tags,
        "related": related_stories(story, founders, tags),
    }
