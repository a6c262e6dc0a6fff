"""How moderators decide about suggestions: accept or reject."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from founders.forms import FounderForm, ProfileForm
from founders.models import Founder
from stories.models import Suggestion
from stories.writing.three_way_merge import merge_text
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.claims import who_was_first
from stories_project.text.folding import slug_for
from stories_project.text.sentences import inside_sentence

# The long texts of a profile.
IN_PARAGRAPHS = {"biography", "links"}
Kind, Status = Suggestion.Kind, Suggestion.Status


def profile_form(
    suggestion: Suggestion, data: dict[str, Any] | None = None, files: Any = None
) -> FounderForm | None:
    """Return the founder's form, filled in as suggested, or bound to `data` that was posted.

    Return None for a correction of a story, and if the founder was deleted meanwhile.
    """
    if suggestion.kind == Kind.FOUNDER:
        initial = {"slug": slug_for(suggestion.name)} | suggestion.content
        return ProfileForm(data, initial=initial)
    if suggestion.kind == Kind.PROFILE and suggestion.founder_id:
        live = Founder.objects.get(pk=suggestion.founder_id)
        form = FounderForm if suggestion.author_id else ProfileForm
        return form(data, files, instance=live, initial=merged_with(live, suggestion))
    return None


def merged_with(live: Founder, suggestion: Suggestion) -> dict[str, Any]:
    """Return the suggested values. Of a text that has changed meanwhile, keep both changes.

    Where they contradict each other, the suggested value stands; the desk says so.
    """
    values = dict(suggestion.content)
    for name in IN_PARAGRAPHS & values.keys() & suggestion.based_on.keys():
        base, theirs = suggestion.based_on[name] or "", getattr(live, name)
        values[name] = merge_text(base, values[name] or "", theirs) or values[name]
    return values


@transaction.atomic
def accept(
    suggestion: Suggestion, by: User, form: FounderForm | None = None, public_note: str = ""
) -> None:
    """Accept a suggestion, and save the founder if `form`, bound, is given.

    A new founder goes into the moderators' queue. Raises ValidationError if the suggestion is
    decided already, if another moderator has claimed it, or if the form is not valid.
    """
    _lock(suggestion, by)
    if form is not None:
        if not form.is_valid():
            raise ValidationError(_("The profile is not right yet: see its fields."))
        before, after = form.changed_values()
        founder = form.save()
        what, kind = "took a suggestion into", AuditEntry.Kind.FOUNDER
        record(kind, what, founder, by=by, before=before, after=after)
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


def lock(suggestion: Suggestion) -> None:
    """Lock the row of a suggestion. Raises ValidationError, with who and when, if it is decided."""
    suggestion.refresh_from_db(from_queryset=Suggestion.objects.select_for_update())
    if not suggestion.is_waiting:
        outcome, at = inside_sentence(suggestion.get_status_display()), suggestion.decided_at
        raise ValidationError(who_was_first(suggestion.decided_by, outcome, at, suggestion.reason))


def _lock(suggestion: Suggestion, by: User) -> None:
    """Lock a suggestion to decide it. Raises ValidationError if another one is deciding it."""
    lock(suggestion)
    if suggestion.is_claimed_from(by):
        text = _("%(who)s is deciding this at the moment.") % {"who": suggestion.claimed_by}
        raise ValidationError(text)
