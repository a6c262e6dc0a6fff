from django.db import models
from django.utils.translation import gettext_lazy as _


class FounderStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting for a moderator")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    HIDDEN = "hidden", _("Hidden")


# draft → pending → approved, pending → rejected, approved → hidden, and back.
STEPS: dict[str, set[str]] = {
    FounderStatus.DRAFT: {FounderStatus.PENDING},
    FounderStatus.PENDING: {
        FounderStatus.APPROVED,
        FounderStatus.REJECTED,
        FounderStatus.DRAFT,
    },
    FounderStatus.APPROVED: {FounderStatus.HIDDEN, FounderStatus.PENDING},
    FounderStatus.REJECTED: {FounderStatus.PENDING},
    FounderStatus.HIDDEN: {FounderStatus.APPROVED},
}
