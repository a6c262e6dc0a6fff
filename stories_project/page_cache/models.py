from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Func):
    """The number of the transaction that writes the row. SQLite has no such number: it is 0."""

    output_field = models.BigIntegerField()

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        """Return SQL for SQLite."""
        return "0", []

    def as_postgresql(self, *args: Any, **kwargs: Any) -> Any:
        """Return SQL for PostgreSQL."""
        return "(pg_current_xact_id()::text::bigint)", []


class Change(models.Model):
    """A change that readers can see, as the surrogate keys of the pages that show it."""

    keys = models.TextField()
    at = models.DateTimeField(db_default=Now(), db_index=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)

    def __str__(self) -> str:
        return self.keys


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, target: str, now: datetime) -> Self:
        """Return what is due for a target and what nobody is delivering at the moment."""
        return self.filter(models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)).filter(
            target=target, due_at__lte=now
        )

    def for_receivers(self) -> Self:
        """Return what is for a single receiver: see `deliveries.receiver`."""
        return self.exclude(target__in=Delivery.Target.values)

    def planned(self, subject: str, now: datetime) -> Self:
        """Return what will be due for a subject such as "story-12", and was not tried yet."""
        return self.filter(subject=subject, due_at__gt=now, attempts=0)

    def failing(self) -> Self:
        """Return what was tried in vain and waits to be tried again."""
        return self.filter(attempts__gt=0)


class Delivery(models.Model):
    """What a service outside must be told. The row is deleted when it has been told."""

    class Target(models.TextChoices):
        PURGE = "purge", _("Purges of the content delivery network")
        INDEXNOW = "indexnow", _("Pings of search engines (IndexNow)")
        WEBSUB = "websub", _("Pings of feed readers (WebSub)")
        # What happened, before it is known which webhooks are told.
        WEBHOOK = "webhook", _("Events for webhooks")

    target = models.CharField(max_length=10, choices=Target)
    # The surrogate keys of what has changed.
    keys = models.TextField()
    # Of a planned delivery: whose transition it is about.
    subject = models.CharField(max_length=60, blank=True, db_default="")
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    failure = models.CharField(max_length=200, blank=True, db_default="")
    # A purge is repeated once: see `delivering.REPEAT_AFTER`.
    purged_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["target", "due_at"], name="delivery_due"),
            models.Index(
                fields=["subject"], condition=~models.Q(subject=""), name="delivery_planned"
            ),
            models.Index(
                fields=["target"], condition=models.Q(attempts__gt=0), name="delivery_failing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.keys}"
