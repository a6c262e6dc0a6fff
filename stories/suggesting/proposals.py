"""A change of an approved profile by somebody who is no moderator. The live profile stays as it is.

A proposal is a `Suggestion` with an author: it waits in the same queue, and moderators decide about
it in the same way.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from founders.forms import FounderForm
from stories.models import Suggestion
from stories.suggesting.deciding import lock


class ProposalForm(FounderForm):
    """The form of a profile, whose values are proposed and not saved."""

    message = forms.CharField(
        label=_("Why"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("With a source that the moderators can look up."),
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a proposal that changes nothing."""
        values = super().clean()
        if not self.errors and not self.changed_values()[1]:
            raise ValidationError(
                gettext("Nothing differs from the profile. Change what is wrong.")
            )
        return values

    def propose(self, author: User) -> Suggestion:
        """Store the changed values of a valid form, with those that they are to replace."""
        before, after = self.changed_values()
        return Suggestion.objects.create(
            kind=Suggestion.Kind.PROFILE,
            founder_id=self.instance.pk,
            name=self.stored["name"],
            author=author,
            message=self.cleaned_data["message"],
            based_on=before,
            content=after,
        )


@transaction.atomic
def withdraw(proposal: Suggestion, by: User) -> None:
    """Take a proposal back. Raises ValidationError if it is decided already."""
    lock(proposal)
    proposal.decide(Suggestion.Status.WITHDRAWN, by)
