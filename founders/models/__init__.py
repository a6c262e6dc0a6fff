from django.utils.translation import gettext_lazy as _

from founders.models.canned_reason import CannedReason
from founders.models.company import Company, CompanyPastSlug, Venture
from founders.models.decision import Decision
from founders.models.founder import Founder
from founders.models.past_slug import FounderPastSlug
from founders.models.status import STEPS
from stories_project.names import name_fields, name_model

name_model(Founder, _("founder"), _("founders"))
name_fields(
    Founder,
    name=_("name"),
    native_name=_("name in the original script"),
    family_name=_("family name"),
    slug=_("slug"),
    headline=_("headline"),
    company=_("company"),
    biography=_("biography"),
    portrait_alt=_("portrait description"),
    portrait_credit=_("portrait credit"),
    birthplace=_("birthplace"),
    birth_year=_("birth year"),
    death_year=_("death year"),
    links=_("links"),
    status=_("status"),
    status_changed_at=_("status changed at"),
)
name_model(CannedReason, _("canned reason"), _("canned reasons"))
name_fields(CannedReason, name=_("name"), text=_("text"), position=_("position"))

__all__ = [
    "STEPS",
    "CannedReason",
    "Company",
    "CompanyPastSlug",
    "Decision",
    "Founder",
    "FounderPastSlug",
    "Venture",
]
