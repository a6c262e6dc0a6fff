"""The verbs of `Story`, each implemented once.

If a verb gets a content, `StoryForm` has accepted it already. If not, the verb locks the story and
validates its newest content with the form. If the form refuses it, the verb raises ValidationError
with the messages of the form, and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from stories.models import (
    Author,
    EditOptions,
    Revision,
    ScheduledUpdate,
    Story,
    StoryContent,
    Tag,
    Times,
)
from stories.models.listing import SCHEDULE, Listing, record_change
from stories.reviewing.steps import Step, record
from stories.writing.forms import StoryForm, Verb
from stories.writing.pictures_of_story import note_pictures, note_removed, with_other_picture
from stories.writing.references import without_missing_references
from stories.writing.saving import Edit, save, store
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record as audit
from stories_project.page_cache import change_log
from stories_project.past_slugs import keep_past_slug

Kind = Revision.Kind


def accepted(
    story: Story, content: StoryContent, verb: Verb, stored: StoryContent | None = None
) -> StoryContent:
    """Return the content as the form accepts it; raise ValidationError if the form refuses it.

    `stored` is the newest content, if the caller has read it already. The form changes attributes
    of `story`: lock the story again before you use it.
    """
    form = StoryForm(content.to_form_data(), instance=story, verb=verb, stored=stored)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form.content


def save_content(story: Story, content: StoryContent, **edit: Unpack[EditOptions]) -> Story:
    """See `Story.save_content`."""
    return save(story, Edit(content, **edit), for_readers=False)


def replace_content(story: Story, content: StoryContent, **edit: Unpack[EditOptions]) -> Story:
    """See `Story.replace_content`."""
    return save(story, Edit(content, **edit), for_readers=True)


@transaction.atomic
def revise(
    story: Story,
    changes: Mapping[str, Any],
    verb: Verb,
    update_at: datetime | None = None,
    **edit: Unpack[EditOptions],
) -> Story:
    """Change some values of the newest content, validate it for a verb, and save it.

    `update_at` schedules the content: as an update of a public story, or else as its publication.
    """
    story.lock()
    if update_at and not story.is_published:
        changes, update_at = {**changes, "publish_at": update_at}, None
    stored = story.newest_content
    changed = without_missing_references(stored).with_values(changes)
    content = accepted(story, changed, verb, stored)
    is_for_readers = verb is not Verb.SAVE and update_at is None
    return save(story, Edit(content, **edit), for_readers=is_for_readers, update_at=update_at)


def publish(
    story: Story, content: StoryContent | None = None, **edit: Unpack[EditOptions]
) -> Story:
    """See `Story.publish`."""
    edit.setdefault("kind", Kind.PUBLISHED)
    if content is None:
        return revise(story, {}, Verb.PUBLISH, **edit)
    return save(story, Edit(content, **edit), for_readers=True)


def schedule(
    story: Story, at: datetime, content: StoryContent | None = None, **edit: Unpack[EditOptions]
) -> Story:
    """See `Story.schedule`."""
    if content is None:
        return revise(story, {}, Verb.REPLACE, at, **edit)
    return save(story, Edit(content, **edit), for_readers=False, update_at=at)


def withdraw(story: Story, by: Author = None, note: str = "") -> Story:
    """See `Story.withdraw`."""
    return retime(story, {"unpublish_at": timezone.now()}, by, note, kind=Kind.WITHDRAWN)


@transaction.atomic
def retime(
    story: Story, times: Times, by: Author = None, note: str = "", kind: str = Kind.SAVED
) -> Story:
    """See `Story.retime`."""
    story.lock()

    def change(content: StoryContent) -> StoryContent:
        return replace(content, **times)

    edit = Edit(change(story.content), by=by, note=note, kind=kind)
    return _change_everywhere(story, change, edit, "The same text with the new times")


@transaction.atomic
def swap_picture(story: Story, old: str, new: str, by: Author = None, note: str = "") -> Story:
    """See `Story.swap_picture`."""
    story.lock()

    def change(content: StoryContent) -> StoryContent:
        return with_other_picture(content, old, new)

    edit = Edit(change(story.content), by=by, note=note)
    return _change_everywhere(story, change, edit, note)


def _change_everywhere(
    story: Story, change: Callable[[StoryContent], StoryContent], edit: Edit, note: str
) -> Story:
    """Save an edit of a locked story for readers, and change its unpublished texts likewise.

    They stay unpublished: the working copy and a scheduled update get a revision with `note`. An
    edit that changes nothing for readers is not saved.
    """
    is_for_readers = edit.content != story.content
    update = ScheduledUpdate.objects.filter(story=story).first()
    unpublished = [update.revision if update else None, story.working_revision]
    if is_for_readers:
        content = accepted(story, edit.content, Verb.RETIME)
        save(story, replace(edit, content=content), for_readers=True)
    for revision in dict.fromkeys(filter(None, unpublished)):
        if not is_for_readers and change(revision.content) == revision.content:
            continue
        copy = _append_copy(story, change(revision.content), edit.by, note)
        if update and update.revision == revision and story.is_published:
            update.revision = copy
            update.save()
            change_log.record(SCHEDULE)
    return story


def _append_copy(story: Story, content: StoryContent, by: Author, note: str) -> Revision:
    """Append a changed copy of an unpublished revision, as the working copy."""
    story.working_revision = Revision.objects.create(
        story=story,
        content=content,
        kind=Kind.SAVED,
        note=note,
        author=by,
        based_on_id=story.newest_revision_id,
    )
    story.save(update_fields=["working_revision"])
    note_pictures(story)
    return story.working_revision


@transaction.atomic
def discard_changes(story: Story, by: Author = None) -> Story:
    """See `Story.discard_changes`."""
    story.lock()
    if story.has_unpublished_changes:
        discarded = Revision.objects.create(
            story=story,
            content=story.content,
            kind=Kind.DISCARDED,
            author=by,
            based_on=story.working_revision,
        )
        story.live_revision, story.working_revision = discarded, None
        story.save(update_fields=["live_revision", "working_revision", "updated_at"])
        ScheduledUpdate.objects.filter(story=story).delete()
        note_pictures(story)
    return story


@transaction.atomic
def cancel_update(story: Story, by: Author = None) -> Story:
    """See `Story.cancel_update`."""
    story.lock()
    cancelled, _ = ScheduledUpdate.objects.filter(story=story).delete()
    if cancelled:
        record(story, Step.CANCELLED, by)
    return story


@transaction.atomic
def go_live(story: Story, revision: Revision) -> None:
    """See `Story.go_live`."""
    content = accepted(story, without_missing_references(revision.content), Verb.REPLACE)
    story.lock()
    store(story, content)
    is_newest = story.working_revision_id == revision.pk
    story.live_revision = revision
    story.working_revision = None if is_newest else story.working_revision
    story.save(update_fields=["live_revision", "working_revision"])
    note_pictures(story)


def revert(story: Story, revision: Revision, by: Author = None) -> Story:
    """See `Story.revert`."""
    newest = story.newest_content
    old = replace(
        without_missing_references(revision.content),
        publish_at=newest.publish_at,
        unpublish_at=newest.unpublish_at,
    )
    note = f"To the text of {timezone.localtime(revision.created_at):%Y-%m-%d %H:%M}"
    edit: EditOptions = {"by": by, "kind": Kind.REVERTED, "note": note}
    return revise(story, old.to_form_data(), Verb.SAVE, **edit)


@transaction.atomic
def remove(story: Story, by: Author = None) -> None:
    """See `Story.remove`."""
    story.lock()
    Revision.objects.create(
        story=story,
        content=story.newest_content,
        kind=Kind.DELETED,
        author=by,
        based_on_id=story.newest_revision_id,
    )
    if story.has_been_public:
        keep_past_slug(story, story.slug)
    before = Listing.of(story)
    record_change(story, before, None)
    note_removed(story)
    audit(AuditEntry.Kind.STORY, "deleted", story, by=by)
    story.delete()
    Tag.objects.recount(before.tags)


@transaction.atomic
def restore(revision: Revision, by: Author = None) -> Story:
    """See `Revision.restore`."""
    story = Story(pk=revision.story_id)
    old = without_missing_references(revision.content)
    was_public = Story(publish_at=old.publish_at, unpublish_at=old.unpublish_at).is_published
    if was_public:
        old = replace(old, unpublish_at=timezone.now())
    content = accepted(story, old, Verb.RETIME if was_public else Verb.REPLACE)
    edit = Edit(content, by=by, kind=Kind.RESTORED, based_on=revision.pk)
    restored = save(story, edit, for_readers=True)
    audit(AuditEntry.Kind.STORY, "restored", restored, by=by)
    return restored
