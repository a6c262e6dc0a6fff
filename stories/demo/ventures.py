"""The companies of the demo, and what its founders did in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from founders.models import Company, Founder, Venture
from stories_project.text.folding import slug_for


def add_ventures(founder: Founder, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add what a founder did in companies, and the companies, from front matter."""
    for row in rows:
        venture = Venture(
            founder=founder,
            company=_company(row),
            from_year=row.get("from"),
            to_year=row.get("to"),
            role=row.get("role", ""),
        )
        venture.full_clean()
        venture.save()
        venture.company.record_change()


def remove_companies(slugs: Iterable[str]) -> None:
    """Remove the companies with these slugs in which nobody did anything."""
    for company in Company.objects.filter(slug__in=slugs, ventures=None):
        company.record_change()
        company.delete()


def slugs_in(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the slugs of the companies in front matter."""
    return {slug_for(row["company"]) for row in rows}


def _company(row: Mapping[str, Any]) -> Company:
    slug = slug_for(row["company"])
    if known := Company.objects.filter(slug=slug).first():
        return known
    company = Company(
        name=row["company"],
        slug=slug,
        founded_year=row.get("founded"),
        place=row.get("place", ""),
    )
    company.full_clean()
    company.save()
    return company
