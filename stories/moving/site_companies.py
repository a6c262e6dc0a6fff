"""Companies of an export become rows again, and the years of founders in them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from founders.company_admin import CompanyForm
from founders.models import Company, Founder, Venture
from stories.moving import site_rows
from stories_project.text.front_matter import BadFile, Document

YEARS = ("from_year", "to_year")


def store_company(document: Document) -> tuple[Company, bool, bool]:
    """Store the company of a document; return the row, whether it is new, and whether it changed.

    Raises BadFile.
    """
    values = document.values
    data = {name: site_rows.text_of(values, name) for name in CompanyForm.Meta.fields}
    known = Company.objects.filter(slug=data["slug"]).first()
    company = known or Company(pk=site_rows.free_key(Company, values))
    form = CompanyForm(data, instance=company)
    if not form.is_valid():
        name = next(iter(form.errors))
        raise BadFile(f"{name}: {' '.join(map(str, form.errors[name]))}", document.line_of(name))
    is_changed = known is None or form.has_changed()
    if is_changed:
        company = form.save()
        company.record_change()
    is_changed |= site_rows.store_past_slugs(company, site_rows.texts_of(values, "past_slugs"))
    return company, known is None, is_changed


def store_ventures(founder: Founder, lines: Sequence[Any]) -> bool:
    """Store what a founder did in companies; return whether that changed anything.

    Raises BadFile for a company that is not here, and ValidationError for impossible years.
    """
    slugs = {str(line["company"]) for line in lines}
    companies = {company.slug: company for company in Company.objects.filter(slug__in=slugs)}
    if missing := slugs - companies.keys():
        sentence = _("%(key)s: there is no company %(slugs)s.")
        raise BadFile(sentence % {"key": "ventures", "slugs": ", ".join(sorted(missing))})
    rows = [
        Venture(
            founder=founder,
            company=companies[str(line["company"])],
            role=str(line.get("role", "")),
            **{name: int(line[name]) if line.get(name) else None for name in YEARS},
        )
        for line in lines
    ]
    if list(map(_facts, rows)) == list(map(_facts, founder.ventures.all())):
        return False
    founder.ventures.all().delete()
    for row in rows:
        row.full_clean()
        row.save()
        row.company.record_change()
    founder.record_change()
    return True


def _facts(venture: Venture) -> tuple[Any, ...]:
    return (venture.company_id, venture.role, venture.from_year, venture.to_year)
