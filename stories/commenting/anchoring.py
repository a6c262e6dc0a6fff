"""Find a passage again in a text that people edit.

An anchor keeps the words of a passage, the characters around it, and its position. These are the
selectors `TextQuoteSelector` and `TextPositionSelector` of the W3C Web Annotation Data Model,
https://www.w3.org/TR/annotation-model/#selectors. All positions count characters from 0.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from rapidfuzz import fuzz

# How many characters are kept before a passage, and after it.
CONTEXT = 64
# A longer passage is a section: looking for it when it has changed costs too much.
LONGEST = 1000
# Of words that occur more often, the old position and the first so many places are looked at.
MOST_PLACES = 1000
# A changed passage is looked for so many characters around its old position.
REACH = 30_000
# Shorter passages are similar to anything, and so is one that has less than this in common (0–100).
SHORTEST_SIMILAR, SIMILARITY = 12, 75
# Of longer words, some pieces of so many characters tell where to look, each by its first places.
SHORTEST_IN_PIECES, PIECE, MOST_PIECES, MOST_PLACES_OF_PIECE = 100, 16, 16, 20
# Words between the same neighbours may differ more.
SIMILARITY_BETWEEN, SHORTEST_NEIGHBOUR = 45, 12


@dataclass(frozen=True)
class Anchor:
    """A passage: its words, the characters around it, and how many stand before and after it."""

    quote: str
    prefix: str
    suffix: str
    start: int
    rest: int

    @classmethod
    def at(cls, text: str, start: int, end: int) -> "Anchor":
        """Return the anchor of the passage from one position of a text to another."""
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        return cls(text[start:end], before, after, start, len(text) - end)


@dataclass(frozen=True)
class Place:
    """Where a passage stands now. `is_exact` tells whether its words are still the same."""

    start: int
    end: int
    is_exact: bool


def find(anchor: Anchor, text: str, *, also_changed: bool = True) -> Place | None:
    """Return where the passage of an anchor stands in a text, or None if it is gone.

    The same words are best: those with the same neighbours, and then those nearest to the old
    position. Else what stands between the same neighbours, if it has enough in common. Else
    the most similar words near the old position. Without `also_changed`, only the same words.
    """
    if not anchor.quote:
        return None
    exact = _same_words(anchor, text)
    if exact is not None:
        return Place(exact, exact + len(anchor.quote), is_exact=True)
    if not also_changed:
        return None
    return _between_neighbours(anchor, text) or similar(anchor.quote, text, anchor.start)


def positions(words: str, text: str) -> Iterator[int]:
    """Yield where words stand in a text; also those that overlap."""
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def similar(words: str, text: str, near: int, least: float = SIMILARITY) -> Place | None:
    """Return the place around a position that is most similar to some words, or None.

    `least` is what they must have in common, in percent. Looks at `REACH` characters on each side.
    """
    if not SHORTEST_SIMILAR <= len(words) <= LONGEST:
        return None
    middle = min(near, len(text))
    begin, end = max(0, middle - REACH), middle + REACH
    if len(words) >= SHORTEST_IN_PIECES:
        begin, end = _where_pieces_point(words, text, begin, end)
    window = text[begin:end]
    found = fuzz.partial_ratio_alignment(words, window, score_cutoff=least)
    # Against a much shorter text, a few letters in common would do.
    if found is None or 2 * (found.dest_end - found.dest_start) < len(words):
        return None
    return _whole_words(text, begin + found.dest_start, begin + found.dest_end)


def _where_pieces_point(words: str, text: str, begin: int, end: int) -> tuple[int, int]:
    """Return the part of a text from `begin` to `end` in which most pieces of some words stand.

    It is three times as long as the words, and empty if there is no piece.
    """
    votes: Counter[int] = Counter()
    length, window = len(words), text[begin:end]
    for offset in range(0, length - PIECE + 1, max(PIECE // 2, length // MOST_PIECES)):
        for place in islice(
            positions(words[offset : offset + PIECE], window), MOST_PLACES_OF_PIECE
        ):
            votes[(place - offset) // length] += 1
    if not votes:
        return begin, begin
    start = begin + votes.most_common(1)[0][0] * length
    return max(begin, start - length), min(end, start + 2 * length)


def _same_words(anchor: Anchor, text: str) -> int | None:
    """Return the best place of the very same words, or None."""
    quote = anchor.quote
    old = (anchor.start, len(text) - anchor.rest - len(quote))
    places = [place for place in old if place >= 0 and text.startswith(quote, place)]
    places += islice(positions(quote, text), MOST_PLACES)
    return max(places, key=lambda place: _fit(anchor, text, place), default=None)


def _fit(anchor: Anchor, text: str, place: int) -> tuple[int, int]:
    """Return how well a place fits an anchor: the neighbours first, then the position."""
    end = place + len(anchor.quote)
    before, after = text[max(0, place - CONTEXT) : place], text[end : end + CONTEXT]
    same = _begin_alike(before[::-1], anchor.prefix[::-1]) + _begin_alike(after, anchor.suffix)
    # After one edit elsewhere, one of the two distances is 0.
    distance = min(abs(place - anchor.start), abs(len(text) - end - anchor.rest))
    return same + (0 if distance else CONTEXT), -distance


def _begin_alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginnings."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _between_neighbours(anchor: Anchor, text: str) -> Place | None:
    """Return what stands between the old neighbours of a passage now, or None."""
    before, after = anchor.prefix[-CONTEXT // 2 :], anchor.suffix[: CONTEXT // 2]
    if min(len(before.strip()), len(after.strip())) < SHORTEST_NEIGHBOUR:
        return None
    starts = islice(positions(before, text), MOST_PLACES)
    for start in sorted(starts, key=lambda place: abs(place - anchor.start)):
        begin = start + len(before)
        end = text.find(after, begin, begin + 2 * len(anchor.quote) + 2 * CONTEXT)
        if end > begin and fuzz.ratio(anchor.quote, text[begin:end]) >= SIMILARITY_BETWEEN:
            return Place(begin, end, is_exact=False)
    return None


def _whole_words(text: str, start: int, end: int) -> Place:
    """Return a place that begins and ends with a whole word."""
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Place(start, end, is_exact=False)
