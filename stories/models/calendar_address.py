from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record


class CalendarAddress(models.Model):
    """The private address with which one member of staff subscribes to the calendar."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address"
    )
    token = models.CharField(max_length=64, unique=True, default=token_urlsafe)

    def __str__(self) -> str:
        return _("Calendar of %(user)s") % {"user": self.user}

    def get_absolute_url(self) -> str:
        """Return the private address."""
        return reverse("calendar_feed", args=[self.token])

    @property
    def absolute_url(self) -> str:
        """The private address with scheme and host, for a calendar program."""
        return settings.SITE_URL + self.get_absolute_url()

    def renew(self) -> None:
        """Replace the address; the old one stops working."""
        self.token = token_urlsafe()
        self.save(update_fields=["token"])
        record(AuditEntry.Kind.LINK, "renewed the address of the calendar", by=self.user)
