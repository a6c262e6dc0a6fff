"""Which lives a reader chose to see: by century of birth, and by place of birth."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from founders.models.founder_query import FounderQuerySet, century_of, years_of
from stories_project.text.years import span_in_words

FIRST_CENTURY, LAST_CENTURY = -40, 21


class LivesForm(forms.Form):
    """The century and the place that a reader chose. What is not valid chooses nothing."""

    century = forms.IntegerField(
        required=False,
        min_value=FIRST_CENTURY,
        max_value=LAST_CENTURY,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("There is no such century here.")
        ),
    )
    place = forms.CharField(
        required=False,
        max_length=100,
        label=_("Born in"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Town or country")}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def century_chosen(self) -> int | None:
        """The chosen century; -1 is the first before Christ, and None means all."""
        return self.cleaned_data.get("century") or None

    @property
    def is_narrowed(self) -> bool:
        """Whether the reader chose anything."""
        return bool(self.century_chosen or self.cleaned_data.get("place"))

    def narrow(self, founders: FounderQuerySet) -> FounderQuerySet:
        """Return the founders of the chosen century and place."""
        if century := self.century_chosen:
            founders = founders.born_in_century(century)
        if place := self.cleaned_data.get("place"):
            founders = founders.born_at(place)
        return founders


def centuries_of(founders: FounderQuerySet) -> dict[int, str]:
    """Return {century: its years} for the centuries in which these founders were born."""
    numbers = sorted({century_of(year) for year in founders.birth_years()})
    return {number: span_in_words(*years_of(number)) for number in numbers}
