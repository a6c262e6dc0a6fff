from django.db import models
from django.utils.translation import gettext_lazy as _


class CannedReason(models.Model):
    """A reason that moderators give often. They choose it, and change it if they like."""

    name = models.CharField(
        max_length=60,
        unique=True,
        help_text=_("What moderators choose it by, such as “No source”."),
    )
    text = models.TextField(max_length=2000, help_text=_("What the sender will read."))
    position = models.PositiveSmallIntegerField(
        default=10, help_text=_("The smallest comes first. The first nine have a key.")
    )

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
