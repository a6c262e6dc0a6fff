"""Scheduled updates go live on their minute with nothing running: the next request applies them.

Each process looks for them at most once a second, and at once when a time has come that it knows
of. An update is scheduled at least a minute ahead, so that every process knows of it in time.
"""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from stories.models import ScheduledUpdate, Story
from stories.reviewing.steps import Step, record
from stories.writing import saving
from stories.writing.content import without_what_is_gone
from stories.writing.forms import StoryForm

BETWEEN_LOOKS = timedelta(seconds=1)

log = logging.getLogger(__name__)


class Watch:
    """What one process knows of the updates to come."""

    def __init__(self):
        self.forget()

    def forget(self):
        """Look again at the next request."""
        self.looked_at = self.next_at = None

    def look(self, now):
        """Apply what is due at a moment, unless nothing can be."""
        is_recent = self.looked_at and self.looked_at <= now < self.looked_at + BETWEEN_LOOKS
        if is_recent and (self.next_at is None or now < self.next_at):
            return
        update = _next_update()
        while update and update.at <= now:
            apply(update, now)
            update = _next_update()
        self.looked_at, self.next_at = now, update and update.at


watch = Watch()


def _next_update():
    return ScheduledUpdate.objects.waiting().order_by("at", "pk").first()


def apply_what_is_due(get_response):
    """Bring the publication up to this moment before any page is made (middleware)."""

    def middleware(request):
        try:
            watch.look(timezone.now())
        except DatabaseError:
            log.exception("No answer to whether an update is due")
        return get_response(request)

    return middleware


@transaction.atomic
def apply(update, now):
    """Let an update that is due go live, once; one that cannot stays, with the reason.

    Of two requests at once the second waits for the first, and then finds nothing to do.
    """
    story = Story.objects.select_for_update().filter(pk=update.story_id).first()
    update = ScheduledUpdate.objects.due(now).filter(pk=update.pk).first()
    if update is None:
        return
    try:
        with transaction.atomic():
            _go_live(story, update.revision)
        update.delete()
        record(story, Step.PUBLISHED, update.by, f"As scheduled for {update.at:%Y-%m-%d %H:%M} UTC")
    except (ValidationError, DatabaseError) as error:
        story.lock()  # the form has put its values into it
        log.warning("The update of %s was not applied: %s", story, error)
        update.failed_at = now
        update.failure = " ".join(getattr(error, "messages", ["The database refused it."]))
        update.save()
        record(story, Step.FAILED, None, update.failure)


def _go_live(story, revision):
    """Show a revision to readers; what was written since stays the working copy."""
    content = without_what_is_gone(revision.content)
    form = StoryForm(content, instance=story, goes_live=True)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    story.lock()
    saving.store(form, form.content())
    is_newest = story.working_revision_id == revision.pk
    story.live_revision = revision
    story.working_revision = None if is_newest else story.working_revision
    story.save(update_fields=["live_revision", "working_revision"])
