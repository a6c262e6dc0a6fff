"""Tags that are probably one: the same words in another number or order, or one letter apart.

One letter apart is found as SymSpell does (Garbe, 2012): two names are near when leaving out a
letter of one gives the other, or leaving out one of each gives the same. That costs a dictionary
entry a letter instead of comparing every two names.
"""

import re
import unicodedata
from collections import defaultdict
from itertools import combinations

from stories.models import DifferentTags, Tag
from stories_project.text.folding import spell_out

SHORTEST = 6
MOST_TAGS = 50_000
# A dictionary entry that many names share says nothing about two of them.
MOST_ALIKE = 20


def near_duplicates():
    """Return the pairs of keys of tags that are probably one, by name; without those dismissed."""
    rows = Tag.objects.by_name().values_list("pk", "name", "folded_name")[:MOST_TAGS]
    names = [(pk, name, folded) for pk, name, folded in rows]
    order = {pk: place for place, (pk, _, _) in enumerate(names)}
    dismissed = set(DifferentTags.objects.values_list("first", "second"))
    found = {tuple(sorted(pair)) for pair in [*_same_words(names), *_one_letter_apart(names)]}
    return sorted(found - dismissed, key=lambda pair: min(order[pk] for pk in pair))


def likeness(name):
    """Return the words of a name in the singular and in order, as a key to compare by."""
    plain = unicodedata.normalize("NFKD", spell_out(name).casefold())
    words = re.findall(r"[^\W_]+", re.sub("[\u0300-\u036f]", "", plain))
    return "".join(sorted(_singular(word) for word in words))


def _singular(word):
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _same_words(names):
    alike = defaultdict(list)
    for pk, name, _ in names:
        if key := likeness(name):
            alike[key].append(pk)
    return _pairs(alike)


def _one_letter_apart(names):
    known = {folded: pk for pk, _, folded in names if len(folded) >= SHORTEST}
    without = defaultdict(list)
    for folded, pk in known.items():
        # Numbers tell apart: the 1980s are not the 1990s.
        for place, letter in enumerate(folded):
            if not letter.isdigit():
                without[f"{folded[:place]} {folded[place + 1 :]}"].append(pk)
                if other := known.get(folded[:place] + folded[place + 1 :]):
                    yield pk, other
    yield from _pairs(without)


def _pairs(alike):
    for keys in alike.values():
        if 1 < len(keys) <= MOST_ALIKE:
            yield from combinations(keys, 2)
