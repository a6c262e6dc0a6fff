"""Full-text search in both databases: one query, as a tsquery of PostgreSQL or a MATCH of FTS5.

The databases compare the tokens of `words.py`; none of their own parsers decides what a word is.
https://www.postgresql.org/docs/current/textsearch.html, https://www.sqlite.org/fts5.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from stories_project.text.words import Word, joined, runs, words_in

MOST_TERMS = 8
# FTS5 can only sort by row number: of a word in more rows than this, the latest rows are found.
MOST_ROWS = 5000
_QUOTED = re.compile(r'["“”„]([^"“”„]*)["“”„]')


@dataclass(frozen=True)
class Term:
    """One part of a search query: a row matches it by any of its phrases, or any of its keys.

    A phrase is a sequence of tokens. A key stands for something that a row has, such as a founder,
    and is compared with the column `keys` only. The last token of a prefix may continue.
    """

    phrases: tuple[tuple[str, ...], ...]
    text: str
    keys: tuple[str, ...] = ()
    is_prefix: bool = False


def parse(text: str) -> list[Term]:
    """Return what a person typed as at most eight Terms; words in quotation marks are one Term."""
    quoted = [_phrase(match[1]) for match in _QUOTED.finditer(text)]
    rest = _QUOTED.sub(" ", text)
    terms = [*quoted, *(_written_together(rest, run) for run in runs(rest, words_in(rest)))]
    return list(dict.fromkeys(term for term in terms if term))[:MOST_TERMS]


def last_as_prefix(terms: Sequence[Term]) -> list[Term]:
    """Return the Terms of somebody who is still typing: the last word may continue."""
    return [*terms[:-1], *(replace(term, is_prefix=True) for term in terms[-1:])]


def any_of(terms: Sequence[Term]) -> Term:
    """Return one Term that matches where any of these Terms matches."""
    phrases = tuple(phrase for term in terms for phrase in term.phrases)
    keys = tuple(key for term in terms for key in term.keys)
    return Term(phrases, " ".join(term.text for term in terms), keys)


class Matches(models.Func):
    """The condition that the index of a row matches all the Terms.

    `vector` is the name of the tsvector column on PostgreSQL. `columns` restricts the search to
    some of the indexed columns: {name: label}, with the label that the column has in the tsvector.
    SQLite has these columns in an index of their own, `<table>_head_words`. Without `columns`, all
    indexed columns are searched.
    """

    output_field = models.BooleanField()

    def __init__(
        self, terms: Sequence[Term], vector: str, columns: Mapping[str, str] | None = None
    ) -> None:
        super().__init__("pk")
        self.terms, self.vector, self.columns = terms, vector, columns or {}

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the SQL that compares the generated column with a tsquery."""
        row, _, _ = compiler.compile(self.source_expressions[0])[0].rpartition(".")
        sql = f"{row}.{self.vector} @@ to_tsquery('simple', %s)"
        return sql, (as_tsquery(self.terms, self.columns),)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the SQL that looks the rows up in an FTS5 table."""
        key, _ = compiler.compile(self.source_expressions[0])
        table = compiler.query.get_meta().db_table
        words = f"{table}_head_words" if self.columns else f"{table}_words"
        found = f"SELECT rowid FROM {words} WHERE {words} MATCH %s"
        sql = f"{key} IN ({found} ORDER BY rowid DESC LIMIT {MOST_ROWS})"
        return sql, (as_match(self.terms, self.columns),)


def as_match(terms: Sequence[Term], columns: Mapping[str, str] | None = None) -> str:
    """Return Terms in the query language of FTS5."""
    query = " AND ".join(f"({' OR '.join(_match_parts(term))})" for term in terms)
    return f"{{{' '.join(columns)}}} : ({query})" if columns else query


def as_tsquery(terms: Sequence[Term], columns: Mapping[str, str] | None = None) -> str:
    """Return Terms in the query language of PostgreSQL."""
    labels = "".join(columns.values()) if columns else ""
    return " & ".join(f"({' | '.join(_tsquery_parts(term, labels))})" for term in terms)


def _phrase(text: str) -> Term | None:
    tokens = tuple(word.token for word in words_in(text))
    return Term((tokens,), text.strip()) if tokens else None


def _written_together(text: str, run: Sequence[Word]) -> Term:
    """Return the Term of words joined by hyphens: as separate words, or as one."""
    compound = joined(text, run) if len(run) > 1 else ""
    phrases = [tuple(word.token for word in run), *([(compound,)] if compound else [])]
    return Term(tuple(phrases), text[run[0].start : run[-1].end])


def _match_parts(term: Term) -> Iterator[str]:
    for phrase in term.phrases:
        yield f'"{" ".join(phrase)}"{"*" if term.is_prefix else ""}'
    yield from (f'keys : "{key}"' for key in term.keys)


def _tsquery_parts(term: Term, labels: str) -> Iterator[str]:
    for phrase in term.phrases:
        ends = [""] * (len(phrase) - 1) + ["*" if term.is_prefix else ""]
        marks = [f":{end}{labels}" if end or labels else "" for end in ends]
        yield " <-> ".join(f"'{token}'{mark}" for token, mark in zip(phrase, marks, strict=True))
    yield from (f"'{key}':B" for key in term.keys)
