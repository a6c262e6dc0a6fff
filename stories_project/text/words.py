"""Split a text into words, and words into the tokens that the search compares.

A token has no case, accents or endings. Both databases index these tokens and are queried with
them, so that both find the same. The Snowball stemmer (Porter 2) removes the endings of English:
https://snowballstem.org/algorithms/english/stemmer.html. Scripts that put no spaces between words
are indexed letter by letter, and searched for as phrases.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

import snowballstemmer

from stories_project.text.folding import without_accents

LONGEST_WORD = 40
# The rest of a longer text is not indexed: a tsvector of PostgreSQL holds at most one megabyte.
WORDS_INDEXED = 30_000
BYTES_INDEXED = 400_000
SHORTEST_LEARNT, WORDS_LEARNT = 3, 5000
STOP_WORDS = frozenset(
    "a an and are as at be but by for from had has have he her his in is it its of on or she that "
    "the their they this to was were which who will with".split()
)

_MARKS = "".join(
    chr(code) for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M"
)
# Thai to Myanmar, Khmer, Kana and Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(
    rf"[{_UNSPACED}][{_MARKS}]*"
    rf"|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*(?:['’][^\W_{_UNSPACED}]+)*(?:\+\+|\#)?"
)
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Word:
    """One word of a text: its position there, its token, and its spelling."""

    start: int
    end: int
    token: str
    plain: str

    @property
    def is_letter(self) -> bool:
        """Whether this is one letter of a script without spaces."""
        return bool(_UNSPACED_LETTER.match(self.plain))


def words_in(text: str) -> list[Word]:
    """Return the Words of a text in their order, without stop words."""
    words = (
        Word(match.start(), match.end(), token_of(match[0]), plain(match[0]))
        for match in _WORD.finditer(text)
    )
    return [word for word in words if word.plain not in STOP_WORDS and word.token]


def tokens_in(text: str) -> str:
    """Return the tokens of a text, separated by spaces, as they are indexed.

    Words joined by hyphens are also indexed as one word, at the end: "start-ups" is found as
    "start", "ups" and "startups".
    """
    words = words_in(text)[:WORDS_INDEXED]
    compounds = [joined(text, run) for run in runs(text, words) if len(run) > 1]
    tokens = " ".join([word.token for word in words] + [token for token in compounds if token])
    return tokens.encode()[:BYTES_INDEXED].decode(errors="ignore")


def plain_words(text: str) -> list[str]:
    """Return the distinct words of a text as they are spelt, 5,000 at most."""
    words = (word.plain for word in words_in(text) if not word.is_letter)
    known = dict.fromkeys(w for w in words if len(w) >= SHORTEST_LEARNT and w.isalpha())
    return list(known)[:WORDS_LEARNT]


def runs(text: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of a text in groups: words joined by hyphens, or letters without spaces."""
    breaks = [0] + [_is_break(text, a, b) for a, b in pairwise(words)]
    number = 0
    numbered = []
    for word, is_break in zip(words, breaks, strict=False):
        number += is_break
        numbered.append((number, word))
    for _, run in groupby(numbered, key=lambda pair: pair[0]):
        yield [word for _, word in run]


def joined(text: str, run: Sequence[Word]) -> str:
    """Return the token of hyphenated words written as one word; empty for unspaced letters."""
    if any(word.is_letter for word in run):
        return ""
    return token_of("".join(text[word.start : word.end] for word in run))


def _is_break(text: str, word: Word, following: Word) -> bool:
    between = text[word.end : following.start]
    if word.is_letter and following.is_letter:
        return between != ""
    return between not in {"-", "\u2010", "\u2011"}


@lru_cache(100_000)
def token_of(word: str) -> str:
    """Return the token of a word: "Founders'", "founder’s" and "FOUNDER" are "founder"."""
    token = without_accents(word.casefold().replace("’", "'"))
    return _named(_stemmer.stemWord(token))[:LONGEST_WORD]


@lru_cache(100_000)
def plain(word: str) -> str:
    """Return the spelling of a word, without case, accents and the possessive 's."""
    spelt = without_accents(word.casefold().replace("’", "'"))
    return _named(spelt.removesuffix("'s"))[:LONGEST_WORD]


def _named(token: str) -> str:
    """Spell out + and # (C++, C#), and drop the characters at which a database splits words."""
    token = token.replace("+", "plus").replace("#", "sharp")
    return "".join(c for c in token if c.isalnum() or unicodedata.category(c)[0] == "M")
