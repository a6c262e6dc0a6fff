"""Series: stories that belong together, in the order in which they are to be read."""

from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from stories.models.listing import ALL_SERIES, stories_of_series
from stories.models.tag import CountUpTo
from stories.models.visibility import published_at
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import MISSING, KeyedModel, note
from stories_project.past_slugs import PastSlug, refuse_past_slug
from stories_project.paths import path_to
from stories_project.prepared import Parameter
from stories_project.text import markdown
from stories_project.text.folding import FoldedField, fold

# The page of a series shows all of its parts.
MOST_PARTS = 100


class SeriesQuerySet(models.QuerySet["Series"]):
    def by_title(self) -> Self:
        """Sort by title, ignoring case and accents."""
        note(ALL_SERIES)
        return self.order_by("folded_title", "pk")

    def after(self, place: tuple[str, int] | None) -> Self:
        """Return those that `by_title` sorts after a folded title and primary key; all without."""
        if place is None:
            return self
        title, pk = place
        return self.filter(Q(folded_title__gte=title) & (Q(folded_title__gt=title) | Q(pk__gt=pk)))

    def in_use(self, at: datetime | None = None) -> Self:
        """Return the series with at least one public story: only those are on public pages."""
        return self.filter(Exists(self._public_parts(at)))

    def containing(self, text: str) -> Self:
        """Return those whose titles contain a text, ignoring case, accents and spacing."""
        return self.filter(folded_title__contains=fold(text)) if text.strip() else self

    def has_public(self) -> bool:
        """Whether any series has a public story."""
        note(ALL_SERIES)
        return self.in_use().exists()

    def with_counts(self, at: datetime | None = None) -> Self:
        """Annotate `story_count`, the number of public stories, and `part_count`, that of all."""
        every = SeriesPart.objects.filter(series=OuterRef("pk")).values("pk")
        return self.annotate(
            story_count=CountUpTo(self._public_parts(at)), part_count=CountUpTo(every)
        )

    def _public_parts(self, at: datetime | None) -> models.QuerySet[Any, Any]:
        return SeriesPart.objects.published(at).filter(series=OuterRef("pk")).values("pk")


class Series(KeyedModel):
    """Stories in the order of the editors. Readers see it while one of its stories is public."""

    title = models.CharField(max_length=200)
    folded_title = FoldedField(source="title")
    slug = models.SlugField(max_length=200, allow_unicode=True, db_index=False)
    introduction = MarkdownxField(
        max_length=5000, blank=True, help_text=_("Above the stories of the series. Markdown.")
    )
    # Counts the saves, so that a form knows whether somebody else has saved since it was opened.
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="series_slug_unique",
                violation_error_code="unique",
                violation_error_message=_(
                    "Another series already has this address. Choose another."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(slug=""),
                name="series_has_title_and_slug",
                violation_error_message=_("A series needs a title and an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the page of the series."""
        return path_to("series", self.slug)

    def clean(self) -> None:
        """Refuse a slug that belonged to another series before."""
        try:
            refuse_past_slug(self, self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    def record_change(self) -> None:
        """Write to the change log that the series, or the order of its parts, has changed."""
        keys = (self.surrogate_key, stories_of_series(self.pk), ALL_SERIES, MISSING)
        change_log.record(*keys)

    @property
    def parts_with_stories(self) -> models.QuerySet["SeriesPart"]:
        """The parts in their order, with the titles of their stories."""
        rows = self.parts.select_related("story").order_by("position")
        return rows.only("position", "series", "story__title")

    @property
    def introduction_html(self) -> SafeString:
        """The introduction as safe HTML."""
        return markdown.render_html(self.introduction)


class SeriesPastSlug(PastSlug):
    """A former slug of the series."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="past_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="series_past_slug_unique")]


class SeriesPartQuerySet(models.QuerySet["SeriesPart"]):
    def published(self, at: datetime | Parameter | None = None) -> Self:
        """Return the parts whose stories are public now, or at another moment."""
        return self.filter(published_at(at or timezone.now(), "story__"))


class SeriesPart(models.Model):
    """Says that a story is part of a series, and at which place.

    Its number for readers counts the public parts only: see `stories.reading.series`.
    """

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="series_parts", db_index=False
    )
    position = models.PositiveSmallIntegerField()

    objects = SeriesPartQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["story"],
                name="series_part_once",
                violation_error_message=_("The story is part of a series already."),
            ),
            models.UniqueConstraint(fields=["series", "position"], name="series_part_order"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_PARTS),
                name="series_part_within_most",
                violation_error_message=_("A series has 100 parts at most."),
            ),
        ]
