"""Ranking: why one story stands above another in the results of a search."""

from collections.abc import Iterable, Sequence

from stories.models import StorySearch
from stories_project.text.full_text import Term

# What a word adds to the score by where it is found. TITLE is doubled in a title of one word.
TITLE, KEYS, SUMMARY, BODY = 6, 6, 3, 2


def best_first(rows: Iterable[StorySearch], terms: Sequence[Term]) -> list[StorySearch]:
    """Return the rows by score, then the newest first.

    The primary key comes last, so that equal stories keep their order from page to page.
    """
    return sorted(rows, key=lambda row: (score(row, terms), row.publish_at, row.pk), reverse=True)


def score(row: StorySearch, terms: Sequence[Term]) -> float:
    """Return how well a story answers: a sum over the Terms; higher is better.

    A word in the title adds more in a short title. Each repetition in the body adds less than the
    one before, as in BM25 (Robertson and Zaragoza, 2009).
    """
    total = 0.0
    for term in terms:
        if occurrences(term, row.title):
            total += TITLE + TITLE / (1 + row.title.count(" "))
        total += KEYS * any(f" {key} " in f" {row.keys} " for key in term.keys)
        total += SUMMARY * bool(occurrences(term, row.summary))
        repeated = occurrences(term, row.body)
        total += BODY * repeated / (repeated + 2)
    return total


def occurrences(term: Term, tokens: str) -> int:
    """Return how often the phrases of a Term occur in the tokens of a text."""
    end = "" if term.is_prefix else " "
    return sum(f" {tokens} ".count(f" {' '.join(phrase)}{end}") for phrase in term.phrases)
