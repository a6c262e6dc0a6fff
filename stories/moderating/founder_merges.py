"""Merge two profiles of the same person, and undo it.

The merged profile stays stored as a hidden one. Its address leads to the kept one, and old
revisions that name it mean the kept one. Each function is one transaction, with a constant number
of statements for every 5,000 stories.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from founders.forms import FounderForm
from founders.models import Decision, Founder, FounderPastSlug, Venture
from stories.models import FounderMerge, Story, StoryFounder, Suggestion, Webmention
from stories.models.listing import stories_of_founder
from stories.search.indexing import index_keys
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.batches import batches
from stories_project.page_cache import change_log
from stories_project.past_slugs import keep_past_slug

Status = Founder.Status
OF_THE_PORTRAIT = ("portrait", "portrait_focus", "portrait_alt", "portrait_credit")
# How the history names a merge; an erasure finds it by these words.
NAMED_AFTER = ("merged into", "the merge into")
# The step that takes a profile away, and the one that brings it back.
TAKEN_AWAY = {Status.APPROVED: Status.HIDDEN, Status.PENDING: Status.REJECTED}


@transaction.atomic
def merge_founders(
    merged: Founder, kept: Founder, by: User | None = None, read: Mapping[int, str] | None = None
) -> FounderMerge:
    """Merge a profile into another one, and return the record of it.

    The kept one gets the stories, the history, the suggestions, the companies, the webmentions and
    the former addresses, and the values that it lacks. `read` has the versions of the profiles that
    the moderator has read, by primary key. Raises ValidationError if either has another version or
    was merged already, or if readers see only the one that is not kept.
    """
    _lock_suggestions(merged)
    merged, kept = Founder.objects.locked(merged, kept)
    _refuse(merged, kept)
    if read is not None and any(read.get(f.pk) != f.version for f in (merged, kept)):
        raise ValidationError(_("A profile was changed after you opened this. Compare them again."))
    rows = StoryFounder.objects.filter(founder=merged).order_by()
    both = rows.filter(story__in=StoryFounder.objects.filter(founder=kept).values("story"))
    doubled = [list(row) for row in both.values_list("story_id", "position")]
    both.delete()
    moved = list(rows.values_list("story_id", flat=True))
    rows.update(founder=kept)
    before = {"status": merged.status, "filled": _fill(kept, merged), **_take_along(merged, kept)}
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    if away := TAKEN_AWAY.get(Status(merged.status)):
        merged.decide(away, by, f"Merged into {kept}.")
    keep_past_slug(kept, merged.slug)
    _record_change(merged, kept)
    record(AuditEntry.Kind.FOUNDER, f"merged into “{kept}”", merged, by=by)
    return FounderMerge.objects.create(
        merged=merged, kept=kept, before=before, moved=moved, doubled=doubled, by=by
    )


@transaction.atomic
def undo_merge(merge: FounderMerge, by: User | None = None) -> Founder:
    """Undo a merge, and return the profile that was merged, with its former status.

    A story that no longer names the kept founder does not get the merged one back. Raises
    ValidationError if the merge is undone already, or if the kept profile was merged later.
    """
    merge = FounderMerge.objects.select_for_update().get(pk=merge.pk)
    Story.objects.lock_in_order(dict(merge.doubled))
    _lock_suggestions(merge.kept)
    merged, kept = Founder.objects.locked(merge.merged, merge.kept)
    if merge.undone_at:
        raise ValidationError(_("This is undone already."))
    if kept.merged_into_id:
        text = _("%(founder)s was merged later: undo that first.")
        raise ValidationError(text % {"founder": kept})
    if FounderMerge.objects.filter(kept=kept, undone_at=None, pk__gt=merge.pk).exists():
        text = _("Another profile was merged into %(founder)s later: undo that first.")
        raise ValidationError(text % {"founder": kept})
    before = merge.before
    kept.past_slugs.filter(slug__in=[merged.slug, *before["past_slugs"]]).delete()
    FounderPastSlug.objects.bulk_create(
        FounderPastSlug(founder=merged, slug=slug) for slug in before["past_slugs"]
    )
    Decision.objects.filter(pk__in=before["decisions"]).update(founder=merged)
    Suggestion.objects.filter(pk__in=before["suggestions"]).update(founder=merged)
    Venture.objects.filter(pk__in=before.get("ventures", ())).update(founder=merged)
    Webmention.objects.filter(pk__in=before.get("webmentions", ())).update(founder=merged)
    Founder.objects.filter(pk__in=before["merged"]).update(merged_into=merged)
    for stories in batches(merge.moved):
        StoryFounder.objects.filter(founder=kept, story__in=stories).update(founder=merged)
    for places in batches(merge.doubled):
        _name_again(dict(places), merged, kept)
    # A story that was stored meanwhile is indexed under the kept founder.
    index_keys([*merge.moved, *dict(merge.doubled)])
    _empty(kept, before["filled"])
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    if merged.status == TAKEN_AWAY.get(before["status"]):
        merged.decide(before["status"], by, f"The merge into {kept} was undone.")
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    _record_change(merged, kept)
    record(AuditEntry.Kind.FOUNDER, f"undid the merge into “{kept}” of", merged, by=by)
    return merged


def _lock_suggestions(founder: Founder) -> None:
    """Lock before the profiles, in the order in which a moderator's decision locks."""
    rows = Suggestion.objects.select_for_update().filter(founder=founder).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _refuse(merged: Founder, kept: Founder) -> None:
    for founder in (merged, kept):
        if founder.erased_at:
            raise ValidationError(_("%(founder)s cannot be merged.") % {"founder": founder})
        if founder.merged_into_id:
            text = _("%(founder)s is merged into %(kept)s already.")
            raise ValidationError(text % {"founder": founder, "kept": founder.merged_into})
    if merged.is_approved and not kept.is_approved:
        text = _("Readers see only the profile of %(founder)s: keep that one.")
        raise ValidationError(text % {"founder": merged})


def _fill(kept: Founder, merged: Founder) -> dict[str, Any]:
    """Save the kept profile with the values that it lacked, and return them, safe as JSON."""
    names = [
        name for name in FounderForm.details() if name not in OF_THE_PORTRAIT or not kept.portrait
    ]
    if kept.birth_year or kept.death_year:
        names = [name for name in names if name not in ("birth_year", "death_year")]
    if merged.family_name not in kept.name:
        names.remove("family_name")
    filled = {n: getattr(merged, n) for n in names if getattr(merged, n) and not getattr(kept, n)}
    for name, value in filled.items():
        setattr(kept, name, value)
    if filled:
        kept.full_clean(validate_unique=False)
        kept.save()
        kept.note_pictures()
    return {name: str(value) if name == "portrait" else value for name, value in filled.items()}


def _empty(kept: Founder, filled: dict[str, Any]) -> None:
    """Take the filled values back, unless somebody has changed them."""
    same = [name for name, value in filled.items() if getattr(kept, name) == value]
    if "portrait" in filled and "portrait" not in same:
        same = [name for name in same if name not in OF_THE_PORTRAIT]
    kept.clear(same)
    if same:
        kept.save()
        kept.note_pictures()


def _take_along(merged: Founder, kept: Founder) -> dict[str, Any]:
    """Move the rows that belong to the merged profile, and return what was moved."""
    rows = {
        "decisions": Decision.objects.filter(founder=merged).order_by(),
        "suggestions": Suggestion.objects.filter(founder=merged),
        "ventures": Venture.objects.filter(founder=merged).order_by(),
        "webmentions": Webmention.objects.filter(founder=merged).exclude(
            source__in=Webmention.objects.filter(founder=kept).values("source")
        ),
    }
    before: dict[str, Any] = {
        name: list(r.values_list("pk", flat=True)) for name, r in rows.items()
    }
    for moved in rows.values():
        moved.update(founder=kept)
    before["past_slugs"] = list(merged.past_slugs.values_list("slug", flat=True))
    merged.past_slugs.update(founder=kept)
    before["merged"] = list(merged.merged.values_list("pk", flat=True))
    merged.merged.update(merged_into=kept)
    return before


def _name_again(places: dict[int, int], merged: Founder, kept: Founder) -> None:
    """Name a founder again in {story: position}, where the story still names the kept one."""
    still = StoryFounder.objects.filter(founder=kept, story__in=places)
    copies = ("publish_at", "unpublish_at", "told_order")
    StoryFounder.objects.bulk_create(
        StoryFounder(
            founder=merged,
            story_id=row["story_id"],
            position=places[row["story_id"]],
            **{name: row[name] for name in copies},
        )
        for row in still.order_by().values("story_id", *copies)
    )


def _record_change(*founders: Founder) -> None:
    for founder in founders:
        founder.record_change()
        change_log.record(stories_of_founder(founder.pk))
