"""The column that keeps a row's tokens, for the full-text index of its table.

PostgreSQL has generated tsvector columns with a GIN index. SQLite has an FTS5 table called
`<table>_words`, which triggers keep up to date, also for bulk writes. Migrations create both with
SQL of their own: founders 0003 for founders, stories 0010 and 0041 for tags and stories. When
Django replaces a table on SQLite, its triggers are lost: such a migration must create them again,
or use `AddColumn`.
"""

from typing import Any

from django.db import connection, models

from stories_project.text.words import tokens_in


class TokensField(models.TextField):
    """A column that always holds the tokens of a text of the same row.

    `source` names the attribute that has the text.
    """

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{**kwargs, "editable": False, "default": "", "db_default": ""})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Keep the source in migrations, and leave out what `__init__` sets anyway."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "default", "db_default"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the tokens of the source, just before the row is saved."""
        tokens = tokens_in(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, tokens)
        return tokens


def forget_deleted_words() -> None:
    """Take the words of deleted and changed rows out of the file of SQLite, which keeps them.

    FTS5 only marks them as deleted, and pages that are free keep what was in them. PostgreSQL does
    both by itself (autovacuum). Inside of a transaction, SQLite cannot free its pages.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")
        for (table,) in cursor.fetchall():
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"INSERT INTO {quoted} ({quoted}) VALUES ('optimize')")  # noqa: S608
        if not connection.in_atomic_block:
            cursor.execute("VACUUM")
