"""The series of an export become series again, with their parts and their old addresses."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from stories.models import Series, Story
from stories.moving.site_rows import free_key, store_past_slugs, text_of, texts_of
from stories.writing.series import keys_of_parts, save_series
from stories_project.text.front_matter import BadFile, Document

TEXTS = ("title", "slug")


def store_series(document: Document) -> tuple[Series, bool, bool]:
    """Store the series of a document; return the row, whether it is new, and whether it changed.

    Its stories are stored already. Raises BadFile for one that is missing, and ValidationError for
    one that is part of another series.
    """
    values = document.values
    new = {name: text_of(values, name) for name in TEXTS}
    new["introduction"] = document.body.strip()
    known = Series.objects.filter(slug=new["slug"]).first()
    series = known or Series(pk=free_key(Series, values))
    stories = _keys_of(texts_of(values, "stories"), document)
    is_changed = known is None or _differs(series, new, stories)
    if is_changed:
        for name, value in new.items():
            setattr(series, name, value)
        save_series(series, stories)
    is_changed |= store_past_slugs(series, texts_of(values, "past_slugs"))
    return series, known is None, is_changed


def _differs(series: Series, values: dict[str, str], stories: Sequence[int]) -> bool:
    has_other_text = any(getattr(series, name) != value for name, value in values.items())
    return has_other_text or keys_of_parts(series) != list(stories)


def _keys_of(slugs: Sequence[str], document: Document) -> list[int]:
    """Return the primary keys of stories by their slugs, in their order. Raises BadFile."""
    rows: Any = Story.objects.filter(slug__in=slugs).values_list("slug", "pk")
    keys: dict[str, int] = dict(rows)
    missing = [slug for slug in slugs if slug not in keys]
    if missing:
        sentence = _("There is no story %(slug)s.")
        raise BadFile(sentence % {"slug": missing[0]}, document.line_of("stories"))
    return [keys[slug] for slug in dict.fromkeys(slugs)]
