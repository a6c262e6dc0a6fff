"""Companies that founders began or led, and their years in them."""

from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from founders.models.founder import Founder
from founders.models.founder_query import FOUNDERS
from founders.models.status import FounderStatus
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import MISSING, KeyedModel, note
from stories_project.past_slugs import PastSlug
from stories_project.paths import path_to
from stories_project.text.folding import FoldedField, folded_field
from stories_project.text.years import YEAR_VALIDATORS, span_in_words

# More than a page of a company shows.
MOST_VENTURES = 100


class CompanyQuerySet(models.QuerySet["Company"]):
    def public(self) -> Self:
        """Return those that readers see: one of the founders is approved."""
        note(FOUNDERS)
        approved = Venture.objects.filter(company=OuterRef("pk")).of_approved()
        return self.filter(Exists(approved))

    def beginning_with(self, text: str) -> Self:
        """Return those whose name begins with the text, ignoring accents and case."""
        return self.filter(folded_field(self.model, "folded_name").begins_with(text))


class Company(KeyedModel):
    """A company as far as stories tell of it: readers see it with its founders and stories."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, allow_unicode=True, db_index=False)
    founded_year = models.SmallIntegerField(
        _("founded in"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    closed_year = models.SmallIntegerField(
        _("closed in"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.CharField(
        _("link"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    folded_name = FoldedField(source="name")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [models.Index(fields=["folded_name", "id"], name="company_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="company_slug_unique",
                violation_error_code="unique",
                violation_error_message=_(
                    "Another company already has this address. Choose another."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="company_has_name_and_slug",
                violation_error_message=_("A company needs a name and an address."),
            ),
            models.CheckConstraint(
                condition=Q(closed_year=None)
                | Q(founded_year=None)
                | Q(closed_year__gte=F("founded_year")),
                name="company_closes_after_founding",
                violation_error_message=_("The company is closed before it is founded."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the company's page."""
        return path_to("company", self.slug)

    @property
    def absolute_url(self) -> str:
        """The URL of the page with scheme and host, for machines."""
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def years(self) -> str:
        """The years of the company as shown: "1883–1926", "1883", or nothing."""
        if self.founded_year is None:
            return ""
        return span_in_words(self.founded_year, self.closed_year)

    def record_change(self) -> None:
        """Write to the change log that readers see another company, or none any more."""
        founders = self.ventures.values_list("founder", flat=True)[:MOST_VENTURES]
        change_log.record(self.surrogate_key, MISSING, *map(Founder.key_of, founders))


class CompanyPastSlug(PastSlug):
    """A slug that the company had while readers saw it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="past_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="company_past_slug_unique")]


class VentureQuerySet(models.QuerySet["Venture"]):
    def of_approved(self) -> Self:
        """Return those of founders whom the public sees."""
        return self.filter(founder__status=FounderStatus.APPROVED)

    def with_companies(self) -> Self:
        """Load the companies too."""
        return self.select_related("company")

    def pairs(self, founders: Sequence[int]) -> Any:
        """Return (founder, other) for each two of these founders who share a company."""
        shared = self.filter(
            founder__in=founders,
            company__ventures__founder__in=founders,
            company__ventures__founder__gt=F("founder"),
        )
        pairs = shared.order_by().values_list("founder", "company__ventures__founder")
        return pairs.distinct()[: len(founders) ** 2]


class Venture(models.Model):
    """What a founder did in a company, from one year to another."""

    founder = models.ForeignKey(
        Founder, on_delete=models.CASCADE, related_name="ventures", db_index=False
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="ventures", db_index=False
    )
    from_year = models.SmallIntegerField(
        _("from"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    to_year = models.SmallIntegerField(_("to"), null=True, blank=True, validators=YEAR_VALIDATORS)
    role = models.CharField(_("role"), max_length=200, blank=True)

    objects = VentureQuerySet.as_manager()

    class Meta:
        verbose_name = _("venture")
        verbose_name_plural = _("ventures")
        ordering = [F("from_year").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["founder", "company"], name="venture_of_founder"),
            models.Index(fields=["company", "founder"], name="venture_of_company"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_year=None) | Q(from_year__isnull=False, to_year__gte=F("from_year")),
                name="venture_forwards",
                violation_error_message=_(
                    "The last year is not before the first one: give both, or only the first."
                ),
            ),
        ]

    def __str__(self) -> str:
        years = f" ({self.years})" if self.years else ""
        return f"{self.company}{years}"

    @property
    def years(self) -> str:
        """The years as shown: "1883–1903", "1883", or nothing."""
        return "" if self.from_year is None else span_in_words(self.from_year, self.to_year)

    @property
    def begins(self) -> int | None:
        """The year with which it stands in a life: its first one, or that of the company."""
        return self.company.founded_year if self.from_year is None else self.from_year
