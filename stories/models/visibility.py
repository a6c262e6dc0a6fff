"""The rule for what the public sees. Every page, feed and count starts from it.

Drafts are visible to staff who may view stories, and to readers with a `ReviewLink`.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stories_project.prepared import Parameter


def published_at(moment: datetime | Parameter, row: str = "") -> Q:
    """Return the condition that a story is public at a moment.

    `row` leads to a row that copies the times, such as "story_tags__". `PUBLIC_SQL` is the same
    rule in plain SQL, and `Story.is_published` in Python.
    """
    has_begun = Q((f"{row}publish_at__lte", moment))
    return has_begun & (Q((f"{row}unpublish_at", None)) | Q((f"{row}unpublish_at__gt", moment)))


PUBLIC_SQL = "publish_at <= %(now)s AND (unpublish_at IS NULL OR unpublish_at > %(now)s)"


class TimedQuerySet(models.QuerySet):
    """Rows with the times of a story: the stories themselves, and the rows that copy the times."""

    def published(self, at: datetime | Parameter | None = None) -> Self:
        """Return the rows of public stories. Everything that readers see starts from here."""
        return self.filter(published_at(at or timezone.now()))

    def not_over(self) -> Self:
        """Return the rows of stories that are public now, or have a time at which they will be."""
        is_over = Q(unpublish_at__lte=timezone.now())
        return self.filter(~is_over, publish_at__isnull=False)


class TimedRow(models.Model):
    """A row that belongs to a story and has a copy of the story's times.

    With the copy, a single index can find, sort and limit the stories of a founder or a tag. It
    does not decide what is public: every list of stories also uses `Story.objects.published()`.
    `stories.writing.saving.store` writes the copy.
    """

    publish_at = models.DateTimeField(null=True, editable=False)
    unpublish_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
