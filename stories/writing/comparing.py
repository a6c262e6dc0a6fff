"""The differences between two contents of a story, marked word by word.

Paragraphs are compared first, and words only inside changed paragraphs, so that the comparison of
a long text stays fast.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.forms.utils import pretty_name
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stories.models import Kind, StoryContent
from stories.writing.references import Names
from stories.writing.story_fields import StoryFields

IN_LISTS = StoryContent.names(Kind.KEYS, Kind.NAMES)
# Blank lines separate the paragraphs of the body; other fields are compared by line.
PARAGRAPHS = re.compile(r"(\n{2,})")
LINES = re.compile(r"(\n)")
# Scripts without spaces between words are compared character by character.
WORDS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]")
CONTEXT_PARAGRAPHS = 1
# Longer lists are not compared: they count as replaced as a whole.
MAX_COMPARED = 5000


@dataclass(frozen=True)
class Part:
    """A piece of text. `kind` is "same", "removed", "added", or "gap" for omitted equal text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A field in which two contents differ."""

    name: str
    parts: list[Part]

    @property
    def label(self) -> str:
        """The label of the field on the form."""
        return label_of(self.name)


def label_of(name: str) -> str:
    """Return the label of a field on the form."""
    return str(StoryFields.base_fields[name].label or pretty_name(name))


def compare(before: StoryContent, after: StoryContent, names: Names | None = None) -> list[Change]:
    """Return the changes from one content to another, in the order of the fields.

    `names` come from `names_of_references`, for the fields that hold primary keys.
    """
    return [
        Change(name, changed_parts(name, getattr(before, name), getattr(after, name), names))
        for name in after.changed_from(before)
    ]


def changed_parts(name: str, before: Any, after: Any, names: Names | None = None) -> list[Part]:
    """Return the parts that show how a field changed from one value to another."""
    old, new = (blocks(name, _as_text(name, value, names or {})) for value in (before, after))
    parts: list[Part] = []
    for tag, a, b, c, d in opcodes(old, new):
        if tag == "equal":
            parts += _shortened(old[a:b], is_first=a == 0, is_last=b == len(old))
        else:
            parts += _changed_words("".join(old[a:b]), "".join(new[c:d]))
    return parts


def blocks(name: str, text: str) -> list[str]:
    """Return the paragraphs or lines of a text, and the separators between them."""
    separator = PARAGRAPHS if name == "body" else LINES
    return [block for block in separator.split(text) if block]


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the opcodes of `SequenceMatcher` for two lists, in limited time."""
    if max(len(old), len(new)) > MAX_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new).get_opcodes())


def _changed_words(old: str, new: str) -> list[Part]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    parts = []
    for tag, a, b, c, d in opcodes(before, after):
        if tag == "equal":
            parts.append(Part("same", "".join(before[a:b])))
            continue
        parts.append(Part("removed", "".join(before[a:b])))
        parts.append(Part("added", "".join(after[c:d])))
    return [part for part in parts if part.text]


def _shortened(same: list[str], *, is_first: bool, is_last: bool) -> list[Part]:
    """Return equal blocks as parts, and omit those that are not next to a change."""
    around = 2 * CONTEXT_PARAGRAPHS
    start, end = 0 if is_first else around, len(same) if is_last else len(same) - around
    if end - start < around + 1:
        return [Part("same", "".join(same))]
    before, after = "".join(same[:start]), "".join(same[end:])
    parts = [Part("same", before), Part("gap", "\n…\n"), Part("same", after)]
    return [part for part in parts if part.text]


def _as_text(name: str, value: Any, names: Names) -> str:
    """Return the value of a field as text for an editor."""
    if name in IN_LISTS:
        known = names.get(name, {})
        return "\n".join(known.get(item, str(item)) for item in value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)
