"""The parts of a series in its form: their order, what is taken out, and what is added."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stories.admin.states import Pill, pill_of
from stories.models import SeriesPart, Story
from stories.models.series import MOST_PARTS
from stories.writing.form_fields import OrderedMultipleChoiceField
from stories.writing.widgets import OrderedAutocomplete
from stories_project.primary_keys import is_primary_key

ON_ROWS = ("title", "publish_at", "unpublish_at", "review_status", "review_status_changed_at")
LONGEST_NUMBER = 6


@dataclass(frozen=True)
class PostedParts:
    """What a form has sent: keys of stories in their order, keys to take out, slugs to add."""

    keys: list[str]
    removed: frozenset[str] = frozenset()
    slugs: str = ""

    @property
    def kept(self) -> list[str]:
        """The keys of the stories that stay or come, each once."""
        return [key for key in dict.fromkeys(self.keys) if key not in self.removed]


class Row(NamedTuple):
    """A part as the form shows it."""

    key: str
    title: str
    pill: Pill
    is_removed: bool


def in_typed_order(keys: list[str], numbers: Mapping[str, str]) -> list[str]:
    """Return keys in the order of the numbers that were typed beside them.

    Who types "2" beside the fifth row, and leaves the rest, means that it comes second: before the
    row that was second. One that is moved down comes after the row whose number it gets.
    """
    return [key for *_, key in sorted(_place(at, key, numbers) for at, key in enumerate(keys, 1))]


def _place(at: int, key: str, numbers: Mapping[str, str]) -> tuple[int, int, int, str]:
    typed = numbers.get(key, "").strip()
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    number = int(typed) if is_number else at
    return number, (number > at) - (number < at), at, key


class PartsInput(forms.Widget):
    """A list of stories with numbers, buttons to move each, and an autocomplete to add others.

    Without JavaScript, numbers put them in order, and a line takes the slugs of others.
    """

    template_name = "admin/widgets/series_parts.html"
    use_fieldset = True

    # Set by the field.
    choices: Any = ()

    @property
    def media(self) -> forms.Media:
        """The files of the autocomplete, and our own module."""
        script = forms.Script("js/series_parts.js", type="module")
        return self._autocomplete().media + forms.Media(js=[script])  # type: ignore[list-item]

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the list is a group with several fields."""
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> PostedParts:
        """Return what was sent, in the order of the typed numbers."""
        rows = list(dict.fromkeys(_list(data, name)))[: 2 * MOST_PARTS]
        numbers = {key: str(data.get(f"{name}-number-{key}", "")) for key in rows}
        removed = frozenset(key for key in rows if f"{name}-remove-{key}" in data)
        added = _list(data, f"{name}-added")[: 2 * MOST_PARTS]
        slugs = str(data.get(f"{name}-slugs", ""))
        return PostedParts([*in_typed_order(rows, numbers), *added], removed, slugs)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return False: a series without rows sends none."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the rows, and what adds others."""
        context = super().get_context(name, value, attrs)
        posted = value if isinstance(value, PostedParts) else PostedParts(_texts(value))
        context["widget"] |= {
            "rows": [
                Row(key, story.title, pill_of(story), key in posted.removed)
                for key, story in _stories(posted.keys).items()
            ],
            "slugs": posted.slugs,
            "added": self._autocomplete().render(f"{name}-added", [], {"id": f"id_{name}-added"}),
        }
        return context

    def _autocomplete(self) -> OrderedAutocomplete:
        field = SeriesPart._meta.get_field("story")
        return OrderedAutocomplete(field, admin.site, choices=self.choices)


class PartsField(OrderedMultipleChoiceField):
    """The stories of a series; the cleaned value has their primary keys in their order."""

    widget = PartsInput
    max_choices = MOST_PARTS

    def __init__(self, **options: Any) -> None:
        super().__init__(Story.objects.all(), **options)

    def clean(self, value: Any) -> list[int]:  # type: ignore[override]
        """Return the primary keys; raise ValidationError for a story that is missing."""
        posted = value if isinstance(value, PostedParts) else PostedParts([])
        return super().clean([*posted.kept, *map(str, _keys_of(posted.slugs))])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether parts were moved, added or taken out."""
        kept = data.kept if isinstance(data, PostedParts) else []
        slugs = data.slugs.strip() if isinstance(data, PostedParts) else ""
        return bool(slugs) or _texts(initial) != kept


def _keys_of(slugs: str) -> list[int]:
    """Return the primary keys of stories by their slugs; raise ValidationError for a wrong one."""
    wanted = list(dict.fromkeys(slugs.replace("\0", " ").split()))[: 2 * MOST_PARTS]
    found = dict(Story.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    for slug in wanted:
        if slug not in found:
            raise ValidationError(_("No story has the slug “%(slug)s”.") % {"slug": slug[:200]})
    return [found[slug] for slug in wanted]


def _stories(keys: Iterable[str]) -> dict[str, Story]:
    """Return {key: story} in the order of the keys; those without a story are left out."""
    valid = [key for key in dict.fromkeys(keys) if is_primary_key(key)]
    found = {str(story.pk): story for story in Story.objects.filter(pk__in=valid).only(*ON_ROWS)}
    return {key: found[key] for key in valid if key in found}


def _texts(value: Any) -> list[str]:
    return [str(key) for key in value] if isinstance(value, list | tuple) else []


def _list(data: Any, name: str) -> list[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return _texts(values)
