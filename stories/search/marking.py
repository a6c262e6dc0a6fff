"""Marking: which words of a text match a search, and which part of the text to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stories_project.text.full_text import Term
from stories_project.text.words import Word, words_in

# How many words of a long text are shown, and how many of them stand before the first match.
WORDS_SHOWN, WORDS_BEFORE = 40, 8


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it matches the search."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Match:
    """A phrase of a Term in a list of words: the index of its first word, and its length."""

    first: int
    length: int
    term: Term


def mark(text: str, terms: Sequence[Term]) -> list[Piece]:
    """Return the whole text as Pieces; those that match any of the Terms are marked."""
    words = words_in(text)
    # Of matches that begin at the same word, the longest wins.
    matches = sorted(_matches(words, terms), key=lambda match: (match.first, -match.length))
    pieces, end = [], 0
    for match in matches:
        start = words[match.first].start
        if start >= end:
            pieces.append(Piece(text[end:start], False))
            end = words[match.first + match.length - 1].end
            pieces.append(Piece(text[start:end], True))
    pieces.append(Piece(text[end:], False))
    return [piece for piece in pieces if piece.text]


def excerpt(texts: Sequence[str], terms: Sequence[Term]) -> list[Piece]:
    """Return up to 40 words of the text that has most of the Terms, as Pieces.

    Among equal texts the first one is chosen, and in a long text the part with most of the Terms.
    """
    texts = [text for text in texts if text.strip()]
    if not texts:
        return []
    best = max(texts, key=lambda text: _count_terms(words_in(text), terms))
    start, end = _window(best, terms)
    return [
        *([Piece("… ", False)] if start else []),
        *mark(" ".join(best[start:end].split()), terms),
        *([Piece(" …", False)] if end < len(best.rstrip()) else []),
    ]


def _window(text: str, terms: Sequence[Term]) -> tuple[int, int]:
    """Return where the part of a text to show begins and ends, in characters."""
    words = words_in(text)
    if len(words) <= WORDS_SHOWN:
        return 0, len(text)
    latest = len(words) - WORDS_SHOWN
    starts = [match.first - WORDS_BEFORE for match in _matches(words, terms)] or [0]
    first = max(
        (max(0, min(start, latest)) for start in starts),
        key=lambda start: _count_terms(words[start : start + WORDS_SHOWN], terms),
    )
    start = words[first].start if first else 0
    end = len(text) if first == latest else words[first + WORDS_SHOWN - 1].end
    return start, end


def _count_terms(words: Sequence[Word], terms: Sequence[Term]) -> int:
    """Return how many of the Terms are among the words."""
    return len({match.term for match in _matches(words, terms)})


def _matches(words: Sequence[Word], terms: Sequence[Term]) -> Iterator[Match]:
    """Yield every Match of the Terms in the words, in the order of the words."""
    tokens = tuple(word.token for word in words)
    by_first_token: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
    for term in terms:
        for phrase in term.phrases:
            by_first_token.setdefault(phrase[0], []).append((phrase, term))
    for number, token in enumerate(tokens):
        for phrase, term in by_first_token.get(token, []):
            if tokens[number : number + len(phrase)] == phrase:
                yield Match(number, len(phrase), term)
