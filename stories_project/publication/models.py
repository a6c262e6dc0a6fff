"""Every state that the publication has had: the newest revision is in effect."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from stories_project.append_only import AppendOnly
from stories_project.publication.values import Publication


class PublicationRevision(AppendOnly):
    """What the publication was from a moment on: by whom, and all of its values."""

    refusal = "A revision of the publication is never edited."

    saved_at = models.DateTimeField("when", default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # See `Publication`.
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = "revision of the publication"
        verbose_name_plural = "publication"

    def __str__(self) -> str:
        return f"{self.publication.name}, {timezone.localtime(self.saved_at):%Y-%m-%d %H:%M}"

    @property
    def publication(self) -> Publication:
        """The publication as it was."""
        return Publication.of(self.values)
