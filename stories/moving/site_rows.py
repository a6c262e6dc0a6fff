"""Founders and tags of an export become rows again, with their old addresses."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from founders.forms import FounderForm
from founders.models import Company, Founder
from stories.models import OldAddress, Revision, Series, Story, StoryPastSlug, Tag, TagAlias
from stories.models.moved_story import old_path
from stories.moving.corrections import store_corrections
from stories.moving.site_files import time_in
from stories.moving.site_pictures import name_in
from stories_project.past_slugs import refuse_past_slug
from stories_project.text.folding import fold
from stories_project.text.front_matter import BadFile, Document

# Why a profile is rejected or hidden: decisions stay on the site that made them.
REASON = gettext_lazy("It was so on the site that this profile comes from.")
Status = Founder.Status
STEPS: Mapping[str, Sequence[str]] = {
    Status.DRAFT: (),
    Status.PENDING: (Status.PENDING,),
    Status.APPROVED: (Status.PENDING, Status.APPROVED),
    Status.REJECTED: (Status.PENDING, Status.REJECTED),
    Status.HIDDEN: (Status.PENDING, Status.APPROVED, Status.HIDDEN),
}


def store_founder(document: Document, *, has_pictures: bool) -> tuple[Founder, bool]:
    """Store the founder of a document; return the row, and whether that changed anything.

    A new one gets the status in the file. That of a stored one stays: moderators have decided it.
    Without `has_pictures`, the portrait is left out. Raises BadFile.
    """
    values = document.values
    slug = text_of(values, "slug")
    founder = Founder.objects.filter(slug=slug).first() or Founder()
    is_new = founder._state.adding
    form = _form(document, founder, has_pictures=has_pictures)
    is_changed = is_new or form.changed_values() != ({}, {})
    if is_new:
        founder.pk = free_key(Founder, values)
    if is_changed:
        founder = form.save()
    if is_new:
        _bring(founder, text_of(values, "status") or Status.APPROVED)
    is_changed |= store_past_slugs(founder, texts_of(values, "past_slugs"))
    is_changed |= store_corrections(founder, values.get("corrections") or [])
    if is_changed:
        store_times(founder, values, ("created_at", "updated_at"))
    if is_new:
        store_times(founder, values, ("status_changed_at",))
    return founder, is_changed


def _form(document: Document, founder: Founder, *, has_pictures: bool) -> FounderForm:
    """Return the form of a founder with the values of a document. Raises BadFile."""
    values = document.values
    data = {name: text_of(values, name) for name in FounderForm.Meta.fields if name != "links"}
    data |= {"biography": document.body, "links": "\n".join(texts_of(values, "links"))}
    data["portrait"] = name_in(values.get("portrait")) if has_pictures else ""
    form = FounderForm(data, instance=founder)
    if not form.is_valid():
        name = next(iter(form.errors))
        raise BadFile(f"{name}: {' '.join(map(str, form.errors[name]))}", document.line_of(name))
    return form


def _bring(founder: Founder, status: str) -> None:
    if status not in STEPS:
        sentence = _("%(status)s is not a status that a founder can have.")
        raise BadFile(sentence % {"status": status})
    for step in STEPS[status]:
        is_refusal = step in (Status.REJECTED, Status.HIDDEN)
        founder.decide(step, reason=str(REASON) if is_refusal else "")


def merge_founders(merged: Mapping[str, str]) -> None:
    """Let founders stand for others again: {slug of the merged one: slug of the kept one}."""
    kept = dict(Founder.objects.filter(slug__in=merged.values()).values_list("slug", "pk"))
    for slug, other in merged.items():
        if other in kept and other != slug:
            Founder.objects.filter(slug=slug).update(merged_into=kept[other])


def store_tag(document: Document) -> tuple[Tag, bool, bool]:
    """Store the tag of a document; return the row, whether it is new, and whether it changed.

    A tag of this name is this tag, whatever its address. Raises BadFile.
    """
    values = document.values
    new = {name: text_of(values, name) for name in ("name", "slug")}
    new["description"] = document.body.strip()
    folded = fold(new["name"])
    known = Tag.objects.filter(slug=new["slug"]).first()
    known = known or Tag.objects.by_folded_name([folded]).get(folded)
    tag = known or Tag(pk=free_key(Tag, values))
    is_changed = known is None or any(getattr(tag, key) != value for key, value in new.items())
    if is_changed:
        _change_tag(tag, new)
    for alias in texts_of(values, "aliases"):
        _, is_new = TagAlias.objects.get_or_create(
            folded_name=fold(alias), defaults={"name": alias, "tag": tag}
        )
        is_changed |= is_new
    is_changed |= store_past_slugs(tag, texts_of(values, "past_slugs"))
    return tag, known is None, is_changed


def _change_tag(tag: Tag, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        setattr(tag, name, value)
    tag.full_clean()
    tag.save()
    if tag.slug != values["slug"]:  # taggit makes one up for a new row without a key
        tag.slug = values["slug"]
        tag.save()
    tag.record_change()


def store_past_slugs(row: Any, slugs: Sequence[str]) -> bool:
    """Let these addresses lead to a row; return whether one is new.

    Raises ValidationError for one that leads to another row.
    """
    known = set(row.past_slugs.filter(slug__in=slugs).values_list("slug", flat=True))
    for slug in slugs:
        if slug not in known:
            refuse_past_slug(row, slug)
            row.past_slugs.create(slug=slug)
    return bool(set(slugs) - known)


def store_old_addresses(story: Story, paths: Sequence[str]) -> bool:
    """Let these paths of another site lead to a story; return whether one is new.

    A path that leads to another story stays with it. Raises ValidationError for what is no path.
    """
    rows = [OldAddress(path=old_path(path), story=story) for path in paths]
    known = OldAddress.objects.filter(path__in=[row.path for row in rows])
    taken = set(known.values_list("path", flat=True))
    new = [row for row in rows if row.path not in taken]
    for row in new:
        row.full_clean(exclude=["story"])
        row.save()
    return bool(new)


def store_times(row: Model, values: Mapping[str, Any], names: Sequence[str]) -> None:
    """Store when a row was made and changed, as an export says it."""
    times = {name: time_in(values.get(name)) for name in names}
    known = {name: moment for name, moment in times.items() if moment}
    if known:
        type(row)._default_manager.filter(pk=row.pk).update(**known)


def free_key(model: type[Model], values: Mapping[str, Any]) -> int | None:
    """Return the primary key that a row had, if nothing has it here; None for a new one.

    Feeds name stories by it, and drawings follow from it.
    """
    key = int(text_of(values, "id") or 0)
    if not 0 < key < 2**62 or model._default_manager.filter(pk=key).exists():
        return None
    is_story = model is Story
    if is_story and any(m.objects.filter(story=key).exists() for m in (Revision, StoryPastSlug)):
        return None
    return key


def continue_numbering(highest: int) -> None:
    """Let new rows have other primary keys than those that were imported, deleted ones included."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            models = [Company, Founder, Tag, Series, Story]
            for sql in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(sql)
            newest = max(highest, Story.objects.aggregate(newest=Max("pk"))["newest"] or 0)
            if newest:
                sequence = "SELECT setval(pg_get_serial_sequence('stories_story', 'id'), %s)"
                cursor.execute(sequence, [newest])
            return
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = 'stories_story'", [highest]
        )
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence VALUES ('stories_story', %s)", [highest])


def text_of(values: Mapping[str, Any], key: str) -> str:
    """Return a text of the front matter. Raises BadFile for a list."""
    value = values.get(key, "")
    if not isinstance(value, str):
        raise BadFile(_("%(key)s is one value, not a list.") % {"key": key})
    return value


def texts_of(values: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of texts of the front matter. Raises BadFile for anything else."""
    value = values.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadFile(_("%(key)s is a list of texts.") % {"key": key})
    return value
