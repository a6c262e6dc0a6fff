"""Profiles that are probably about the same person."""

from collections import defaultdict
from itertools import combinations

from founders.models import Founder
from stories.models import DifferentFounders
from stories.tagging.near_duplicates import words_key

MOST_FOUNDERS = 50_000
# A name that more profiles share says little about any two of them.
MOST_ALIKE = 20

Pair = tuple[int, int]


def duplicates() -> list[Pair]:
    """Return pairs of primary keys of founders who have a name in common, sorted by name.

    A name is the same without accents, case and spaces, in any order of its words, and in the
    original script. Merged profiles and pairs that a moderator has dismissed are left out.
    """
    rows = (
        Founder.objects.present()
        .order_by("folded_name", "pk")
        .values_list("pk", "name", "folded_name", "folded_native_name")[:MOST_FOUNDERS]
    )
    order: dict[int, int] = {}
    alike: dict[str, set[int]] = defaultdict(set)
    for pk, name, folded, native in rows:
        order[pk] = len(order)
        for key in (folded, native, f"words {words_key(name)}"):
            if key and key != "words ":
                alike[key].add(pk)
    dismissed = set(DifferentFounders.objects.values_list("first", "second"))
    found = {
        pair
        for keys in alike.values()
        if len(keys) <= MOST_ALIKE
        for pair in combinations(sorted(keys), 2)
    }
    return sorted(found - dismissed, key=lambda pair: min(order[pk] for pk in pair))
