"""What the public sees: the one rule about time with which every page, feed and count begins.

A draft is seen at the desk by staff who may view stories, and by whoever has a `ReviewLink`.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


def published_at(moment: datetime) -> Q:
    """Return the condition that a story is public at a moment.

        The same rule in plain SQL is `


    PUBLIC_SQL`, and in Python `Story.is_published`.
    """
    return Q(publish_at__lte=moment) & (Q(unpublish_at=None) | Q(unpublish_at__gt=moment))


PUBLIC_SQL = "publish_at <= %(now)s AND (unpublish_at IS NULL OR unpublish_at > %(now)s)"


class TimedQuerySet(models.QuerySet):
    """Whatever carries the times of a story: the story itself, and the rows that copy them."""

    def published(self, at: datetime | None = None) -> Self:
        """Return what the public sees: the only door to a public story."""
        return self.filter(published_at(at or timezone.now()))


class TimedRow(models.Model):
    """A row that joins a story to something, with a copy of the story's times.

    The copy lets one index find, sort and bound the stories of a founder or a tag. Nothing is
    public because of it: every list of stories asks `Story.objects.published()` as well. It is
    written by `stories.writing.content.store_parts`.
    """

    publish_at = models.DateTimeField(null=True, editable=False)
    unpublish_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
