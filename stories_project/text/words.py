"""The words of a text as a search compares them: without case, accents and endings.

Both databases index what is made here and are asked for it, so that both find the same. The endings
of English are cut by the Snowball stemmer, Porter 2:
https://snowballstem.org/algorithms/english/stemmer.html. Scripts that put no spaces between words
are indexed letter by letter, and found as sequences.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

import snowballstemmer

from stories_project.text.folding import without_accents

LONGEST_WORD = 40
# A text is searched up to here; the largest tsvector of PostgreSQL holds a megabyte.
WORDS_INDEXED = 30_000
BYTES_INDEXED = 400_000
SHORTEST_LEARNT, WORDS_LEARNT = 3, 5000
# They stand in every text and tell none from another.
TOO_COMMON = frozenset(
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
    """One word of a text: where it stands there, as it is compared, and as it is spelt."""

    start: int
    end: int
    token: str
    plain: str

    @property
    def is_letter(self):
        """Whether this is one letter of a script without spaces."""
        return bool(_UNSPACED_LETTER.match(self.plain))


def words_in(text):
    """Return the Words of a text in their order, without those that stand everywhere."""
    words = (
        Word(match.start(), match.end(), token_of(match[0]), plain(match[0]))
        for match in _WORD.finditer(text)
    )
    return [word for word in words if word.plain not in TOO_COMMON and word.token]


def tokens_in(text):
    """Return a text as its index has it: tokens with a space between them.

    What is written with hyphens stands there once more without them, after everything else:
    "start-ups" is found as "start", "ups" and "startups".
    """
    words = words_in(text)[:WORDS_INDEXED]
    compounds = [joined(text, run) for run in runs(text, words) if len(run) > 1]
    tokens = " ".join([word.token for word in words] + [token for token in compounds if token])
    return tokens.encode()[:BYTES_INDEXED].decode(errors="ignore")


def plain_words(text):
    """Return the different words of a text as they are spelt, 5,000 at most: its vocabulary."""
    words = (word.plain for word in words_in(text) if not word.is_letter)
    known = dict.fromkeys(w for w in words if len(w) >= SHORTEST_LEARNT and w.isalpha())
    return list(known)[:WORDS_LEARNT]


def runs(text, words):
    """Yield the words of a text in groups: those joined by hyphens, or by having no space."""
    breaks = [0] + [_is_break(text, a, b) for a, b in pairwise(words)]
    number = 0
    numbered = []
    for word, is_break in zip(words, breaks, strict=False):
        number += is_break
        numbered.append((number, word))
    for _, run in groupby(numbered, key=lambda pair: pair[0]):
        yield [word for _, word in run]


def joined(text, run):
    """Return the token of words written with hyphens as if they were one; nothing for letters."""
    if any(word.is_letter for word in run):
        return ""
    return token_of("".join(text[word.start : word.end] for word in run))


def _is_break(text, word, following):
    between = text[word.end : following.start]
    if word.is_letter and following.is_letter:
        return between != ""
    return between not in {"-", "\u2010", "\u2011"}


@lru_cache(100_000)
def token_of(word):
    """Return one word as it is compared: "Founders'", "founder’s" and "FOUNDER" are "founder"."""
    token = without_accents(word.casefold().replace("’", "'"))
    return _named(_stemmer.stemWord(token))[:LONGEST_WORD]


@lru_cache(100_000)
def plain(word):
    """Return one word as it is spelt, without case, accents and the sign of the possessive."""
    spelt = without_accents(word.casefold().replace("’", "'"))
    return _named(spelt.removesuffix("'s"))[:LONGEST_WORD]


def _named(token):
    """Spell out what tells C++ from C, and keep nothing that a database would part words at."""
    token = token.replace("+", "plus").replace("#", "sharp")
    return "".join(c for c in token if c.isalnum() or unicodedata.category(c)[0] == "M")
