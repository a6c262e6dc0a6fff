from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories_project.append_only import AppendOnly


class Review(AppendOnly):
    """One step of a story on its way to readers: who, when, and what they said. Never edited."""

    refusal = "A review is never edited: take another step."

    class Step(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted for review")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        PUBLISHED = "published", _("Published")
        SCHEDULED = "scheduled", _("Scheduled")
        CANCELLED = "cancelled", _("Schedule cancelled")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FAILED = "failed", _("Could not go live")

    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="reviews",
    )
    step = models.CharField(max_length=10, choices=Step)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    comment = models.TextField(max_length=2000, blank=True)
    # When what was scheduled is to happen.
    planned_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["story", "-id"], name="review_newest")]

    def __str__(self) -> str:
        return self.get_step_display()

    @property
    def what(self) -> str:
        """The step as the audit log says it: what somebody did to the story."""
        verbs: dict[str, str] = {
            self.Step.SUBMITTED: "submitted for review",
            self.Step.CANCELLED: "unscheduled",
            self.Step.WITHDRAWN: "withdrew",
        }
        return verbs.get(self.step, self.step)
