"""The content of a story: one flat, JSON-safe dictionary, which a form cleans and a revision keeps.

Times are ISO 8601 in UTC, pictures are names in the storage, people and stories are primary keys,
tags are names, takeaways and sources are lines of one text.
"""

from datetime import UTC, datetime

from django.core.files.storage import default_storage

from founders.models import Founder
from stories.models import RelatedChoice, Story, StoryFounder, StoryTag, Tag, Takeaway
from stories.writing.source_lines import parse_source, source_line

EMPTY = {
    "title": "",
    "slug": "",
    "excerpt": "",
    "body": "",
    "takeaways": "",
    "sources": "",
    "founders": [],
    "tags": [],
    "cover": "",
    "cover_focus": "",
    "cover_alt": "",
    "cover_credit": "",
    "byline": "",
    "reading_minutes": None,
    "publish_at": None,
    "unpublish_at": None,
    "is_lead": False,
    "pinned": [],
    "banned": [],
    "search_title": "",
    "search_description": "",
    "canonical_url": "",
}


def content_of(story):
    """Return the content of a story as it is stored; that of an unsaved one is EMPTY."""
    if story.pk is None:
        return dict(EMPTY)
    choices = story.related_choices.all()
    parts = {
        "takeaways": "\n".join(takeaway.text for takeaway in story.takeaways.all()),
        "sources": "\n".join(source_line(source) for source in story.sources.all()),
        "founders": [row.founder_id for row in story.story_founders.all()],
        "tags": [row.tag.name for row in story.story_tags.select_related("tag").order_by("pk")],
        "pinned": [row.other_id for row in choices if row.choice == RelatedChoice.Choice.PIN],
        "banned": [row.other_id for row in choices if row.choice == RelatedChoice.Choice.BAN],
    }
    return as_content({name: parts.get(name, getattr(story, name, None)) for name in EMPTY})


def newest_content_of(story):
    """Return what an editor works on: the working copy where there is one."""
    if story.working_revision_id:
        return EMPTY | story.working_revision.content
    return content_of(story)


def without_what_is_gone(content):
    """Return an old content without the stories and the picture that are deleted since."""
    related = ("pinned", "banned")
    others = {key for field in related for key in content[field]}
    stored = set(Story.objects.filter(pk__in=others).values_list("pk", flat=True))
    kept = {field: [key for key in content[field] if key in stored] for field in related}
    if content["cover"] and not default_storage.exists(content["cover"]):
        kept["cover"] = ""
    return EMPTY | content | kept


def names_in(*contents):
    """Return {field: {key: name}} for the people and stories that contents know by their keys."""

    def names(model, *fields):
        keys = {key for content in contents for field in fields for key in content.get(field, [])}
        return {row.pk: str(row) for row in model.objects.filter(pk__in=keys)}

    stories = names(Story, "pinned", "banned")
    return {"founders": names(Founder, "founders"), "pinned": stories, "banned": stories}


def as_content(values):
    """Return cleaned values with every one of them safe to keep as JSON."""
    return {name: _jsonable(value) for name, value in values.items()}


def parse_moment(text):
    """Return the aware datetime that a content has as text, or None."""
    return datetime.fromisoformat(text) if text else None


def store_parts(story, content):
    """Store anew, in its order, every row that belongs to a story."""
    times = {"publish_at": story.publish_at, "unpublish_at": story.unpublish_at}
    _replace(
        story.takeaways,
        [Takeaway(text=line) for line in content["takeaways"].splitlines()],
    )
    _replace(story.sources, [parse_source(line) for line in content["sources"].splitlines()])
    _replace(
        story.story_founders,
        [StoryFounder(founder_id=founder, **times) for founder in content["founders"]],
    )
    _replace(
        story.story_tags,
        [StoryTag(tag=tag, **times) for tag in Tag.objects.named(content["tags"])],
    )
    _replace(
        story.related_choices,
        [
            RelatedChoice(other_id=other, choice=choice)
            for choice, field in (("pin", "pinned"), ("ban", "banned"))
            for other in content[field]
        ],
    )


def _replace(related, rows):
    related.all().delete()
    for position, row in enumerate(rows):
        setattr(row, related.field.name, related.instance)
        row.position = position
    related.bulk_create(rows)


def _jsonable(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int | list):
        return value
    return str(value)
