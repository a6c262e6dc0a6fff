"""Erase a person: remove what identifies them, and keep the decisions without it.

Stories are journalism. They lose the founder's name above the text and keep their text, unless an
editor withdraws them or a passage is purged (`purging.py`).
"""

from datetime import timedelta
from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from founders.forms import FounderForm
from founders.models import Decision, Founder, Venture
from stories.models import Follow, FounderMerge, StoryFounder, Suggestion, Webmention
from stories.models.listing import stories_of_founder
from stories.moderating.founder_merges import NAMED_AFTER
from stories.moderating.person import Person
from stories.sharing.share_pictures import forget_pictures
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record
from stories_project.library.uses import forget_picture
from stories_project.page_cache import change_log
from stories_project.pictures.renditions import remove_renditions
from stories_project.pictures.uploads import stored_in

ERASED = "Erased."
FOLDER = "portraits"
KEPT_AFTER_UPLOAD = timedelta(days=2)


@transaction.atomic
def erase(person: Person) -> None:
    """Erase a person. The profiles stay as rows without a name: decisions refer to them."""
    person = _locked(person)
    portraits, stories = person.portraits, list(person.stories)
    person.log.delete()
    StoryFounder.objects.filter(founder__in=person.profiles).delete()
    Venture.objects.filter(founder__in=person.profiles).delete()
    Follow.objects.filter(founder__in=person.profiles).delete()
    for webmention in person.webmentions.select_related("story", "founder"):
        _erase_webmention(webmention)
    for suggestion in person.suggestions:
        _erase_suggestion(suggestion)
    for merge in FounderMerge.objects.filter(merged__in=person.profiles):
        merge.before, merge.undone_at = {}, merge.undone_at or timezone.now()
        merge.save(update_fields=["before", "undone_at"])
    _forget_undone_merges(person)
    for founder in person.profiles:
        _erase_profile(founder)
    person.decisions.exclude(reason="").update(reason=ERASED)
    change_log.record(*(story.surrogate_key for story in stories))
    transaction.on_commit(partial(_delete_pictures, portraits))
    transaction.on_commit(forget_pictures)
    what = f"erased a person (founder {person.profiles[0].pk})"
    record(AuditEntry.Kind.PURGE, what, by=COMMAND_LINE)


def _locked(person: Person) -> Person:
    """Return the person as stored, with rows that nobody else changes until this is done."""
    suggestions = Suggestion.objects.select_for_update().order_by("pk")
    list(suggestions.filter(pk__in=[row.pk for row in person.suggestions]))
    return Person(Founder.objects.locked(*person.profiles))


def _forget_undone_merges(person: Person) -> None:
    """Take the name out of the history of profiles that were merged into these, and undone."""
    merges = FounderMerge.objects.filter(kept__in=person.profiles)
    others = [merge.merged for merge in merges.exclude(merged__in=person.profiles)]
    decisions, log = Decision.objects.filter(founder__in=others), AuditEntry.objects.about(*others)
    # They went along if such a profile was merged into another one after that.
    moved = Decision.objects.filter(founder__in=[o.merged_into for o in others if o.merged_into])
    for words in NAMED_AFTER:
        decisions.filter(reason__icontains=words).update(reason=ERASED)
        log.filter(Q(what__icontains=words) | Q(reason__icontains=words)).delete()
        for name in person.names:
            moved.filter(reason__icontains=f"{words} {name}").update(reason=ERASED)


def _erase_profile(founder: Founder) -> None:
    if founder.is_approved:
        founder.hide(ERASED)
    elif founder.is_waiting:
        founder.reject(ERASED)
    founder.past_slugs.all().delete()
    founder.clear(FounderForm.details())
    founder.name, founder.slug = f"Erased person {founder.pk}", f"erased-{founder.pk}"
    founder.save()
    founder.note_pictures()
    founder.erased_at = timezone.now()
    founder.save(update_fields=["erased_at"])
    founder.record_change()
    change_log.record(stories_of_founder(founder.pk))
    _forget_in_admin_log(founder)


def _erase_suggestion(suggestion: Suggestion) -> None:
    """Empty a suggestion; one that waits is answered."""
    empty = {"name": ERASED, "email": "", "message": "", "public_note": ""}
    for name, value in empty.items():
        setattr(suggestion, name, value)
    suggestion.content = suggestion.based_on = {}
    decision = ("status", "reason", "decided_at")
    if suggestion.status in (Suggestion.Status.WAITING, Suggestion.Status.REJECTED):
        suggestion.status, suggestion.reason = Suggestion.Status.REJECTED, ERASED
        suggestion.decided_at = suggestion.decided_at or timezone.now()
    suggestion.save(update_fields=[*empty, "folded_name", "content", "based_on", *decision])
    _forget_in_admin_log(suggestion)


def _erase_webmention(webmention: Webmention) -> None:
    """Delete a webmention, and what the log says about it: the address may have the name."""
    webmention.record_change()
    AuditEntry.objects.about(webmention).delete()
    webmention.delete()


def _forget_in_admin_log(row: Model) -> None:
    """Take the name of a row out of the log that Django's admin keeps."""
    content_type = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=content_type, object_id=str(row.pk))
    entries.update(object_repr=ERASED)


def delete_lost_portraits() -> int:
    """Delete stored portraits that nothing names any more, and return how many.

    The audit log names former portraits for as long as it is kept. One that was uploaded a moment
    ago may be in a form that has errors.
    """
    lost = set(stored_in(FOLDER)) - _named_portraits()
    newest = timezone.now() - KEPT_AFTER_UPLOAD
    old = {name for name in lost if default_storage.get_modified_time(name) < newest}
    _delete_pictures(old)
    return len(old)


def _named_portraits() -> set[str]:
    """Return the names of the portraits that a profile, a suggestion, a merge or the log has."""
    named = set(Founder.objects.exclude(portrait="").values_list("portrait", flat=True))
    suggested = Suggestion.objects.values_list("content__portrait", "based_on__portrait")
    logged = AuditEntry.objects.filter(kind=AuditEntry.Kind.FOUNDER)
    for rows in (suggested, logged.values_list("before__portrait", "after__portrait")):
        named |= {name for row in rows.iterator(5000) for name in row if name}
    merged = FounderMerge.objects.values_list("before__filled__portrait", flat=True)
    return named | {name for name in merged if name}


def _delete_pictures(names: set[str]) -> None:
    """Delete stored portraits that no other founder has, and what was made from them."""
    for name in names:
        if not Founder.objects.with_portrait(name).exists():
            forget_picture(name)
            remove_renditions(name)
            default_storage.delete(name)
