"""The steps of a story on its way to readers: each is recorded, and e-mailed to those concerned."""

from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from stories.models import Author, Review, Story
from stories.reviewing.emails import send_emails

Step, Status = Review.Step, Story.ReviewStatus


def submit(story: Story, by: Author, comment: str = "") -> None:
    """Ask the editors to look at a draft. Raises ValidationError where that is not possible."""
    _move(story, {Status.NONE, Status.RETURNED, Status.APPROVED}, Status.SUBMITTED, by, comment)


def approve(story: Story, by: Author, comment: str = "") -> None:
    """Say that a story can be published. Raises ValidationError unless it waits for review."""
    _move(story, {Status.SUBMITTED}, Status.APPROVED, by, comment)


def return_to_writer(story: Story, by: Author, comment: str) -> None:
    """Return a story to its writer, with the reason. Raises ValidationError without one."""
    if not comment.strip():
        raise ValidationError("Say in the note why the story is returned: its writer reads it.")
    _move(story, {Status.SUBMITTED, Status.APPROVED}, Status.RETURNED, by, comment)


def record(
    story: Story, step: str, by: Author, comment: str = "", planned_at: datetime | None = None
) -> Review:
    """Record a step, and send the e-mails about it once the transaction is committed."""
    review = Review.objects.create(
        story=story, step=step, by=by, comment=comment, planned_at=planned_at
    )
    transaction.on_commit(partial(send_emails, review))
    return review


@transaction.atomic
def _move(story: Story, allowed: set[str], status: str, by: Author, comment: str) -> None:
    """Move a draft from one of the allowed statuses to another."""
    story.lock()
    if story.publish_at:
        raise ValidationError("Only a draft is reviewed: this story has a date already.")
    if story.review_status not in allowed:
        present = story.get_review_status_display().lower()
        raise ValidationError(f"This step cannot be taken now: the story is {present}.")
    story.review_status, story.review_status_changed_at = status, timezone.now()
    story.save(update_fields=["review_status", "review_status_changed_at"])
    record(story, status, by, comment)
