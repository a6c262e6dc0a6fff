from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A page that is gone is dead at once; a host that does not answer may be back tomorrow.
CERTAIN_AFTER = timedelta(days=1)


class LinkCheck(models.Model):
    """When the links of a story to other sites are to be checked again."""

    story = models.OneToOneField(
        "stories.Story", on_delete=models.CASCADE, primary_key=True, related_name="link_check"
    )
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.story_id}: {self.due_at:%Y-%m-%d}"


class DeadLinkQuerySet(models.QuerySet):
    def certain(self) -> Self:
        """Return the links that are dead, and not only out of reach for the moment."""
        since = timezone.now() - CERTAIN_AFTER
        return self.filter(models.Q(is_gone=True) | models.Q(since__lte=since))


class DeadLink(models.Model):
    """A link of a public story to another site that does not lead anywhere any more."""

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="dead_links", db_index=False
    )
    url = models.CharField(max_length=1000)
    is_gone = models.BooleanField()
    failure = models.CharField(max_length=200)
    since = models.DateTimeField()

    objects = DeadLinkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("dead link"), _("dead links")
        ordering = ["-since", "-pk"]
        indexes = [
            models.Index(fields=["story"], name="dead_link_of_story"),
            models.Index(fields=["-since", "-id"], name="dead_link_newest"),
        ]

    def __str__(self) -> str:
        return self.url
