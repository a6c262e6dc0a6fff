"""How text became tokens when founders 0004 and stories 0011 filled the first indexes.

A copy of `stories_project.text.words` of that time, and never edited: a migration must do the same
whatever the code says today. A release that changes the tokens has a migration that fills the
indexes again.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby, pairwise

import snowballstemmer

ACCENTS = re.compile("[\u0300-\u036f]")
STOP_WORDS = frozenset(
    "a an and are as at be but by for from had has have he her his in is it its of on or she that "
    "the their they this to was were which who will with".split()
)
MARKS = "".join(
    chr(code) for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M"
)
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(
    rf"[{UNSPACED}][{MARKS}]*"
    rf"|[^\W_{UNSPACED}](?:[^\W_{UNSPACED}]|[{MARKS}])*(?:['’][^\W_{UNSPACED}]+)*(?:\+\+|\#)?"
)
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
stemmer = snowballstemmer.stemmer("english")


def tokens_in(text):
    words = words_in(text)[:30_000]
    runs = [[word for _, word in run] for _, run in groupby(numbered(text, words), lambda w: w[0])]
    compounds = [joined(run) for run in runs if len(run) > 1]
    tokens = [token_of(word[0]) for word in words] + [token for token in compounds if token]
    return " ".join(tokens).encode()[:400_000].decode(errors="ignore")


def plain_words(text):
    words = (plain(word[0]) for word in words_in(text))
    known = dict.fromkeys(
        w for w in words if len(w) >= 3 and w.isalpha() and not UNSPACED_LETTER.match(w)
    )
    return list(known)[:5000]


def words_in(text):
    matches = WORD.finditer(text)
    return [m for m in matches if plain(m[0]) not in STOP_WORDS and token_of(m[0])]


def numbered(text, words):
    """Number the words; those joined by hyphens, or by having no space, have the same number."""
    number = 0
    for before, word in pairwise([None, *words]):
        number += before is not None and is_break(text[before.end() : word.start()], before, word)
        yield number, word


def is_break(between, before, word):
    if is_letter(before) and is_letter(word):
        return between != ""
    return between not in {"-", "\u2010", "\u2011"}


def is_letter(word):
    return bool(UNSPACED_LETTER.match(plain(word[0])))


def joined(run):
    return "" if any(map(is_letter, run)) else token_of("".join(word[0] for word in run))


@lru_cache(100_000)
def token_of(word):
    return named(stemmer.stemWord(without_accents(word.casefold().replace("’", "'"))))


@lru_cache(100_000)
def plain(word):
    return named(without_accents(word.casefold().replace("’", "'")).removesuffix("'s"))


def without_accents(text):
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFKD", text)))


def named(token):
    token = token.replace("+", "plus").replace("#", "sharp")
    kept = (c for c in token if c.isalnum() or unicodedata.category(c)[0] == "M")
    return "".join(kept)[:40]
