"""Webhooks: other sites that are told of stories."""

from base64 import b64encode
from secrets import token_bytes
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.models.story_event import StoryEvent
from stories.models.webhook_delivery import WebhookDelivery
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.encryption import decrypt, encrypt
from stories_project.page_cache import deliveries
from stories_project.page_cache.models import Delivery

PURPOSE = "webhook"
# Written before the Base64 of a secret (Standard Webhooks, "Secrets").
SECRET_PREFIX, SECRET_BYTES = "whsec_", 32


def validate_address(url: str) -> None:
    """Raise ValidationError unless a URL is one that a webhook may have."""
    schemes = ["https", *(["http"] if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES else [])]
    URLValidator(schemes=schemes, message=_("Enter an address that begins with https://."))(url)
    if urlsplit(url).username is not None:
        raise ValidationError(
            _("Leave the name and the password out: the signature replaces them.")
        )


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def told_of(self, name: str) -> list["Webhook"]:
        """Return those that are not paused and want to know of an event."""
        return [webhook for webhook in self.filter(paused_at=None) if name in webhook.events]


class Webhook(models.Model):
    """A URL that is told of stories. Its secret signs what it is told."""

    url = models.CharField(_("address"), max_length=500, validators=[validate_address])
    events = models.JSONField(default=list)
    # Encrypted: it is shown once.
    secret = models.TextField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True, editable=False)
    # How many times in succession nothing could be delivered.
    failures = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                name="webhook_url_unique",
                violation_error_code="unique",
                violation_error_message=_("There is a webhook for this address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def names_of_events(self) -> list[str]:
        """The events in words."""
        return [str(StoryEvent.Name(name).label) for name in self.events]

    @transaction.atomic
    def add(self, by: User) -> str:
        """Store a new webhook, and return its secret, which is shown once."""
        secret = SECRET_PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()
        self.secret, self.created_by = encrypt(PURPOSE, secret), by
        self.save(force_insert=True)
        record(AuditEntry.Kind.PUBLICATION, "added the webhook", self, by=by)
        return secret

    def read_secret(self) -> str:
        """Return the secret in plain text. Raises `encryption.Unreadable`."""
        return decrypt(PURPOSE, self.secret)

    @transaction.atomic
    def pause(self, by: User) -> None:
        """Tell nothing until `resume`; what happens meanwhile is not told later."""
        self.paused_at = timezone.now()
        self.save(update_fields=["paused_at"])
        record(AuditEntry.Kind.PUBLICATION, "paused the webhook", self, by=by)

    @transaction.atomic
    def resume(self, by: User) -> None:
        """Tell what happens from now on."""
        self.paused_at, self.failures = None, 0
        self.save(update_fields=["paused_at", "failures"])
        record(AuditEntry.Kind.PUBLICATION, "resumed the webhook", self, by=by)

    @transaction.atomic
    def remove(self, by: User) -> None:
        """Delete the webhook, with its log and with what waits for it."""
        record(AuditEntry.Kind.PUBLICATION, "deleted the webhook", self, by=by)
        Delivery.objects.filter(target=deliveries.receiver(self.pk)).delete()
        self.delete()

    @transaction.atomic
    def tell(self, event: StoryEvent) -> None:
        """Send an event, once: told again of the same one, do nothing."""
        message, is_new = self.deliveries.get_or_create(
            event=event.name, story=event.story, occurred_at=event.at
        )
        if is_new:
            message.queue()

    @transaction.atomic
    def ping(self, by: User) -> None:
        """Send a message about nothing, also while the webhook is paused."""
        self.deliveries.create(event=WebhookDelivery.PING, occurred_at=timezone.now()).queue()
        record(AuditEntry.Kind.PUBLICATION, "sent a ping to the webhook", self, by=by)
