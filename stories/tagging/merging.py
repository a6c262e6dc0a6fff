"""Rename tags, merge them, and undo either.

The old name and the old slug still lead to the tag: in what an editor types, in imported files, in
old revisions and in URLs. Each function is one transaction, with a constant number of statements
for every 5,000 stories.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stories.models import Follow, Story, StoryTag, Tag, TagAlias, TagChange, TagPastSlug
from stories.search.indexing import index_keys
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.batches import batches
from stories_project.past_slugs import keep_past_slug
from stories_project.text.folding import fold

COLUMNS = ("id", "name", "slug", "description")


@transaction.atomic
def rename(tag: Tag, changes: Mapping[str, str], by: User | None = None) -> Tag:
    """Change the name, slug or description of a tag, and return it as it is now.

    `changes` has new values for `name`, `slug` and `description`, or some of them. Raises
    ValidationError for the field if another tag has the name or the slug.
    """
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    before = _columns(tag)
    for name, value in changes.items():
        setattr(tag, name, value)
    tag.full_clean()
    tag.aliases.filter(folded_name=fold(tag.name)).delete()
    tag.past_slugs.filter(slug=tag.slug).delete()
    tag.save()
    if tag.slug != before["slug"]:
        keep_past_slug(tag, before["slug"])
    if fold(tag.name) != fold(before["name"]):
        tag.aliases.create(name=before["name"])
    if (tag.name, tag.slug) != (before["name"], before["slug"]):
        kind = TagChange.Kind.RENAMED
        TagChange.objects.create(kind=kind, tag=tag, before=before, after=tag.name, by=by)
        record(AuditEntry.Kind.TAG, "renamed", tag, by=by, before=before, after=_columns(tag))
    tag.record_change()
    return tag


@transaction.atomic
def merge(tags: Iterable[Tag], kept: Tag, by: User | None = None) -> Tag:
    """Merge tags into `kept`, delete the others, and return `kept`.

    Each story that had any of the tags has `kept` once. Raises ValidationError if one of the tags
    was deleted meanwhile.
    """
    pks = sorted({tag.pk for tag in tags} | {kept.pk})
    rows = Tag.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    locked = {tag.pk: tag for tag in rows}
    if len(locked) < len(pks):
        raise ValidationError(_("One of these tags was deleted meanwhile. Choose again."))
    kept = locked.pop(kept.pk)
    for tag in locked.values():
        _merge_one(tag, kept, by)
    return kept


def _merge_one(tag: Tag, kept: Tag, by: User | None) -> None:
    of_kept = StoryTag.objects.filter(tag=kept).values("content_object")
    rows = StoryTag.objects.filter(tag=tag)
    doubled = list(rows.filter(content_object__in=of_kept).values_list("content_object", flat=True))
    rows.filter(content_object__in=of_kept).delete()
    moved = list(rows.values_list("content_object", flat=True))
    rows.update(tag=kept)
    before = _columns(tag) | {
        "past_slugs": list(tag.past_slugs.values_list("slug", flat=True)),
        "aliases": list(tag.aliases.values_list("name", flat=True)),
        "changes": list(tag.changes.values_list("pk", flat=True)),
    }
    tag.past_slugs.update(tag=kept)
    tag.aliases.update(tag=kept)
    tag.changes.update(tag=kept)
    keep_past_slug(kept, tag.slug)
    follow_both = Follow.objects.filter(tag=kept).values("follower")
    Follow.objects.filter(tag=tag).exclude(follower__in=follow_both).update(tag=kept)
    Tag.objects.recount([kept.pk])
    for changed in (tag, kept):
        changed.record_change()
    record(AuditEntry.Kind.TAG, f"merged into “{kept}”", tag, by=by, before=before)
    tag.delete()
    kept.aliases.create(name=before["name"])
    TagChange.objects.create(
        kind=TagChange.Kind.MERGED,
        tag=kept,
        before=before,
        after=kept.name,
        moved=moved,
        doubled=doubled,
        by=by,
    )


@transaction.atomic
def undo(change: TagChange, by: User | None = None) -> Tag:
    """Undo a rename or a merge, and return the tag as it was before.

    A story from which an editor has removed the merged tag does not get the old one back. Raises
    ValidationError if the change is undone already, or if the tag was deleted or changed later.
    """
    change = TagChange.objects.select_for_update().get(pk=change.pk)
    Story.objects.lock_in_order(change.doubled)
    tag = Tag.objects.select_for_update().filter(pk=change.tag_id or 0).first()
    later = TagChange.objects.filter(tag=tag, undone_at=None, pk__gt=change.pk)
    if change.undone_at:
        raise ValidationError(_("This is undone already."))
    if tag is None or later.exists():
        raise ValidationError(_("The tag was changed again later: undo that first."))
    revert = _unmerge if change.kind == TagChange.Kind.MERGED else _rename_back
    restored = revert(tag, change)
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    with translation.override("en"):
        reason = str(change)
    record(AuditEntry.Kind.TAG, "undid a change of", restored, by=by, reason=reason)
    return restored


def _rename_back(tag: Tag, change: TagChange) -> Tag:
    restored = rename(tag, {name: change.before[name] for name in ("name", "slug")})
    TagChange.objects.filter(tag=tag, pk__gt=change.pk).delete()
    return restored


def _unmerge(kept: Tag, change: TagChange) -> Tag:
    before = change.before
    names = [fold(name) for name in (before["name"], *before["aliases"])]
    kept.aliases.filter(folded_name__in=names).delete()
    slugs = [before["slug"], *before["past_slugs"]]
    kept.past_slugs.filter(slug__in=slugs).delete()
    tag = Tag(**{name: before[name] for name in COLUMNS})
    tag.full_clean()
    tag.save(force_insert=True)
    TagAlias.objects.bulk_create(TagAlias(tag=tag, name=name) for name in before["aliases"])
    TagPastSlug.objects.bulk_create(TagPastSlug(tag=tag, slug=s) for s in before["past_slugs"])
    TagChange.objects.filter(pk__in=before["changes"]).update(tag=tag)
    for stories in batches(change.moved):
        StoryTag.objects.filter(tag=kept, content_object__in=stories).update(tag=tag)
    for stories in batches(change.doubled):
        _tag_again(stories, tag, kept)
    # A story that was stored meanwhile is indexed under the kept tag.
    index_keys([*change.moved, *change.doubled])
    Tag.objects.recount([tag.pk, kept.pk])
    for changed in (tag, kept):
        changed.record_change()
    return tag


def _tag_again(stories: Sequence[int], tag: Tag, kept: Tag) -> None:
    """Give a tag back to the stories (primary keys) that still have the tag it was merged into."""
    still = Story.objects.filter(pk__in=stories, story_tags__tag=kept)
    StoryTag.objects.bulk_create(
        [
            StoryTag(tag=tag, content_object_id=pk, publish_at=begin, unpublish_at=end)
            for pk, begin, end in still.values_list("pk", "publish_at", "unpublish_at")
        ],
        ignore_conflicts=True,
    )


def _columns(tag: Tag) -> dict[str, Any]:
    return {name: getattr(tag, name) for name in COLUMNS}
