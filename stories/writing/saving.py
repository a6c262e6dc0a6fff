"""One save, under the lock of its story: the conflict, the revision, and what readers see of it.

A story's revisions are a chain: each is based on the one that was newest. What a second editor
saves over it is set aside, beside the chain, until somebody merges it.
"""

from django.db import transaction
from django.forms.models import construct_instance
from django.utils import timezone

from stories.models import Revision, ScheduledUpdate, Story
from stories.reviewing.steps import Status, Step, record
from stories.search.indexing import index
from stories.writing.content import content_of, store_parts
from stories_project.past_slugs import keep_past_slug

Kind, State = Revision.Kind, Story.State
# Stands for “whichever revision is the newest”, for whoever has read the story under its lock.
NEWEST = object()


class Overtaken(Exception):
    """Somebody else saved first. What was typed is kept as `revision` and changes nothing."""

    def __init__(self, revision):
        super().__init__("Somebody else has saved this story since it was opened.")
        self.revision = revision


def append(revision, form, based_on):
    """Save the revision of a valid form, and the story where it goes live.

    `based_on` is the key of the revision that was newest when its author began, or NEWEST. Raises
    Overtaken once the revision is kept, set aside, because another one is newer.
    """
    story = revision.story = form.instance
    with transaction.atomic():
        if story._state.adding:
            revision.based_on_id = None if based_on is NEWEST else based_on
            return _go_live(revision, form)
        story.lock()
        newest = story.newest_revision_id or _keep_as_it_is(story).pk
        if based_on in (NEWEST, newest) or story.newest_revision_id is None:
            revision.based_on_id = newest
            is_seen = form.was_published or story.is_published
            save = _keep_for_later if is_seen and not form.goes_live else _go_live
            return save(revision, form)
        revision.kind = Kind.SET_ASIDE
        revision.based_on = story.revisions.filter(pk=based_on or 0).first()
        revision.save()
    raise Overtaken(revision)


def _keep_as_it_is(story):
    """Begin the chain of a story that was stored without a revision."""
    note = "As it was before the first edit"
    return Revision.objects.create(
        story=story, content=content_of(story), kind=Kind.IMPORTED, note=note
    )


def _keep_for_later(revision, form):
    """Make the revision the story's working copy; readers see no difference until its time."""
    revision.save()
    story = form.instance
    story.working_revision, story.updated_at = revision, revision.created_at
    story.save(update_fields=["working_revision", "updated_at"])
    if form.goes_live_at:
        plan = {"revision": revision, "at": form.goes_live_at, "by": revision.author}
        ScheduledUpdate.objects.update_or_create(
            story=story, defaults=plan | {"failed_at": None, "failure": ""}
        )
        record(story, Step.SCHEDULED, revision.author, revision.note, form.goes_live_at)


def _go_live(revision, form):
    """Show the revision to readers, or keep it in the row that they will see."""
    story = form.instance
    before = None if story._state.adding else (story.state, story.publish_at)
    store(form, revision.content)
    revision.story = story
    ScheduledUpdate.objects.filter(story=story).delete()
    revision.save()
    story.live_revision, story.working_revision = revision, None
    story.save(update_fields=["live_revision", "working_revision"])
    if step := _step_from(before, revision):
        record(story, step, revision.author, revision.note, _planned_at(story))


def _step_from(before, revision):
    """Return the step that a story has taken with its newest revision, or None.

    `before` are the state and the date it had, or None for a new one.
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


def _planned_at(story):
    return story.publish_at if story.state == State.SCHEDULED else None


def store(form, content):
    """Store a valid form in the row of its story, and in every row that belongs to it.

    `content` is the form's; the story was locked, and so read again, after the form was cleaned.
    An address that the public knew is kept when it changes.
    """
    story = form.instance
    is_new = story._state.adding
    public_slug = story.slug if not is_new and story.has_been_public else None
    construct_instance(form, story, form._meta.fields)
    story.render_body()
    story.modified_at = timezone.now()
    if story.publish_at:
        story.review_status = Status.NONE
    story.save(force_insert=is_new)
    if public_slug and (public_slug != story.slug or not story.is_published):
        keep_past_slug(story, public_slug)
    store_parts(story, content)
    index(story, content)
