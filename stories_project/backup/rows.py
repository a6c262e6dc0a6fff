"""The rows of all tables as lines of JSON, the same on SQLite and PostgreSQL."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import EVERYTHING

# Not the publication's: who is signed in, and what this machine has told or has yet to tell.
LEFT_OUT = {"sessions", "usersessions", "page_cache", "django_tasks_db"}
ROWS_AT_ONCE = 1000

Model = type[models.Model]


def tables() -> list[Model]:
    """Return the models whose rows belong to a backup, in the order of their labels."""
    every = apps.get_models(include_auto_created=True)
    kept = [m for m in every if m._meta.managed and m._meta.app_label not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label_lower)


def migrations() -> list[str]:
    """Return the applied migrations, such as "stories.0001_initial"."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


@contextmanager
def consistent() -> Iterator[None]:
    """Read all tables as they are at one moment, while others write."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield
            return
        # Django would take the lock of a writer.
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def written(model: Model) -> Iterator[bytes]:
    """Yield the names of the columns as one line of JSON, and then each row as another."""
    fields = _fields(model)
    yield _line([field.attname for field in fields])
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(ROWS_AT_ONCE):
        yield _line([_for_json(value) for value in row])


def replace_all(read: Any) -> Iterator[int]:
    """Replace all rows by those that `read(model)` yields as lines; yield the number of each step.

    All or nothing: run it to its end. Raises ValueError for rows that do not fit the tables.
    """
    # SQLite changes this only outside of a transaction; PostgreSQL checks at the end anyway.
    with connection.constraint_checks_disabled(), transaction.atomic(), _forgetting_statements():
        _empty()
        for model in tables():
            yield from _insert(model, read(model))
        connection.check_constraints()
        _continue_numbering()
        change_log.record(EVERYTHING)


@contextmanager
def _forgetting_statements() -> Iterator[None]:
    """Keep psycopg from counting statements: it remembers the texts of a hundred, rows and all."""
    if connection.vendor != "postgresql":
        yield
        return
    database: Any = connection.connection
    threshold, database.prepare_threshold = database.prepare_threshold, None
    try:
        yield
    finally:
        database.prepare_threshold = threshold


def _empty() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (the name of our own table)


def _insert(model: Model, lines: Iterable[bytes]) -> Iterator[int]:
    remaining = iter(lines)
    fields = {field.attname: field for field in _fields(model)}
    columns = json.loads(next(remaining, b"null"))
    if not isinstance(columns, list) or set(columns) != set(fields):
        raise ValueError(f"{model._meta.label} has other columns in this backup.")
    ordered = [fields[column] for column in columns]
    size = min(ROWS_AT_ONCE, connection.ops.bulk_batch_size(ordered, [None] * ROWS_AT_ONCE))
    while batch := list(islice(remaining, size)):
        rows = [model(**_values(columns, ordered, line)) for line in batch]
        # Raw: every value is stored as it was, also the times that a save would set.
        model._base_manager.all()._insert(rows, fields=ordered, raw=True)  # type: ignore[attr-defined]
        yield len(rows)


def _values(columns: list[str], fields: list[Any], line: bytes) -> dict[str, Any]:
    row = json.loads(line)
    if not isinstance(row, list) or len(row) != len(columns):
        raise ValueError("A row of this backup has another number of values than columns.")
    return {
        column: value if isinstance(field, models.JSONField) else field.to_python(value)
        for column, field, value in zip(columns, fields, row, strict=True)
    }


def _continue_numbering() -> None:
    """Let new rows have numbers after those of the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def _fields(model: Model) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.GeneratedField)]


def _line(values: list[Any]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def _for_json(value: Any) -> Any:
    """Return a value as JSON holds it, the same for both databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.to_json() if hasattr(value, "to_json") else value
