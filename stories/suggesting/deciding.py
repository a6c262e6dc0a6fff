"""How moderators decide about suggestions: accept or reject."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from founders.forms import ProfileForm
from founders.models import Founder
from stories.models import Suggestion
from stories_project.text.folding import slug_for

Kind, Status = Suggestion.Kind, Suggestion.Status


def profile_form(suggestion: Suggestion, data: dict[str, Any] | None = None) -> ProfileForm | None:
    """Return the founder's form, filled in as suggested, or bound to `data` that was posted.

    Return None for a correction of a story, and if the founder was deleted meanwhile.
    """
    if suggestion.kind == Kind.FOUNDER:
        initial = {"slug": slug_for(suggestion.name)} | suggestion.content
        return ProfileForm(data, initial=initial)
    if suggestion.kind == Kind.PROFILE and suggestion.founder_id:
        live = Founder.objects.get(pk=suggestion.founder_id)
        return ProfileForm(data, instance=live, initial=suggestion.content)
    return None


@transaction.atomic
def accept(
    suggestion: Suggestion, by: User, form: ProfileForm | None = None, public_note: str = ""
) -> None:
    """Accept a suggestion, and save the founder if `form`, bound, is given.

    A new founder goes into the moderators' queue. Raises ValidationError if the suggestion is
    decided already, if another moderator has claimed it, or if the form is not valid.
    """
    _lock(suggestion, by)
    if form is not None:
        if not form.is_valid():
            raise ValidationError("The profile is not right yet: see its fields.")
        founder = form.save()
        if suggestion.kind == Kind.FOUNDER:
            founder.submit(by)
            suggestion.founder = founder
    suggestion.decide(Status.ACCEPTED, by, public_note=public_note)


@transaction.atomic
def reject(suggestion: Suggestion, by: User, reason: str) -> None:
    """Reject a suggestion with a reason, which its sender can read.

    Raises ValidationError as `accept` does, and if the reason is empty.
    """
    _lock(suggestion, by)
    suggestion.decide(Status.REJECTED, by, reason=reason.strip())


def _lock(suggestion: Suggestion, by: User) -> None:
    """Lock the row of a suggestion. Raises ValidationError if this moderator may not decide now."""
    suggestion.refresh_from_db(from_queryset=Suggestion.objects.select_for_update())
    if not suggestion.is_waiting:
        raise ValidationError("Somebody has decided this already.")
    if suggestion.is_claimed_from(by):
        raise ValidationError(f"{suggestion.claimed_by} is deciding this at the moment.")
