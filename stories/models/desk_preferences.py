from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _


class DeskPreferences(models.Model):
    """How one member of staff wants the desk to work; without a row, everything is as usual."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_preferences"
    )
    # Whether a story is published without the page that shows once more what will change.
    skips_last_look = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return _("Preferences of %(user)s") % {"user": self.user}
