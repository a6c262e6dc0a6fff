"""What is done with a story that is written: publish, withdraw, schedule, discard, revert.

Each verb is one transaction under the story's lock and appends a revision. `by` is the user who
does it, or None for the publication itself. What a form refuses is a ValidationError with its
sentences, and then nothing has changed.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from stories.models import Revision, ScheduledUpdate, Story
from stories.reviewing.steps import Step, record
from stories.writing.content import (
    as_content,
    content_of,
    newest_content_of,
    parse_moment,
    without_what_is_gone,
)
from stories.writing.forms import PUBLISH, WITHDRAW, StoryForm
from stories_project.past_slugs import keep_past_slug

TIMES = ("publish_at", "unpublish_at")


@transaction.atomic
def revise(story, changes, *, goes_live=True, **saving):
    """Change some values of a story's newest content, save it, and return the story.

    `changes` are values by field name; `saving` is what `StoryForm.save` takes. What is public
    changes for readers at once, unless `goes_live` is False.
    """
    story.lock()
    content = without_what_is_gone(newest_content_of(story))
    return _save(story, content | changes, goes_live=goes_live, **saving)


def publish(story, by=None, note=""):
    """Show the newest content to readers at this moment; a withdrawal to come stays."""
    return revise(story, {PUBLISH: True}, author=by, note=note)


def withdraw(story, by=None, note=""):
    """Take a public story away at this moment; a working copy stays one."""
    return retime(story, {WITHDRAW: True}, by, note, kind=Revision.Kind.WITHDRAWN)


@transaction.atomic
def retime(story, times, by=None, note="", kind=None):
    """Change when readers see a story, and nothing else of what they see.

    `times` are values of `publish_at` and `unpublish_at`, or the verb WITHDRAW. The working copy
    and a scheduled update take the new times and wait on; withdrawing cancels the update.
    """
    story.lock()
    update = ScheduledUpdate.objects.filter(story=story).first()
    waiting = [update and update.revision, story.working_revision]
    content = content_of(story) | times
    _save(story, content, is_checked=False, author=by, note=note, kind=kind)
    for revision in filter(None, dict.fromkeys(waiting)):
        retimed = _keep_waiting(story, revision, by)
        if update and update.revision == revision and story.is_published:
            update.revision = retimed
            update.save(force_insert=True)
    return story


@transaction.atomic
def discard_changes(story, by=None):
    """Go back to what readers see; the working copy stays in the history."""
    story.lock()
    if story.has_unpublished_changes:
        discarded = Revision.objects.create(
            story=story,
            content=content_of(story),
            kind=Revision.Kind.DISCARDED,
            author=by,
            based_on=story.working_revision,
        )
        story.live_revision, story.working_revision = discarded, None
        story.save(update_fields=["live_revision", "working_revision", "updated_at"])
        ScheduledUpdate.objects.filter(story=story).delete()
    return story


@transaction.atomic
def cancel_update(story, by=None):
    """Let a scheduled update wait for an editor again; its text stays the working copy."""
    story.lock()
    cancelled, _ = ScheduledUpdate.objects.filter(story=story).delete()
    if cancelled:
        record(story, Step.CANCELLED, by)


def revert(story, revision, by=None):
    """Take an old text again: as working copy where readers see the story. Its times stay."""
    times = {name: newest_content_of(story)[name] for name in TIMES}
    return revise(
        story,
        without_what_is_gone(revision.content) | times,
        goes_live=False,
        author=by,
        kind=Revision.Kind.REVERTED,
        note=f"To the text of {timezone.localtime(revision.created_at):%Y-%m-%d %H:%M}",
    )


def delete(story, by=None):
    """Delete a story; a revision that everything can be restored from stays."""
    with transaction.atomic():
        story.lock()
        Revision.objects.create(
            story=story,
            content=newest_content_of(story),
            kind=Revision.Kind.DELETED,
            author=by,
            based_on_id=story.newest_revision_id,
        )
        if story.has_been_public:
            keep_past_slug(story, story.slug)
        story.delete()


@transaction.atomic
def restore(revision, by=None):
    """Bring a deleted story back from its last revision, and return it.

    What was public comes back withdrawn: an editor decides whether readers see it again.
    """
    content = without_what_is_gone(revision.content)
    saving = {"author": by, "kind": Revision.Kind.RESTORED, "based_on": revision.pk}
    was_public = Story(**{name: parse_moment(content[name]) for name in TIMES}).is_published
    times = {WITHDRAW: True} if was_public else {}
    return _save(Story(pk=revision.story_id), content | times, **saving)


def _keep_waiting(story, revision, by):
    """Append a revision that is not public yet once more, with the story's present times."""
    times = as_content({name: getattr(story, name) for name in TIMES})
    story.working_revision = Revision.objects.create(
        story=story,
        content=revision.content | times,
        kind=Revision.Kind.SAVED,
        note="The same text with the new times",
        author=by,
        based_on_id=story.newest_revision_id,
    )
    story.save(update_fields=["working_revision"])
    return story.working_revision


def _save(story, content, *, goes_live=True, is_checked=True, **saving):
    form = StoryForm(content, instance=story, goes_live=goes_live, is_checked=is_checked)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form.save(**saving)
