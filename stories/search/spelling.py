"""What a misspelt word may have meant: near words by their trigrams."""

from difflib import SequenceMatcher

from django.db import connection

from stories.models import SearchWord
from stories_project.text import full_text

NEAR_WORDS = 60
TRIED = 3
LONGER_WORDS = 5
# Of the words that PostgreSQL looks at; how near they are is judged by NEAR_ENOUGH.
LEAST_SIMILARITY = 0.2
NEAR_ENOUGH = 0.78

# In both, trigrams of the word with two spaces before it and one behind, as pg_trgm has them.
NEAREST = {
    "postgresql": """SELECT word FROM stories_searchword
 WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT %s""",
    "sqlite": """SELECT word FROM stories_searchword_trigrams
 WHERE stories_searchword_trigrams MATCH %s ORDER BY rank LIMIT %s""",
}


def others(term):
    """Return up to three Terms that this one may have meant, the most like it first."""
    word = "".join(c for c in term.text.casefold() if c.isalnum())
    words = [w for w in _near(word) if w != word]
    likeness = {other: SequenceMatcher(None, word, other).ratio() for other in words}
    likeness |= {other: 1 for other in words if other.startswith(word)}
    best = sorted(likeness, key=lambda other: (-likeness[other], len(other), other))
    near = [other for other in best[:TRIED] if likeness[other] >= NEAR_ENOUGH]
    return [term for other in near for term in full_text.parse(other)]


def _near(word):
    """Return the words that go on from this one, and those that share trigrams with it."""
    longer = SearchWord.objects.filter(word__startswith=word, word__gte=word).order_by("word")
    return [*longer.values_list("word", flat=True)[:LONGER_WORDS], *_sharing_trigrams(word)]


def _sharing_trigrams(word):
    padded = f"  {word} "
    trigrams = {padded[start : start + 3] for start in range(len(padded) - 2)}
    query = " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
    asked = {"postgresql": [word, word], "sqlite": [query]}[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_limit(%s)", [LEAST_SIMILARITY])
        cursor.execute(NEAREST[connection.vendor], [*asked, NEAR_WORDS])
        return [row[0].strip() for row in cursor.fetchall()]
