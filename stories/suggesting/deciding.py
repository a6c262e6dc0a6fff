"""What moderators do with suggestions: accept, through the form of a founder, or reject."""

from django.core.exceptions import ValidationError
from django.db import transaction

from founders.forms import ProfileForm
from founders.models import Founder
from stories.models import Suggestion
from stories_project.text.folding import slug_for

Kind, Status = Suggestion.Kind, Suggestion.Status


def profile_form(suggestion, data=None):
    """Return the form of the founder as suggested; bound to `data` where somebody edited it.

    None for a correction of a story, and where the founder is gone meanwhile.
    """
    if suggestion.kind == Kind.FOUNDER:
        initial = {"slug": slug_for(suggestion.name)} | suggestion.content
        return ProfileForm(data, initial=initial)
    if suggestion.kind == Kind.PROFILE and suggestion.founder:
        live = Founder.objects.get(pk=suggestion.founder_id)
        return ProfileForm(data, instance=live, initial=suggestion.content)
    return None


@transaction.atomic
def accept(suggestion, by, form=None, public_note=""):
    """Accept a suggestion; `form` is the bound form of its founder, where there is one.

    A new founder goes into the moderators' queue. Raises ValidationError where it is decided
    already, or where the form is not valid.
    """
    _hold(suggestion, by)
    if form is not None:
        if not form.is_valid():
            raise ValidationError("The profile is not right yet: see its fields.")
        founder = form.save()
        if suggestion.kind == Kind.FOUNDER:
            founder.submit(by)
            suggestion.founder = founder
    suggestion.decide(Status.ACCEPTED, by, public_note=public_note)


@transaction.atomic
def reject(suggestion, by, reason):
    """Reject a suggestion; its sender reads the reason. Raises ValidationError without one."""
    _hold(suggestion, by)
    suggestion.decide(Status.REJECTED, by, reason=reason.strip())


def _hold(suggestion, by):
    """Lock a suggestion, and raise ValidationError unless it still waits for this moderator."""
    suggestion.refresh_from_db(from_queryset=Suggestion.objects.select_for_update())
    if not suggestion.is_waiting:
        raise ValidationError("Somebody has decided this already.")
    if suggestion.is_claimed_from(by):
        raise ValidationError(f"{suggestion.claimed_by} is deciding this at the moment.")
