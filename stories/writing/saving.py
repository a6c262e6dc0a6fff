"""One save under the lock of its story: the conflict check, the revision, and what readers see.

The revisions of a story are a chain: each is based on the one that was newest. A text that was
based on an older one is set aside, outside the chain, until somebody merges it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from stories.models import (
    Author,
    RelatedChoice,
    Review,
    Revision,
    ScheduledUpdate,
    Source,
    Story,
    StoryContent,
    StoryFounder,
    StoryTag,
    Tag,
    Takeaway,
)
from stories.reviewing.steps import record
from stories.search.indexing import index
from stories_project.past_slugs import keep_past_slug

Kind, State, Status, Step = Revision.Kind, Story.State, Story.ReviewStatus, Review.Step
# Stands for the newest revision, for a caller who has read the story under its lock.
NEWEST: Final = object()


class Overtaken(Exception):
    """Somebody else saved first. The content is kept as `revision` and changes nothing else."""

    def __init__(self, revision: Revision) -> None:
        super().__init__("Somebody else has saved this story since it was opened.")
        self.revision = revision


@dataclass(frozen=True)
class Edit:
    """What is saved of a story, and what its history says about it.

    `based_on` is the key of the revision that was newest when the author began, or NEWEST;
    `settles` is a revision that was set aside and is merged into this one.
    """

    content: StoryContent
    by: Author = None
    kind: str = Kind.SAVED
    note: str = ""
    based_on: Any = NEWEST
    settles: Revision | None = None

    def revision(self, story: Story, **changes: Any) -> Revision:
        """Return the revision that keeps this edit, not stored yet."""
        values = {"kind": self.kind, "note": self.note, "settles": self.settles, **changes}
        return Revision(story=story, content=self.content, author=self.by, **values)


def save(
    story: Story, edit: Edit, *, for_readers: bool, update_at: datetime | None = None
) -> Story:
    """Append an edit to the history of a story, store it, and return the story.

    A story that readers see keeps its row, and the edit becomes its working copy, which goes live
    at `update_at` where that is given; unless the edit is `for_readers`. Raises Overtaken, once the
    content is set aside, where somebody else has saved since `edit.based_on`.
    """
    with transaction.atomic():
        if story._state.adding:
            base = None if edit.based_on is NEWEST else edit.based_on
            return _store_in_row(story, edit.revision(story, based_on_id=base))
        story.lock()
        newest = story.newest_revision_id or _keep_as_it_is(story).pk
        if edit.based_on in (NEWEST, newest) or story.newest_revision_id is None:
            revision = edit.revision(story, based_on_id=newest)
            if story.is_published and not for_readers:
                return _store_as_working_copy(story, revision, update_at)
            return _store_in_row(story, revision)
        base = story.revisions.filter(pk=edit.based_on or 0).first()
        aside = edit.revision(story, kind=Kind.SET_ASIDE, based_on=base)
        aside.save()
    raise Overtaken(aside)


def _keep_as_it_is(story: Story) -> Revision:
    """Begin the history of a story that was stored without a revision."""
    note = "As it was before the first edit"
    return Revision.objects.create(
        story=story, content=story.content, kind=Kind.IMPORTED, note=note
    )


def _store_as_working_copy(story: Story, revision: Revision, update_at: datetime | None) -> Story:
    revision.save()
    story.working_revision, story.updated_at = revision, revision.created_at
    story.save(update_fields=["working_revision", "updated_at"])
    if update_at:
        plan = {"revision": revision, "at": update_at, "by": revision.author}
        ScheduledUpdate.objects.update_or_create(
            story=story, defaults=plan | {"failed_at": None, "failure": ""}
        )
        record(story, Step.SCHEDULED, revision.author, revision.note, update_at)
    return story


def _store_in_row(story: Story, revision: Revision) -> Story:
    before = None if story._state.adding else (story.state, story.publish_at)
    store(story, revision.content)
    revision.story = story
    ScheduledUpdate.objects.filter(story=story).delete()
    revision.save()
    story.live_revision, story.working_revision = revision, None
    story.save(update_fields=["live_revision", "working_revision"])
    if step := _step_from(before, revision):
        record(story, step, revision.author, revision.note, _planned_at(story))
    return story


def _step_from(before: tuple[str, datetime | None] | None, revision: Revision) -> str | None:
    """Return the step that a story has taken with its newest revision, or None.

    `before` are the state and the date it had, or None for a new story.
    """
    state, publish_at = before or (State.DRAFT, None)
    story = revision.story
    if story.state == State.SCHEDULED and story.publish_at != publish_at:
        return Step.SCHEDULED
    if story.is_published and (state != State.PUBLISHED or revision.kind == Kind.PUBLISHED):
        return Step.PUBLISHED
    if state == State.PUBLISHED and not story.is_published:
        return Step.WITHDRAWN
    return Step.CANCELLED if state == State.SCHEDULED and not story.publish_at else None


def _planned_at(story: Story) -> datetime | None:
    return story.publish_at if story.state == State.SCHEDULED else None


def store(story: Story, content: StoryContent) -> None:
    """Store a content in the row of its locked story, and in every row that belongs to it.

    A slug that the public knew is kept when it changes, so that it redirects.
    """
    is_new = story._state.adding
    public_slug = story.slug if not is_new and story.has_been_public else None
    for name in content.columns():
        setattr(story, name, getattr(content, name))
    story.render_body()
    story.modified_at = timezone.now()
    if story.publish_at:
        story.review_status = Status.NONE
    story.save(force_insert=is_new)
    if public_slug and (public_slug != story.slug or not story.is_published):
        keep_past_slug(story, public_slug)
    _store_rows(story, content)
    index(story, content)


def _store_rows(story: Story, content: StoryContent) -> None:
    """Replace every row that belongs to a story; founders and tags carry a copy of its times."""
    times = {"publish_at": story.publish_at, "unpublish_at": story.unpublish_at}
    takeaways = [Takeaway(text=line) for line in content.takeaways.splitlines()]
    sources = [Source.from_line(line) for line in content.sources.splitlines()]
    founders = [StoryFounder(founder_id=key, **times) for key in content.founders]
    tags = [StoryTag(tag=tag, **times) for tag in Tag.objects.named(content.tags)]
    pins = [RelatedChoice(other_id=key, choice="pin") for key in content.pinned]
    bans = [RelatedChoice(other_id=key, choice="ban") for key in content.banned]
    _replace(story.takeaways, takeaways)
    _replace(story.sources, sources)
    _replace(story.story_founders, founders)
    _replace(story.story_tags, tags)
    _replace(story.related_choices, pins + bans)


def _replace(related: Any, rows: list[Any]) -> None:
    related.all().delete()
    for position, row in enumerate(rows):
        setattr(row, related.field.name, related.instance)
        row.position = position
    related.bulk_create(rows)
