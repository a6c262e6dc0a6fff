"""Tags that probably mean the same: the same words in another form or order, or a typing error.

A typing error is found as SymSpell does it (Garbe, 2012): two names are near if one becomes the
other, or both become the same, when one letter is removed. This needs one dictionary entry for each
letter of each name, and no comparison of every name with every other.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from stories.models import DifferentTags, Tag
from stories_project.text.folding import spell_out

# Letters: in shorter names, one letter makes another word.
SHORTEST_NAME = 6
MOST_TAGS = 50_000
# A key that more names share says little about any two of them.
MOST_ALIKE = 20

Pair = tuple[int, int]


class TagName(NamedTuple):
    pk: int
    name: str
    folded: str


def near_duplicates() -> list[Pair]:
    """Return pairs of primary keys of tags that probably mean the same, sorted by name.

    Pairs that an editor has dismissed are left out.
    """
    rows = Tag.objects.by_name().values_list("pk", "name", "folded_name")[:MOST_TAGS]
    names = [TagName(*row) for row in rows]
    order = {name.pk: position for position, name in enumerate(names)}
    dismissed = set(DifferentTags.objects.values_list("first", "second"))
    pairs = [*_same_words(names), *_one_letter_apart(names)]
    found = {(min(pair), max(pair)) for pair in pairs}
    return sorted(found - dismissed, key=lambda pair: min(order[pk] for pk in pair))


def words_key(name: str) -> str:
    """Return the words of a name in the singular, sorted and joined: equal for similar names."""
    plain = unicodedata.normalize("NFKD", spell_out(name).casefold())
    words = re.findall(r"[^\W_]+", re.sub("[\u0300-\u036f]", "", plain))
    return "".join(sorted(_singular(word) for word in words))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _same_words(names: Iterable[TagName]) -> Iterator[Pair]:
    alike = defaultdict(list)
    for pk, name, _ in names:
        if key := words_key(name):
            alike[key].append(pk)
    return _pairs(alike)


def _one_letter_apart(names: Iterable[TagName]) -> Iterator[Pair]:
    known = {folded: pk for pk, _, folded in names if len(folded) >= SHORTEST_NAME}
    without = defaultdict(list)
    for folded, pk in known.items():
        for index, letter in enumerate(folded):
            # Another digit is another tag: the 1980s are not the 1990s.
            if not letter.isdigit():
                before, after = folded[:index], folded[index + 1 :]
                without[f"{before} {after}"].append(pk)
                if other := known.get(before + after):
                    yield pk, other
    yield from _pairs(without)


def _pairs(alike: dict[str, list[int]]) -> Iterator[Pair]:
    for keys in alike.values():
        if 1 < len(keys) <= MOST_ALIKE:
            yield from combinations(keys, 2)
