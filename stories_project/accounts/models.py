from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone


class GracePeriod(models.Model):
    """Says since when a member of staff knows that the account needs a second factor."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grace_period"
    )
    began_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Grace period of {self.user}"

    @property
    def ends_at(self) -> datetime:
        """When the desk closes for an account without a second factor."""
        return self.began_at + settings.SECOND_FACTOR_GRACE
