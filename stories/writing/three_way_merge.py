"""The three-way merge of two contents with a common base.

The algorithm is diff3, as in Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007). A
change by one side is taken. If both sides changed the same place, an editor has to choose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from stories.models import Kind, StoryContent
from stories.writing.comparing import IN_LISTS, blocks, label_of, opcodes

IN_BLOCKS = ("body", *StoryContent.names(Kind.LINES))


@dataclass(frozen=True)
class MergedField:
    """A field that one side or both have changed since the base.

    `who` is "mine", "theirs", "both", or "same" if both made the same change. `merged` is the value
    with the changes of both sides, or None if they contradict each other.
    """

    name: str
    base: Any
    mine: Any
    theirs: Any
    who: str
    merged: Any

    @property
    def label(self) -> str:
        """The label of the field on the form."""
        return label_of(self.name)


def merge(base: StoryContent, mine: StoryContent, theirs: StoryContent) -> list[MergedField]:
    """Return a MergedField for each field that either side changed, in the order of the fields."""
    changed = {*mine.changed_from(base), *theirs.changed_from(base)}
    return [
        _merged_field(name, getattr(base, name), getattr(mine, name), getattr(theirs, name))
        for name in StoryContent.names()
        if name in changed
    ]


def merge_text(base: str, mine: str, theirs: str) -> str | None:
    """Return a text of lines with the changes of both sides, or None if they contradict."""
    return _merged_text(*(blocks("", text) for text in (base, mine, theirs)))


def _merged_field(name: str, base: Any, mine: Any, theirs: Any) -> MergedField:
    if mine == theirs:
        who, merged = "same", mine
    elif mine == base:
        who, merged = "theirs", theirs
    elif theirs == base:
        who, merged = "mine", mine
    else:
        who, merged = "both", _merged(name, base, mine, theirs)
    return MergedField(name, base, mine, theirs, who, merged)


def _merged(name: str, base: Any, mine: Any, theirs: Any) -> Any:
    """Return the value with the changes of both sides, or None if they contradict each other."""
    if name in IN_LISTS:
        kept = [item for item in theirs if item in mine or item not in base]
        added = [item for item in mine if item not in base and item not in theirs]
        return (*kept, *added)
    if name in IN_BLOCKS:
        return _merged_text(*(blocks(name, text) for text in (base, mine, theirs)))
    return None


def _merged_text(base: list[str], mine: list[str], theirs: list[str]) -> str | None:
    """Return the merged text of three lists of blocks, or None if both changed one place."""
    in_mine, in_theirs = _matches(base, mine), _matches(base, theirs)
    stable = sorted(set(in_mine) & set(in_theirs))
    anchors = [(-1, -1, -1), *((i, in_mine[i], in_theirs[i]) for i in stable)]
    anchors.append((len(base), len(mine), len(theirs)))
    merged: list[str] = []
    for (a, b, c), (i, j, k) in pairwise(anchors):
        old, one, other = base[a + 1 : i], mine[b + 1 : j], theirs[c + 1 : k]
        if one not in (old, other) and other != old:
            return None
        merged += other if one == old else one
        merged += base[i : i + 1]
    return "".join(merged)


def _matches(base: Sequence[str], text: Sequence[str]) -> dict[int, int]:
    """Return {index in the base: index in the text} for the matching blocks."""
    equal = ((a, b, c) for tag, a, b, c, _ in opcodes(base, text) if tag == "equal")
    return {a + n: c + n for a, b, c in equal for n in range(b - a)}
