"""Full text in both databases: one query, asked as a tsquery of PostgreSQL or as a MATCH of FTS5.

What is compared are the tokens of `words.py`, and no parser of a database decides what a word is.
https://www.postgresql.org/docs/current/textsearch.html, https://www.sqlite.org/fts5.html
"""

import re
from dataclasses import dataclass, replace
from functools import partial

from django.db import models
from django.db.migrations import RunPython

from stories_project.text.words import joined, runs, tokens_in, words_in

MOST_TERMS = 8
# FTS5 knows no order but that of its rows: of a word in more rows than these, the latest are found.
MOST_ROWS = 5000
_QUOTED = re.compile(r'["“”„]([^"“”„]*)["“”„]')


@dataclass(frozen=True)
class Term:
    """One thing that is looked for: any of its phrases, or any of its keys.

    A phrase is a sequence of tokens. A key stands for something that a row has, and is looked for
    in the column `keys` only. The last token of a prefix may go on.
    """

    phrases: tuple
    text: str
    keys: tuple = ()
    is_prefix: bool = False


def parse(text):
    """Return what a person looks for as at most eight Terms; words in quotation marks are one."""
    quoted = [_phrase(match[1]) for match in _QUOTED.finditer(text)]
    rest = _QUOTED.sub(" ", text)
    terms = [*quoted, *(_written_together(rest, run) for run in runs(rest, words_in(rest)))]
    return list(dict.fromkeys(term for term in terms if term))[:MOST_TERMS]


def last_as_prefix(terms):
    """Return the Terms of what somebody is still typing."""
    return [*terms[:-1], *(replace(term, is_prefix=True) for term in terms[-1:])]


def any_of(terms):
    """Return the one Term that is met where any of them is."""
    phrases = tuple(phrase for term in terms for phrase in term.phrases)
    keys = tuple(key for term in terms for key in term.keys)
    return Term(phrases, " ".join(term.text for term in terms), keys)


class Matches(models.Func):
    """The condition that a row's index has every one of some Terms.

    `vector` names the index on PostgreSQL; `columns` are those that count, {name: label} with the
    label that `create_index` gave them, all where there are none.
    """

    output_field = models.BooleanField()

    def __init__(self, terms, vector, columns=()):
        super().__init__("pk")
        self.terms, self.vector, self.columns = terms, vector, columns

    def as_postgresql(self, compiler, connection):
        """Ask the generated column."""
        row, _, _ = compiler.compile(self.source_expressions[0])[0].rpartition(".")
        sql = f"{row}.{self.vector} @@ to_tsquery('simple', %s)"
        return sql, [as_tsquery(self.terms, self.columns)]

    def as_sqlite(self, compiler, connection):
        """Ask the FTS5 table."""
        key, _ = compiler.compile(self.source_expressions[0])
        words = f"{compiler.query.model._meta.db_table}_words"
        found = f"SELECT rowid FROM {words} WHERE {words} MATCH %s"
        sql = f"{key} IN ({found} ORDER BY rowid DESC LIMIT {MOST_ROWS})"
        return sql, [as_match(self.terms, self.columns)]


def as_match(terms, columns=()):
    """Return Terms in the query language of FTS5."""
    query = " AND ".join(f"({' OR '.join(_match_parts(term))})" for term in terms)
    return f"{{{' '.join(columns)}}} : ({query})" if columns else query


def as_tsquery(terms, columns=()):
    """Return Terms in the query language of PostgreSQL."""
    labels = "".join(columns.values()) if columns else ""
    return " & ".join(f"({' | '.join(_tsquery_parts(term, labels))})" for term in terms)


def _phrase(text):
    tokens = tuple(word.token for word in words_in(text))
    return tokens and Term((tokens,), text.strip())


def _written_together(text, run):
    """Return the Term of words with hyphens: parted, or as one."""
    compound = joined(text, run) if len(run) > 1 else ""
    phrases = [tuple(word.token for word in run), *([(compound,)] if compound else [])]
    return Term(tuple(phrases), text[run[0].start : run[-1].end])


def _match_parts(term):
    for phrase in term.phrases:
        yield f'"{" ".join(phrase)}"{"*" if term.is_prefix else ""}'
    yield from (f'keys : "{key}"' for key in term.keys)


def _tsquery_parts(term, labels):
    for phrase in term.phrases:
        ends = [""] * (len(phrase) - 1) + ["*" if term.is_prefix else ""]
        marks = [f":{end}{labels}" if end or labels else "" for end in ends]
        yield " <-> ".join(f"'{token}'{mark}" for token, mark in zip(phrase, marks, strict=True))
    yield from (f"'{key}':B" for key in term.keys)


class TokensField(models.TextField):
    """A column that always holds the tokens of a text of its row, for `create_index`."""

    def __init__(self, *args, source, **kwargs):
        self.source = source
        super().__init__(*args, **{**kwargs, "editable": False, "default": "", "db_default": ""})

    def deconstruct(self):
        """Keep the source in migrations, and leave out what `__init__` sets anyway."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "default", "db_default"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance, add):
        """Take the words of the source as it is about to be saved."""
        tokens = tokens_in(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, tokens)
        return tokens


def create_index(table, key, vectors):
    """Return the operation of a migration that keeps a full-text index of a table.

    `key` is its primary key; `vectors` are {name: {column: label}}, of which PostgreSQL keeps each
    as a generated column, and SQLite one FTS5 table, `<table>_words`, over all their columns, which
    triggers keep. Whoever makes the table anew on SQLite has to make the index anew.
    """
    return RunPython(partial(_create, table, key, vectors), partial(_drop, table, vectors))


def _create(table, key, vectors, apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in _vectors(table, vectors):
            schema_editor.execute(statement)
    else:
        columns = list(dict.fromkeys(column for vector in vectors.values() for column in vector))
        for statement in _fts5(table, key, columns):
            schema_editor.execute(statement)


def _drop(table, vectors, apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in vectors:
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    else:
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{event}")
        schema_editor.execute(f"DROP TABLE {table}_words")


def _vectors(table, vectors):
    for name, columns in vectors.items():
        parts = " || ".join(
            f"setweight(to_tsvector('simple', {column}), '{label}')"
            for column, label in columns.items()
        )
        yield f"ALTER TABLE {table} ADD COLUMN {name} tsvector GENERATED ALWAYS AS ({parts}) STORED"
        yield f"CREATE INDEX {table}_{name} ON {table} USING gin ({name})"
        # Of a word that is not among the commonest, too many rows would be expected, and all read.
        yield f"ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS 1000"


def _fts5(table, key, columns):
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    add = f"INSERT INTO {table}_words (rowid, {names}) VALUES (new.{key}, {new});"
    remove = (
        f"INSERT INTO {table}_words ({table}_words, rowid, {names}) "
        f"VALUES ('delete', old.{key}, {old});"
    )
    yield (
        f"CREATE VIRTUAL TABLE {table}_words USING fts5({names}, content='{table}', "
        f"content_rowid='{key}', tokenize=\"unicode61 remove_diacritics 0 "
        "categories 'L* N* M* Co'\")"
    )
    yield f"INSERT INTO {table}_words ({table}_words) VALUES ('rebuild')"
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    for event, work in (
        ("insert", f"BEGIN {add} END"),
        ("delete", f"BEGIN {remove} END"),
        ("update", f"WHEN {changed} BEGIN {remove} {add} END"),
    ):
        yield f"CREATE TRIGGER {table}_words_{event} AFTER {event.upper()} ON {table} {work}"
