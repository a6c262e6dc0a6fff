"""Saving an edit while its story is locked: conflict check, revision, row or working copy.

The revisions of a story form a chain: each is based on the newest one before it. A content that is
based on an older revision is set aside, outside the chain, until somebody merges it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from founders.models import Founder
from stories.models import (
    Author,
    Plan,
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
from stories.models.listing import SCHEDULE, Listing, record_change
from stories.reviewing.steps import record
from stories.search.indexing import index
from stories.writing.pictures_of_story import note_pictures, note_set_aside
from stories_project.page_cache import change_log
from stories_project.past_slugs import keep_past_slug
from stories_project.text.markdown import facts_of

Kind, State, Status, Step = Revision.Kind, Story.State, Story.ReviewStatus, Review.Step
# Means "the newest revision", for callers that have locked the story before reading it.
NEWEST: Final = object()


class Overtaken(Exception):
    """Somebody else has saved first. The content is kept as `revision`, which is set aside."""

    def __init__(self, revision: Revision) -> None:
        super().__init__("Somebody else has saved this story since it was opened.")
        self.revision = revision


@dataclass(frozen=True)
class Edit:
    """A content to save, and what the history records about it.

    `based_on` is the primary key of the revision that was newest when the author opened the form,
    or NEWEST. `settles` is a set-aside revision that is merged into this one.
    """

    content: StoryContent
    by: Author = None
    kind: str = Kind.SAVED
    note: str = ""
    based_on: Any = NEWEST
    settles: Revision | None = None

    def revision(self, story: Story, **changes: Any) -> Revision:
        """Return the unsaved revision for this edit."""
        values = {"kind": self.kind, "note": self.note, "settles": self.settles, **changes}
        return Revision(story=story, content=self.content, author=self.by, **values)


def save(
    story: Story, edit: Edit, *, for_readers: bool, update_at: datetime | None = None
) -> Story:
    """Append an edit to the history of a story, store it, and return the story.

    The edit becomes the working copy of a public story, and goes live at `update_at` if given. One
    that changes nothing of the newest text is no working copy.
    With `for_readers`, and for any other story, it is stored in the row. If somebody else has saved
    since `edit.based_on`, the content is set aside and Overtaken is raised.
    """
    with transaction.atomic():
        if story._state.adding:
            base = None if edit.based_on is NEWEST else edit.based_on
            return _store_in_row(story, edit.revision(story, based_on_id=base))
        story.lock()
        newest = story.newest_revision_id or _first_revision(story).pk
        if edit.based_on in (NEWEST, newest) or story.newest_revision_id is None:
            revision = edit.revision(story, based_on_id=newest)
            if story.is_published and not for_readers:
                if not (update_at or edit.settles) and edit.content == story.newest_content:
                    return story
                return _store_as_working_copy(story, revision, update_at)
            return _store_in_row(story, revision)
        base = story.revisions.filter(pk=edit.based_on or 0).first()
        set_aside = edit.revision(story, kind=Kind.SET_ASIDE, based_on=base)
        set_aside.save()
        note_set_aside(story, set_aside.content)
    raise Overtaken(set_aside)


def _first_revision(story: Story) -> Revision:
    """Create the first revision of a story that was stored without one."""
    note = "As it was before the first edit"
    return Revision.objects.create(
        story=story, content=story.content, kind=Kind.IMPORTED, note=note
    )


def _store_as_working_copy(story: Story, revision: Revision, update_at: datetime | None) -> Story:
    revision.save()
    story.working_revision, story.updated_at = revision, revision.created_at
    story.save(update_fields=["working_revision", "updated_at"])
    note_pictures(story)
    if update_at:
        plan = {"revision": revision, "at": update_at, "by": revision.author}
        ScheduledUpdate.objects.update_or_create(
            story=story, defaults=plan | {"failed_at": None, "failure": ""}
        )
        record(story, Step.SCHEDULED, revision.author, revision.note, update_at)
        change_log.record(SCHEDULE)
    return story


def _store_in_row(story: Story, revision: Revision) -> Story:
    before = None if story._state.adding else (story.state, story.publish_at)
    store(story, revision.content)
    revision.story = story
    if before:
        ScheduledUpdate.objects.filter(story=story).delete()
    revision.save()
    story.live_revision, story.working_revision = revision, None
    story.save(update_fields=["live_revision", "working_revision"])
    note_pictures(story, is_new=not revision.based_on_id)
    if story.is_published:
        # Readers see now what the links were made for.
        story.review_links.filter(revoked_at=None).update(revoked_at=timezone.now())
    if step := _step_from(before, revision):
        record(story, step, revision.author, revision.note, _planned_at(story))
    return story


def _step_from(before: tuple[str, datetime | None] | None, revision: Revision) -> str | None:
    """Return the review step that a saved revision means, or None.

    `before` is the previous state and time of publication, or None for a new story.
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
    """Store a content in the row of its locked story, and in all rows that belong to the story.

    A former slug of a public story is kept, so that its address redirects.
    """
    is_new = story._state.adding
    before = None if is_new else Listing.of(story)
    public_slug = story.slug if not is_new and story.has_been_public else None
    content, tags = _with_locked_references(content, before.tags if before else ())
    for name in content.columns():
        setattr(story, name, getattr(content, name))
    story.render_body()
    story.modified_at = timezone.now()
    if story.publish_at:
        story.review_status = Status.NONE
    story.save(force_insert=is_new)
    if public_slug and (public_slug != story.slug or not story.is_published):
        keep_past_slug(story, public_slug)
    if not is_new:
        _delete_rows(story)
    _store_rows(story, content, tags)
    index(story, content, [tag.pk for tag in tags])
    after = Listing.of(story)
    if before != after:
        Tag.objects.recount(after.tags | (before.tags if before else set()))
    record_change(story, before, after)


def _with_locked_references(
    content: StoryContent, tags_before: Iterable[int]
) -> tuple[StoryContent, list[Tag]]:
    """Lock the founders and tags of a content, and return it with those that they are now.

    The tags that the story has (primary keys) are locked too: their stories are counted again.
    Whoever merges some of them has locked them before: this waits, and then names the kept ones.
    """
    rows = Founder.objects.select_for_update(no_key=True).filter(pk__in=content.founders)
    list(rows.order_by("pk").values_list("pk", flat=True))
    replaced = Founder.objects.replaced(content.founders)
    founders = dict.fromkeys(replaced.get(key, key) for key in content.founders)
    content = replace(content, founders=tuple(key for key in founders if key is not None))
    while True:
        tags = Tag.objects.named(content.tags)
        keys = {tag.pk for tag in tags}
        locked = Tag.objects.select_for_update(no_key=True).filter(pk__in=keys.union(tags_before))
        if keys <= set(locked.order_by("pk").values_list("pk", flat=True)):
            return content, tags


def _delete_rows(story: Story) -> None:
    of_founders_and_tags = (story.story_founders, story.story_tags)
    for related in (story.takeaways, story.sources, *of_founders_and_tags, story.related_choices):
        related.all().delete()


def _store_rows(story: Story, content: StoryContent, tags: list[Tag]) -> None:
    """Store all rows that belong to a story. Those of founders and tags copy its times."""
    times = {"publish_at": story.publish_at, "unpublish_at": story.unpublish_at}
    Plan.objects.filter(story=story).update(**times)
    takeaways = [Takeaway(text=line) for line in content.takeaways.splitlines()]
    sources = Source.from_lines(content.sources, facts_of(content.body).citations)
    place = {"told_order": StoryFounder.place_of(content.told_from), **times}
    founders = [StoryFounder(founder_id=key, **place) for key in content.founders]
    tagged = [StoryTag(tag=tag, **times) for tag in tags]
    pins = [RelatedChoice(other_id=key, choice="pin") for key in content.pinned]
    bans = [RelatedChoice(other_id=key, choice="ban") for key in content.banned]
    _add(story.takeaways, takeaways)
    _add(story.sources, sources)
    _add(story.story_founders, founders)
    _add(story.story_tags, tagged)
    _add(story.related_choices, pins + bans)


def _add(related: Any, rows: list[Any]) -> None:
    for position, row in enumerate(rows):
        setattr(row, related.field.name, related.instance)
        row.position = position
    related.bulk_create(rows)
