"""The log of webhooks: what they were told, and what became of it."""

from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.models.story_event import StoryEvent
from stories_project.page_cache import deliveries

DELIVERIES_KEPT = timedelta(days=30)


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def expired(self) -> Self:
        """Return what is older than the log keeps it."""
        return self.filter(created_at__lt=timezone.now() - DELIVERIES_KEPT)

    def newest_first(self) -> Self:
        """Sort by the time at which it was first sent, the newest first."""
        return self.order_by("-pk")


class WebhookDelivery(models.Model):
    """A message to a webhook, and what became of it. The outbox decides when it is tried again."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given up", _("Given up")
        NOT_SENT = "not sent", _("Not sent")

    PING = "ping"

    webhook = models.ForeignKey(
        "stories.Webhook", on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    message_id = models.UUIDField(default=uuid4, editable=False)
    event = models.CharField(
        max_length=20, choices=[*StoryEvent.Name.choices, (PING, _("A ping"))], editable=False
    )
    # The primary key of a story that may be deleted meanwhile; none for a ping.
    story = models.BigIntegerField(null=True, editable=False)
    occurred_at = models.DateTimeField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    # When it was last put into the outbox.
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    response_code = models.PositiveSmallIntegerField(null=True)
    response_start = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [models.Index(fields=["webhook", "-id"], name="webhook_delivery_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event", "story", "occurred_at"], name="webhook_told_once"
            ),
            models.CheckConstraint(
                condition=Q(event="ping") | Q(story__isnull=False),
                name="webhook_delivery_has_story",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(event)s to %(webhook)s") % {
            "event": self.get_event_display(),
            "webhook": self.webhook,
        }

    @property
    def key(self) -> str:
        """The message as a key of the outbox."""
        return f"message-{self.pk}"

    @transaction.atomic
    def queue(self) -> None:
        """Send the message now, or send it again, with the same id."""
        self.status, self.queued_at, self.reason = self.Status.WAITING, timezone.now(), ""
        self.save(update_fields=["status", "queued_at", "reason"])
        deliveries.send(self.webhook_id, self.key, self.queued_at)

    def note(self, status: str, reason: str = "", **answer: Any) -> None:
        """Store what became of an attempt."""
        self.status, self.reason, self.tried_at = status, reason, timezone.now()
        for name, value in answer.items():
            setattr(self, name, value)
        self.save(update_fields=["status", "reason", "tried_at", "attempts", *answer])
