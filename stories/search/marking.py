"""Where in a text a reader finds what they have looked for."""

from dataclasses import dataclass

from stories_project.text.words import words_in

# Words around a match in an excerpt of the body, and how far before the match it begins.
WORDS_SHOWN, WORDS_BEFORE = 40, 8


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it was looked for."""

    text: str
    is_marked: bool


def mark(text, terms):
    """Return a text as Pieces, those marked that any of the Terms is met by."""
    words = words_in(text)
    met = sorted(_meetings(words, terms), key=lambda meeting: (meeting[0], -meeting[1]))
    return _pieces(text, [(words[n].start, words[n + length - 1].end) for n, length, _ in met])


def excerpt(texts, terms):
    """Return a part of the texts that shows the Terms, as Pieces: the first text that has them all.

    Where none has, the one that has most of them; of a long text the part in which they stand
    nearest to each other.
    """
    texts = [text for text in texts if text.strip()]
    if not texts:
        return []
    best = max(texts, key=lambda text: _different(words_in(text), terms))
    words = words_in(best)
    start, end = _window(best, words, terms)
    return [
        *([Piece("… ", False)] if start else []),
        *mark(" ".join(best[start:end].split()), terms),
        *([Piece(" …", False)] if end < len(best.rstrip()) else []),
    ]


def _window(text, words, terms):
    """Return where the part of a text to be shown begins and ends."""
    if len(words) <= WORDS_SHOWN:
        return 0, len(text)
    places = [number for number, _, _ in _meetings(words, terms)] or [0]
    shown = max(
        (max(0, min(place - WORDS_BEFORE, len(words) - WORDS_SHOWN)) for place in places),
        key=lambda first: _different(words[first : first + WORDS_SHOWN], terms),
    )
    last = min(len(words), shown + WORDS_SHOWN) - 1
    is_last = last == len(words) - 1
    return (words[shown].start if shown else 0), (len(text) if is_last else words[last].end)


def _different(words, terms):
    """Return how many of the Terms the words meet."""
    return len({term for _, _, term in _meetings(words, terms)})


def _meetings(words, terms):
    """Yield (number of the word, words of the phrase, Term) wherever a Term is met."""
    tokens = tuple(word.token for word in words)
    by_first = {}
    for term in terms:
        for phrase in term.phrases:
            by_first.setdefault(phrase[0], []).append((phrase, term))
    for number, token in enumerate(tokens):
        for phrase, term in by_first.get(token, []):
            if tokens[number : number + len(phrase)] == phrase:
                yield number, len(phrase), term


def _pieces(text, matches):
    pieces, at = [], 0
    for start, end in matches:
        if start >= at:
            pieces += [Piece(text[at:start], False), Piece(text[start:end], True)]
            at = end
    return [piece for piece in [*pieces, Piece(text[at:], False)] if piece.text]
