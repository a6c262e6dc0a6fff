"""What differs between two contents of a story, word by word, and what three can be merged into.

Paragraphs are compared first and words only within those that changed, so that a long text costs
little. Merging is the three-way merge of Khanna, Kunal and Pierce ("A Formal Investigation of
Diff3", 2007): what only one side changed is taken from it, and where both changed the same place,
somebody has to choose.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from django.forms.utils import pretty_name
from django.utils import timezone
from django.utils.formats import date_format

from stories.writing.content import EMPTY, parse_moment
from stories.writing.story_fields import StoryFields

LISTS = {name for name, value in EMPTY.items() if isinstance(value, list)}
MOMENTS = {"publish_at", "unpublish_at"}
# A paragraph is what blank lines part; takeaways and sources are one a line.
PARAGRAPHS = re.compile(r"(\n{2,})")
LINES = re.compile(r"(\n)")
# Scripts that write no spaces between words are compared character by character.
WORDS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]")
SHOWN_AROUND = 1
# Longer lists are taken as replaced whole.
MOST_COMPARED = 5000


@dataclass(frozen=True)
class Part:
    """A stretch of text: "same", "removed", "added", or a "gap" where the same text is left out."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A field in which two contents differ."""

    name: str
    parts: list

    @property
    def label(self):
        """What the form calls the field."""
        return label_of(self.name)


@dataclass(frozen=True)
class Merging:
    """A field that somebody changed since the base: by whom ("mine", "theirs", "both", "same").

    `merged` is a value that has what both changed, or None where they contradict each other.
    """

    name: str
    base: object
    mine: object
    theirs: object
    who: str
    merged: object

    @property
    def label(self):
        """What the form calls the field."""
        return label_of(self.name)


def label_of(name):
    """Return what the form calls a field."""
    return StoryFields.base_fields[name].label or pretty_name(name)


def compare(before, after, names=None):
    """Return the Changes from one content to another, in the order of the fields.

    `names` is {field: {key: name}} for the fields that know people and stories by their keys.
    """
    return [
        Change(name, changed_parts(name, before[name], after[name], names))
        for name in EMPTY
        if before[name] != after[name]
    ]


def changed_parts(name, before, after, names=None):
    """Return the Parts that tell how one value of a field became another."""
    before, after = (_as_text(name, value, names or {}) for value in (before, after))
    separator = PARAGRAPHS if name == "body" else LINES
    old, new = _blocks(before, separator), _blocks(after, separator)
    parts = []
    for tag, a, b, c, d in _steps(old, new):
        if tag == "equal":
            is_first, is_last = a == 0, b == len(old)
            parts += _shortened(old[a:b], is_first, is_last)
        else:
            parts += _words("".join(old[a:b]), "".join(new[c:d]))
    return parts


def merge(base, mine, theirs):
    """Return a Merging for each field that either side changed, in the order of the fields."""
    return [
        Merging(name, base[name], mine[name], theirs[name], *_merged(name, base, mine, theirs))
        for name in EMPTY
        if not base[name] == mine[name] == theirs[name]
    ]


def _merged(name, base, mine, theirs):
    """Return who changed a field, and its merged value or None."""
    base, mine, theirs = base[name], mine[name], theirs[name]
    if mine == theirs:
        return "same", mine
    if mine == base:
        return "theirs", theirs
    if theirs == base:
        return "mine", mine
    if name in LISTS:
        kept = [item for item in theirs if item in mine or item not in base]
        return "both", kept + [item for item in mine if item not in base and item not in theirs]
    if name in ("body", "takeaways", "sources"):
        separator = PARAGRAPHS if name == "body" else LINES
        return "both", _merged_text(*(_blocks(text, separator) for text in (base, mine, theirs)))
    return "both", None


def _merged_text(base, mine, theirs):
    """Return three lists of blocks merged into one text, or None where both changed one place."""
    ours, others = _matches(base, mine), _matches(base, theirs)
    stable = sorted(set(ours) & set(others))
    anchors = [(-1, -1, -1), *((i, ours[i], others[i]) for i in stable)]
    anchors.append((len(base), len(mine), len(theirs)))
    merged = []
    for (a, b, c), (i, j, k) in pairwise(anchors):
        was, one, other = base[a + 1 : i], mine[b + 1 : j], theirs[c + 1 : k]
        if one not in (was, other) and other != was:
            return None
        merged += other if one == was else one
        merged += base[i : i + 1]
    return "".join(merged)


def _matches(base, text):
    """Return {place in the base: place in the text} of the blocks that both have."""
    equal = ((a, b, c) for tag, a, b, c, _ in _steps(base, text) if tag == "equal")
    return {a + n: c + n for a, b, c in equal for n in range(b - a)}


def _steps(old, new):
    """Return how one list becomes another as `SequenceMatcher` does, in bounded time."""
    if max(len(old), len(new)) > MOST_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new).get_opcodes()


def _blocks(text, separator):
    """Return a text as its paragraphs or lines, with the blank space between as blocks too."""
    return [block for block in separator.split(text) if block]


def _words(old, new):
    """Return the Parts of one changed stretch."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    parts = []
    for tag, a, b, c, d in _steps(before, after):
        if tag == "equal":
            parts.append(Part("same", "".join(before[a:b])))
            continue
        parts.append(Part("removed", "".join(before[a:b])))
        parts.append(Part("added", "".join(after[c:d])))
    return [part for part in parts if part.text]


def _shortened(blocks, is_first, is_last):
    """Return an unchanged stretch with one paragraph left beside each change."""
    around = 2 * SHOWN_AROUND
    start, end = 0 if is_first else around, len(blocks) if is_last else len(blocks) - around
    if end - start < around + 1:
        return [Part("same", "".join(blocks))]
    parts = [Part("same", "".join(blocks[:start])), Part("gap", "\n…\n")]
    return [p for p in [*parts, Part("same", "".join(blocks[end:]))] if p.text]


def _as_text(name, value, names):
    """Return the value of a field as an editor reads it."""
    if name in LISTS:
        known = names.get(name, {})
        return "\n".join(known.get(item, str(item)) for item in value)
    if name in MOMENTS and value:
        return date_format(timezone.localtime(parse_moment(value)), "DATETIME_FORMAT")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)
