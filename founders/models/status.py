from django.db import models


class FounderStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PENDING = "pending", "Waiting for a moderator"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    HIDDEN = "hidden", "Hidden"


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
