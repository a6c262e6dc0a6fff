"""Scheduled updates go live on their minute with nothing running: the next request applies them.

Each process asks the database for due updates at most once a second, and at once when the time of
an update that it knows of has come. An update is scheduled at least a minute ahead, so that every
process knows of it in time.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from stories.models import ScheduledUpdate, Story
from stories.reviewing.steps import Step, record

BETWEEN_LOOKS = timedelta(seconds=1)

log = logging.getLogger(__name__)


class Watch:
    """What one process knows of the updates to come."""

    looked_at: datetime | None
    next_at: datetime | None

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Ask the database again at the next request."""
        self.looked_at = self.next_at = None

    def apply_due_updates(self, now: datetime) -> None:
        """Apply the updates that are due at a moment; ask the database only where there may be."""
        is_recent = self.looked_at and self.looked_at <= now < self.looked_at + BETWEEN_LOOKS
        if is_recent and (self.next_at is None or now < self.next_at):
            return
        update = _next_update()
        while update and update.at <= now:
            apply(update, now)
            update = _next_update()
        self.looked_at, self.next_at = now, update.at if update else None


watch = Watch()


def _next_update() -> ScheduledUpdate | None:
    return ScheduledUpdate.objects.waiting().order_by("at", "pk").first()


Handler = Callable[[HttpRequest], HttpResponseBase]


def apply_due_updates(get_response: Handler) -> Handler:
    """Apply the updates that are due before any page is made (middleware)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            watch.apply_due_updates(timezone.now())
        except DatabaseError:
            log.exception("Could not ask the database for due updates")
        return get_response(request)

    return middleware


@transaction.atomic
def apply(update: ScheduledUpdate, now: datetime) -> None:
    """Let a due update go live once; keep one that cannot, with the reason.

    Of two requests at the same time the second waits for the first, and then finds nothing to do.
    """
    story = Story.objects.select_for_update().filter(pk=update.story_id).first()
    due = ScheduledUpdate.objects.due(now).filter(pk=update.pk).first()
    if story is None or due is None:
        return
    try:
        with transaction.atomic():
            story.go_live(due.revision)
        due.delete()
        record(story, Step.PUBLISHED, due.by, f"As scheduled for {due.at:%Y-%m-%d %H:%M} UTC")
    except (ValidationError, DatabaseError) as error:
        story.lock()  # the form has put its values into it
        log.warning("The update of %s was not applied: %s", story, error)
        due.failed_at = now
        due.failure = " ".join(getattr(error, "messages", ["The database refused it."]))
        due.save()
        record(story, Step.FAILED, None, due.failure)
