from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class ScheduledUpdateQuerySet(models.QuerySet):
    def due(self, moment: datetime) -> Self:
        """Return the updates whose time has come, the earliest first."""
        return self.waiting().filter(at__lte=moment).order_by("at", "pk")

    def waiting(self) -> Self:
        """Return the updates that were not attempted yet."""
        return self.filter(failed_at=None)

    def failed(self) -> Self:
        """Return the updates that could not be applied and need an editor, the oldest first."""
        return self.exclude(failed_at=None).order_by("failed_at")


class ScheduledUpdate(models.Model):
    """Says that a revision of a public story goes live at a time. Deleted once it is applied.

    An update that could not be applied stays, with the reason, until an editor acts.
    """

    story = models.OneToOneField(
        "stories.Story", on_delete=models.CASCADE, related_name="scheduled_update"
    )
    revision = models.ForeignKey("stories.Revision", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    failed_at = models.DateTimeField(null=True, editable=False)
    failure = models.TextField(blank=True, editable=False)

    objects = ScheduledUpdateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=Q(failed_at=None), name="update_waiting"),
            models.Index(
                fields=["failed_at"], condition=Q(failed_at__isnull=False), name="update_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.story} at {self.at:%Y-%m-%d %H:%M} UTC"
