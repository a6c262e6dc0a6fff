"""The review steps of a story. Each is recorded, and editors or authors are told."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.models import Author, Review, Story
from stories.notifying.notify import notify
from stories.reviewing.recipients import recipients_of
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record as audit
from stories_project.text.sentences import inside_sentence

Step, Status = Review.Step, Story.ReviewStatus


def submit(story: Story, by: Author, comment: str = "") -> None:
    """Submit a draft for review. Raises ValidationError if its status does not allow that."""
    _move(story, {Status.NONE, Status.RETURNED, Status.APPROVED}, Status.SUBMITTED, by, comment)


def approve(story: Story, by: Author, comment: str = "") -> None:
    """Approve a draft for publication. Raises ValidationError unless it waits for review."""
    _move(story, {Status.SUBMITTED}, Status.APPROVED, by, comment)


def return_to_writer(story: Story, by: Author, comment: str) -> None:
    """Return a draft to its writer with a reason. Raises ValidationError without a reason."""
    refuse_empty_reason(comment)
    _move(story, {Status.SUBMITTED, Status.APPROVED}, Status.RETURNED, by, comment)


def refuse_empty_reason(comment: str) -> None:
    """Raise ValidationError for a return without a reason."""
    if not comment.strip():
        raise ValidationError(
            _("Say in the note why the story is returned: its writer will read it.")
        )


def record(
    story: Story, step: str, by: Author, comment: str = "", planned_at: datetime | None = None
) -> Review:
    """Record a step, and tell those whom it concerns."""
    review = Review.objects.create(
        story=story, step=step, by=by, comment=comment, planned_at=planned_at
    )
    planned = {"planned_at": planned_at.isoformat()} if planned_at else {}
    audit(AuditEntry.Kind.STORY, review.what, story, by=by, after=planned, reason=comment)
    recipients = recipients_of(review)
    notify(review.step, recipients, story, by, text=comment, moment=planned_at)
    return review


@transaction.atomic
def _move(story: Story, allowed: set[str], status: str, by: Author, comment: str) -> None:
    """Change the review status of a draft, if its present one is among the allowed."""
    story.lock()
    if story.publish_at:
        raise ValidationError(_("Only a draft is reviewed: this story has a date already."))
    if story.review_status not in allowed:
        present = inside_sentence(story.get_review_status_display())
        text = _("This step cannot be taken now: the story is %(state)s.")
        raise ValidationError(text % {"state": present})
    story.review_status, story.review_status_changed_at = status, timezone.now()
    story.save(update_fields=["review_status", "review_status_changed_at"])
    record(story, status, by, comment)
