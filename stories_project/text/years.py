"""Years as readers see them. A negative year is one before Christ: -44 is 44 BC."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext


def validate_year(year: int) -> None:
    """Raise ValidationError for the year 0, which never was."""
    if year == 0:
        raise ValidationError(gettext("There was no year 0: write 1, or -1 for 1 BC."))


YEAR_VALIDATORS: Sequence[Any] = (validate_year, MaxValueValidator(2100))


def year_in_words(year: int) -> str:
    """Return a year as shown: "1888" or "44 BC"."""
    return str(year) if year >= 0 else gettext("%(year)s BC") % {"year": -year}


def span_in_words(first: int, last: int | None) -> str:
    """Return a span of years as shown: "1888–1890", "100–44 BC", or "1888" for a single year."""
    if last is None or last == first:
        return year_in_words(first)
    if first < 0 and last < 0:
        return f"{-first}–{year_in_words(last)}"
    return f"{year_in_words(first)}–{year_in_words(last)}"
