"""URLs that were public once redirect, in one hop, to the present URL of the same thing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class PastSlug(models.Model):
    """A slug that a row had while it was public, before it got another one."""

    slug = models.CharField(max_length=200)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="%(app_label)s_past_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.slug


def keep_past_slug(row: Any, slug: str) -> None:
    """Redirect the slug to the row from now on. The row's model has `past_slugs`."""
    row.past_slugs.model.objects.filter(slug=slug).delete()
    row.past_slugs.create(slug=slug)


def refuse_past_slug(row: Any, slug: str) -> None:
    """Raise ValidationError if the slug redirects to another row of the same model."""
    owner = row.past_slugs.field.name
    past_slugs = row.past_slugs.model.objects.filter(slug=slug)
    if past_slugs.exclude(**{owner: row.pk}).exists():
        raise ValidationError(_("This address led elsewhere once, and still does. Choose another."))
