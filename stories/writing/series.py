"""A series stored with its parts, or removed: each in one transaction, recorded, told to caches.

A story that comes into a series or leaves it changes for readers like a story that gets another
tag: its page, its lists, and what is planned for its transitions.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stories.models import Author, Series, SeriesPart, Story
from stories.models.listing import Listing, record_change
from stories.models.series import MOST_PARTS
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.past_slugs import keep_past_slug

COLUMNS = ("title", "slug", "introduction")


@transaction.atomic
def save_series(series: Series, stories: Sequence[int], by: Author = None) -> Series:
    """Store a series with these stories (primary keys) as its parts, in this order.

    A former slug leads to the series. Raises ValidationError for values that are not valid, for
    too many stories, and for one that is part of another series.
    """
    stored = Series.objects.select_for_update().filter(pk=series.pk or 0).first()
    old = keys_of_parts(stored) if stored else []
    before = _values(stored, old) if stored else {}
    hold_parts(series, stories)
    listings = _listings(set(old) ^ set(stories))
    series.version = (stored.version if stored else 0) + 1
    series.full_clean()
    series.save(force_insert=stored is None)
    if stored and stored.slug != series.slug:
        series.past_slugs.filter(slug=series.slug).delete()
        keep_past_slug(series, stored.slug)
    if list(stories) != old:
        _store_parts(series, stories)
    _record_changes(series, listings)
    after = _values(series, stories)
    what = "changed the series" if stored else "added the series"
    changed = [name for name in after if before.get(name) != after[name]]
    if changed:
        record(
            AuditEntry.Kind.STORY,
            what,
            series,
            by=by,
            before={name: before[name] for name in changed if name in before},
            after={name: after[name] for name in changed},
        )
    return series


@transaction.atomic
def remove_series(series: Series, by: Author = None) -> None:
    """Delete a series. Its stories stay; its addresses are not found any more, as those of tags."""
    series = Series.objects.select_for_update().get(pk=series.pk)
    stories = keys_of_parts(series)
    hold_parts(series, stories)
    listings = _listings(stories)
    before = _values(series, stories)
    record(AuditEntry.Kind.STORY, "deleted the series", series, by=by, before=before)
    SeriesPart.objects.filter(series=series).delete()
    _record_changes(series, listings)
    series.delete()


def keys_of_parts(series: Series) -> list[int]:
    """Return the primary keys of the stories of a series, in its order."""
    return list(series.parts.order_by("position").values_list("story_id", flat=True))


def hold_parts(series: Series, stories: Sequence[int]) -> None:
    """Lock the present parts of a series and those to come, so that no other series takes one.

    Raises ValidationError if these stories (primary keys) cannot be its parts.
    """
    old = keys_of_parts(series) if series.pk else []
    Story.objects.lock_in_order({*old, *stories})
    if len(stories) > MOST_PARTS:
        values = {"chosen": len(stories), "most": MOST_PARTS}
        raise ValidationError(_("%(chosen)s are too many; choose %(most)s.") % values)
    taken = SeriesPart.objects.filter(story__in=stories).exclude(series=series.pk or 0)
    if part := taken.select_related("story", "series").first():
        sentence = _("“%(story)s” is part of the series “%(series)s” already. Remove it there.")
        raise ValidationError(sentence % {"story": part.story, "series": part.series})


def _store_parts(series: Series, stories: Sequence[int]) -> None:
    SeriesPart.objects.filter(series=series).delete()
    SeriesPart.objects.bulk_create(
        SeriesPart(series=series, story_id=key, position=position)
        for position, key in enumerate(stories, start=1)
    )


def _listings(stories: Collection[int]) -> dict[Story, Listing]:
    """Return each of these stories (primary keys) with the lists in which it stands."""
    rows = Story.objects.filter(pk__in=stories).for_listing()
    return {story: Listing.of(story) for story in rows}


def _record_changes(series: Series, before: dict[Story, Listing]) -> None:
    """Tell the caches of a series, and of the stories that have come or gone."""
    series.record_change()
    for story, listing in before.items():
        record_change(story, listing, Listing.of(story))


def _values(series: Series, stories: Sequence[int]) -> dict[str, Any]:
    """Return what the audit log says of a series: its texts, and the slugs of its stories."""
    slugs = dict(Story.objects.filter(pk__in=stories).values_list("pk", "slug"))
    return {
        **{name: getattr(series, name) for name in COLUMNS},
        "stories": [slugs[key] for key in stories if key in slugs],
    }
