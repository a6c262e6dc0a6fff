from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from founders.models.status import STEPS, FounderStatus
from stories_project.append_only import AppendOnly


class Decision(AppendOnly):
    """One step of a founder's status: who decided, when, from what to what, and why."""

    refusal = "A decision is never edited: make another one."

    # Whoever was decided about cannot be deleted: the decisions say who was shown, and why.
    founder = models.ForeignKey(
        "founders.Founder", on_delete=models.PROTECT, related_name="decisions"
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    from_status = models.CharField(max_length=10, choices=FounderStatus)
    to_status = models.CharField(max_length=10, choices=FounderStatus)
    reason = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(to_status__in=["rejected", "hidden"]) | ~Q(reason=""),
                name="decision_refusal_has_reason",
                violation_error_message=_(
                    "Give a reason: those who wrote the profile will read it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"

    def clean(self) -> None:
        """Raise ValidationError for a step that the present status does not allow."""
        if self.to_status not in STEPS[self.from_status]:
            raise ValidationError(
                _("A founder who is “%(now)s” cannot become “%(next)s”."),
                params={
                    "now": self.get_from_status_display(),
                    "next": self.get_to_status_display(),
                },
            )
