"""Addresses that were public once lead on, in one hop, to what stands there under another name."""

from django.core.exceptions import ValidationError
from django.db import models


class PastSlug(models.Model):
    """A slug under which the public knew a row that now has another one."""

    slug = models.CharField(max_length=200)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="%(app_label)s_past_slug_unique"),
        ]

    def __str__(self):
        return self.slug


def keep_past_slug(row, slug):
    """Let the slug lead to the row from now on."""
    row.past_slugs.model.objects.filter(slug=slug).delete()
    row.past_slugs.create(slug=slug)


def refuse_past_slug(row, slug):
    """Raise ValidationError where the public knows the slug as the address of another row."""
    owner = row.past_slugs.field.name
    past_slugs = row.past_slugs.model.objects.filter(slug=slug)
    if past_slugs.exclude(**{owner: row.pk}).exists():
        raise ValidationError("This address led elsewhere once, and still does. Choose another.")
