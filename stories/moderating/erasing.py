"""Erase a person: remove what identifies them, and keep the decisions without it.

Stories are journalism. They lose the founder's name above the text and keep their text, unless an
editor withdraws them or a passage is purged (`purging.py`).
"""

from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from founders.forms import FounderForm
from founders.models import Founder
from stories.models import FounderMerge, StoryFounder, Suggestion
from stories.models.listing import stories_of_founder
from stories.moderating.person import Person
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record
from stories_project.page_cache import change_log
from stories_project.pictures.renditions import remove_renditions

ERASED = "Erased."


@transaction.atomic
def erase(person: Person) -> None:
    """Erase a person. The profiles stay as rows without a name: decisions refer to them."""
    portraits, stories = person.portraits, list(person.stories)
    person.log.delete()
    StoryFounder.objects.filter(founder__in=person.profiles).delete()
    for suggestion in person.suggestions:
        _erase_suggestion(suggestion)
    for merge in FounderMerge.objects.filter(merged__in=person.profiles):
        merge.before, merge.undone_at = {}, merge.undone_at or timezone.now()
        merge.save(update_fields=["before", "undone_at"])
    for founder in person.profiles:
        _erase_profile(founder)
    person.decisions.exclude(reason="").update(reason=ERASED)
    change_log.record(*(story.surrogate_key for story in stories))
    transaction.on_commit(partial(_delete_pictures, portraits))
    what = f"erased a person (founder {person.profiles[0].pk})"
    record(AuditEntry.Kind.PURGE, what, by=COMMAND_LINE)


def _erase_profile(founder: Founder) -> None:
    if founder.is_approved:
        founder.hide(ERASED)
    elif founder.is_waiting:
        founder.reject(ERASED)
    founder.past_slugs.all().delete()
    founder.clear(FounderForm.details())
    founder.name, founder.slug = f"Erased person {founder.pk}", f"erased-{founder.pk}"
    founder.save()
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
    if suggestion.status in (Suggestion.Status.WAITING, Suggestion.Status.REJECTED):
        suggestion.status, suggestion.reason = Suggestion.Status.REJECTED, ERASED
        suggestion.decided_at = suggestion.decided_at or timezone.now()
    suggestion.save()
    _forget_in_admin_log(suggestion)


def _forget_in_admin_log(row: Model) -> None:
    """Take the name of a row out of the log that Django's admin keeps."""
    content_type = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=content_type, object_id=str(row.pk))
    entries.update(object_repr=ERASED)


def _delete_pictures(names: set[str]) -> None:
    """Delete stored portraits that no other founder has, and what was made from them."""
    for name in names:
        if not Founder.objects.with_portrait(name).exists():
            remove_renditions(name)
            default_storage.delete(name)
