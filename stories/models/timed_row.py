from django.db import models

from stories.query import TimedQuerySet


class TimedRow(models.Model):
    """A row that joins a story to something, with a copy of the story's times.

    The copy lets one index find, sort and bound the stories of a founder or a tag. Nothing is
    public because of it: every list of stories asks `Story.objects.published()` as well. It is
    written by `stories.content.store_parts`.
    """

    publish_at = models.DateTimeField(null=True, editable=False)
    unpublish_at = models.DateTimeField(null=True, editable=False)

    objects = TimedQuerySet.as_manager()

    class Meta:
        abstract = True
