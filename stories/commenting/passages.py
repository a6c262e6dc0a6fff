"""Find the words that somebody has copied, in the Markdown source of a text.

Words that are copied from a page differ from the source: it has marks, link targets and straight
quotes. So only their letters and digits are compared.
"""

import re
from collections.abc import Iterator

from stories.commenting.anchoring import Anchor, positions, similar

# What the source has, with letters, and a page does not show.
UNSEEN = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)"  # the target of a link
    r"|\[\^[^\]\n]{1,100}\]:?"  # the number of a footnote
    r"|^[ \t]*\d{1,9}[.)][ \t]"  # the number of a list item
    r"|(?<=\|)[ \t]*:?-+:?[ \t]*(?=\|)",  # the line below the head of a table
    re.MULTILINE,
)
# Copied words must have this in common with the source, in percent, if they are not the same.
SIMILARITY = 88


def anchor_of(words: str, source: str, near: int = 0) -> Anchor | None:
    """Return the anchor of copied words in a source, or None if they are not there.

    If they are there more than once, those nearest to the position `near` are taken.
    """
    words = words.strip()
    if not words:
        return None
    span = _as_written(words, source, near) or _as_read(words, source, near)
    if span is None and (place := similar(words, source, near, SIMILARITY)):
        span = place.start, place.end
    return Anchor.at(source, *span) if span else None


def position_of_line(source: str, number: int) -> int:
    """Return where a line of a text begins; the first is 0, and after the last is the end."""
    lines = source.split("\n")
    return min(len(source), sum(len(line) + 1 for line in lines[: max(0, number)]))


def _as_written(words: str, source: str, near: int) -> tuple[int, int] | None:
    places = positions(words, source)
    start = min(places, key=lambda place: abs(place - near), default=None)
    return None if start is None else (start, start + len(words))


def _as_read(words: str, source: str, near: int) -> tuple[int, int] | None:
    """Return the span of words as a page shows them, or None."""
    letters = list(_letters(source, is_markdown=True))
    wanted = "".join(letter for letter, _ in _letters(words, is_markdown=False))
    if not wanted:
        return None
    readable = "".join(letter for letter, _ in letters)
    places = positions(wanted, readable)
    first = min(places, key=lambda place: abs(letters[place][1] - near), default=None)
    if first is None:
        return None
    return letters[first][1], letters[first + len(wanted) - 1][1] + 1


def _letters(text: str, *, is_markdown: bool) -> Iterator[tuple[str, int]]:
    """Yield the letters and digits of a text in small letters, each with its position."""
    unseen = [match.span() for match in UNSEEN.finditer(text)] if is_markdown else []
    begin = 0
    for start, end in [*unseen, (len(text), len(text))]:
        for place in range(begin, start):
            for letter in text[place].lower() if text[place].isalnum() else "":
                yield letter, place
        begin = end
