"""Which founders of a page of lives are joined: those who share a public story or a company."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from founders.models import Founder, Venture
from stories.models import StoryFounder
from stories.models.listing import stories_of_founder
from stories_project.page_cache.surrogate_keys import note

Pair = tuple[int, int]


@dataclass(frozen=True)
class LivesTogether:
    """The pairs of founders, by their primary keys, each once and in an order that stays."""

    pairs: list[Pair]

    @classmethod
    def of(cls, founders: Sequence[int]) -> Self:
        """Return those among these founders, in two queries."""
        note(*map(stories_of_founder, founders))
        if not founders:
            return cls([])
        pairs = {*StoryFounder.objects.pairs(founders), *Venture.objects.pairs(founders)}
        return cls(sorted(pairs))

    def others(self, pk: int, founders: Iterable[Founder]) -> list[Founder]:
        """Return those of some founders with whom one is joined."""
        keys = {a if b == pk else b for a, b in self.pairs if pk in (a, b)}
        return [founder for founder in founders if founder.pk in keys]
