"""The way of a story to its readers: each step is recorded, and told to those concerned."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from stories.models import Review, Story
from stories.reviewing.emails import tell

Step, Status = Review.Step, Story.ReviewStatus


def submit(story, by, comment=""):
    """Ask the editors to look at a draft. Raises ValidationError where that makes no sense."""
    _move(story, {Status.NONE, Status.RETURNED, Status.APPROVED}, Status.SUBMITTED, by, comment)


def approve(story, by, comment=""):
    """Say that a story can be published. Raises ValidationError unless it waits for that."""
    _move(story, {Status.SUBMITTED}, Status.APPROVED, by, comment)


def give_back(story, by, comment):
    """Return a story to its writer, with the reason. Raises ValidationError without one."""
    if not comment.strip():
        raise ValidationError("Say in the note why the story is returned: its writer reads it.")
    _move(story, {Status.SUBMITTED, Status.APPROVED}, Status.RETURNED, by, comment)


def record(story, step, by, comment="", planned_at=None):
    """Record a step, and tell those concerned once the transaction is committed."""
    review = Review.objects.create(
        story=story, step=step, by=by, comment=comment, planned_at=planned_at
    )
    transaction.on_commit(partial(tell, review))
    return review


@transaction.atomic
def _move(story, allowed, status, by, comment):
    """Take a draft from one of the allowed statuses to another."""
    story.lock()
    if story.publish_at:
        raise ValidationError("Only a draft is reviewed: this story has a date already.")
    if story.review_status not in allowed:
        present = story.get_review_status_display().lower()
        raise ValidationError(f"This step cannot be taken now: the story is {present}.")
    story.review_status, story.review_status_changed_at = status, timezone.now()
    story.save(update_fields=["review_status", "review_status_changed_at"])
    record(story, status.value, by, comment)
