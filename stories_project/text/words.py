"""Split a text into words, and words into the tokens that the search compares.

A token has no case, accents or endings. Both databases index these tokens and are queried with
them, so that both find the same. The Snowball stemmer (Porter 2) removes the endings of English:
https://snowballstem.org/algorithms/english/stemmer.html. Scripts that put no spaces between words
are indexed letter by letter, and searched for as phrases.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import snowballstemmer

from stories_project.text.folding import without_accents
from stories_project.text.recent import Recent

LONGEST_WORD = 40
# The rest of a longer text is not indexed: a tsvector of PostgreSQL holds at most one megabyte.
WORDS_INDEXED = 30_000
BYTES_INDEXED = 400_000
TEXTS_KEPT = 8
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
# The first branch finds most words of English four times faster; it finds nothing more.
_WORD = re.compile(
    r"(?>[A-Za-z0-9]+(?:['’][A-Za-z0-9]+)*)(?=[\s.,;:!?”)-]|\Z)"
    rf"|[{_UNSPACED}][{_MARKS}]*"
    rf"|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*(?:['’][^\W_{_UNSPACED}]+)*(?:\+\+|\#)?"
)
_HYPHENS = frozenset("-\u2010\u2011")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_stemmer = snowballstemmer.stemmer("english")


class Word(NamedTuple):
    """One word of a text: its position there, its token, and its spelling."""

    start: int
    end: int
    token: str
    plain: str

    @property
    def is_letter(self) -> bool:
        """Whether this is one letter of a script without spaces."""
        return bool(_UNSPACED_LETTER.match(self.plain))


class Indexed(NamedTuple):
    """What the search keeps of a text.

    `tokens` are separated by spaces. `words` are the distinct words as they are spelt, at most
    5,000: from them the spelling of a search is corrected.
    """

    tokens: str
    words: tuple[str, ...]


_recent = Recent[Indexed](TEXTS_KEPT)


def words_in(text: str) -> list[Word]:
    """Return the Words of a text in their order, without stop words."""
    words = []
    for match in _WORD.finditer(text):
        if forms := _forms_of(match[0]):
            words.append(Word(*match.span(), *forms))
    return words


def indexed(text: str) -> Indexed:
    """Return what the search keeps of a text, which is split into words only once."""
    return _recent.get(text, partial(_indexed, text))


def keep(text: str, found: Indexed) -> None:
    """Keep what another process found in a text, for the next `indexed` of it."""
    _recent.keep(text, found)


def _indexed(text: str) -> Indexed:
    forms = _forms_in(text)
    return Indexed(_joined_tokens(text, forms), _distinct(forms))


def tokens_in(text: str) -> str:
    """Return the tokens of a text, separated by spaces, as they are indexed.

    Words joined by hyphens are also indexed as one word, at the end: "start-ups" is found as
    "start", "ups" and "startups".
    """
    return _joined_tokens(text, _forms_in(text))


def runs(text: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of a text in groups: words joined by hyphens, or letters without spaces."""
    run: list[Word] = []
    for word in words:
        if run and _is_break(text, run[-1], word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def joined(text: str, run: Sequence[Word]) -> str:
    """Return the token of hyphenated words written as one word; empty for unspaced letters."""
    if any(word.is_letter for word in run):
        return ""
    return token_of("".join(text[word.start : word.end] for word in run))


def _forms_in(text: str) -> list[tuple[str, str]]:
    """Return the tokens and the spellings of the words of a text."""
    return [forms for word in _WORD.findall(text) if (forms := _forms_of(word))]


def _joined_tokens(text: str, forms: Sequence[tuple[str, str]]) -> str:
    if len(forms) > WORDS_INDEXED:
        text = text[: words_in(text)[WORDS_INDEXED].start]
    tokens = [token for token, _ in forms[:WORDS_INDEXED]]
    joined_tokens = " ".join(tokens + [token for token in _compounds_in(text) if token])
    return joined_tokens.encode()[:BYTES_INDEXED].decode(errors="ignore")


def _compounds_in(text: str) -> Iterator[str]:
    """Yield the tokens of the words that hyphens join; there are no spaces between them."""
    for part in text.split():
        if not _HYPHENS.isdisjoint(part):
            yield from (joined(part, run) for run in runs(part, words_in(part)) if len(run) > 1)


def _distinct(forms: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    spellings = dict.fromkeys(spelling for _, spelling in forms)
    whole = (w for w in spellings if len(w) >= SHORTEST_LEARNT and w.isalpha())
    return tuple(w for w in whole if not _UNSPACED_LETTER.match(w))[:WORDS_LEARNT]


def _is_break(text: str, word: Word, following: Word) -> bool:
    gap = following.start - word.end
    if gap > 1 or (gap == 1 and text[word.end] not in _HYPHENS):
        return True
    if word.is_letter and following.is_letter:
        return gap > 0
    return gap == 0


@lru_cache(100_000)
def _forms_of(word: str) -> tuple[str, str] | None:
    """Return the token and the spelling of a word, or None if it is not indexed."""
    spelling, token = plain(word), token_of(word)
    return (token, spelling) if token and spelling not in STOP_WORDS else None


@lru_cache(100_000)
def token_of(word: str) -> str:
    """Return the token of a word: "Founders'", "founder’s" and "FOUNDER" are "founder"."""
    token = without_accents(word.casefold().replace("’", "'"))
    return _named(_stemmer.stemWord(token))[:LONGEST_WORD]


def plain(word: str) -> str:
    """Return the spelling of a word, without case, accents and the possessive 's."""
    spelt = without_accents(word.casefold().replace("’", "'"))
    return _named(spelt.removesuffix("'s"))[:LONGEST_WORD]


def _named(token: str) -> str:
    """Spell out + and # (C++, C#), and drop the characters at which a database splits words."""
    token = token.replace("+", "plus").replace("#", "sharp")
    return "".join(c for c in token if c.isalnum() or unicodedata.category(c)[0] == "M")
