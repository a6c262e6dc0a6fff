"""Spelling: which known words a misspelt word may stand for.

The database returns the words that share most trigrams with it: PostgreSQL with `pg_trgm`, SQLite
with a trigram table of FTS5. Python then compares the spellings, so both databases answer alike.
"""

from difflib import SequenceMatcher

from django.contrib.postgres.lookups import TrigramSimilar
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import F

from stories.models import SearchWord
from stories_project.text import full_text
from stories_project.text.full_text import Term

COMPARED_WORDS = 60
LONGER_WORDS = 5
OFFERED_WORDS = 3
# At which share of common trigrams, from 0 to 1, PostgreSQL returns a word at all.
TRIGRAM_THRESHOLD = 0.2
# How alike two spellings must be, from 0 to 1, for one to be offered for the other.
LEAST_RATIO = 0.78

FTS5_QUERY = """SELECT word FROM stories_searchword_trigrams
 WHERE stories_searchword_trigrams MATCH %s ORDER BY rank LIMIT %s"""


def similar_terms(term: Term) -> list[Term]:
    """Return up to three Terms that this one may stand for, the most similar first."""
    word = "".join(letter for letter in term.text.casefold() if letter.isalnum())
    known = [other for other in _candidates(word) if other != word]
    ratios = {
        other: 1.0 if other.startswith(word) else SequenceMatcher(None, word, other).ratio()
        for other in known
    }
    best = sorted(ratios, key=lambda other: (-ratios[other], len(other), other))
    similar = [other for other in best[:OFFERED_WORDS] if ratios[other] >= LEAST_RATIO]
    return [term for other in similar for term in full_text.parse(other)]


def _candidates(word: str) -> list[str]:
    """Return known words that begin with this one, and those that share trigrams with it."""
    longer = SearchWord.objects.filter(word__startswith=word, word__gte=word).order_by("word")
    by_trigrams = {"postgresql": _by_pg_trgm, "sqlite": _by_fts5}[connection.vendor]
    return [*longer.values_list("word", flat=True)[:LONGER_WORDS], *by_trigrams(word)]


def _by_pg_trgm(word: str) -> list[str]:
    """Ask PostgreSQL. Only the operator `%` uses the index, and its threshold is a setting.

    https://www.postgresql.org/docs/current/pgtrgm.html
    """
    similar = SearchWord.objects.filter(TrigramSimilar(F("word"), word))
    nearest = similar.order_by(TrigramSimilarity("word", word).desc(), "word")
    with transaction.atomic(), connection.cursor() as cursor:
        # `true` sets it for this transaction only.
        threshold = ["pg_trgm.similarity_threshold", str(TRIGRAM_THRESHOLD)]
        cursor.execute("SELECT set_config(%s, %s, true)", threshold)
        return list(nearest.values_list("word", flat=True)[:COMPARED_WORDS])


def _by_fts5(word: str) -> list[str]:
    """Ask SQLite, with the trigrams of `pg_trgm`: two spaces before the word and one after it."""
    padded = f"  {word} "
    trigrams = {padded[start : start + 3] for start in range(len(padded) - 2)}
    query = " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
    with connection.cursor() as cursor:
        cursor.execute(FTS5_QUERY, [query, COMPARED_WORDS])
        return [word.strip() for (word,) in cursor.fetchall()]
