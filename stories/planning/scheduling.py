"""Scheduled updates need no cron job: the first request after their time applies them.

Each process queries the database for due updates at most once a second, and also when the time of
the next known update has come. Updates are scheduled at least a minute ahead, so that every process
knows them in time.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from stories.models import ScheduledUpdate, Story
from stories.reviewing.steps import Step, record
from stories_project.audit.recording import outside_of_requests

CHECK_INTERVAL = timedelta(seconds=1)

log = logging.getLogger(__name__)


class Watch:
    """What one process knows about the next scheduled update."""

    checked_at: datetime | None
    next_at: datetime | None

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Query the database again at the next request."""
        self.checked_at = self.next_at = None

    def apply_due_updates(self, now: datetime) -> None:
        """Apply the updates that are due at `now`; query the database only if there can be any."""
        is_recent = self.checked_at and self.checked_at <= now < self.checked_at + CHECK_INTERVAL
        if is_recent and (self.next_at is None or now < self.next_at):
            return
        update = _next_update()
        while update and update.at <= now:
            with outside_of_requests():
                apply(update, now)
            update = _next_update()
        self.checked_at, self.next_at = now, update.at if update else None


watch = Watch()


def _next_update() -> ScheduledUpdate | None:
    return ScheduledUpdate.objects.waiting().order_by("at", "pk").first()


Handler = Callable[[HttpRequest], HttpResponseBase]


def apply_due_updates(get_response: Handler) -> Handler:
    """Middleware: apply the due updates before the request is handled."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            watch.apply_due_updates(timezone.now())
        except DatabaseError:
            log.exception("Could not query the database for due updates")
        return get_response(request)

    return middleware


@transaction.atomic
def apply(update: ScheduledUpdate, now: datetime) -> None:
    """Publish a due update once. If that fails, keep the update with the reason.

    If two requests do this at the same time, the second waits and then finds nothing to do.
    """
    story = Story.objects.select_for_update().filter(pk=update.story_id).first()
    due = ScheduledUpdate.objects.due(now).filter(pk=update.pk).first()
    if story is None or due is None:
        return
    try:
        # The sentences are stored, and editors with other languages read them.
        with translation.override("en"), transaction.atomic():
            story.go_live(due.revision)
        due.delete()
        record(story, Step.PUBLISHED, due.by, f"As scheduled for {due.at:%Y-%m-%d %H:%M} UTC")
    except (ValidationError, DatabaseError) as error:
        story.lock()  # loads it again: the form has changed its attributes
        log.warning("The update of %s was not applied: %s", story, error)
        due.failed_at = now
        due.failure = " ".join(getattr(error, "messages", ["The database refused it."]))
        due.save()
        record(story, Step.FAILED, None, due.failure)
