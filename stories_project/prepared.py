"""Queries whose SQL is written once in each process, and run with other values each time.

Building a queryset and writing its SQL takes Django longer than the database needs to answer it. A
page pays that for each of its queries, whenever it is rendered.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any, Generic, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import BigIntegerField, Expression, ExpressionWrapper, F, Field, QuerySet
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

from stories_project.page_cache.surrogate_keys import collecting, note

Row = TypeVar("Row")


class Parameter(Expression):
    """The place of a value in a prepared query: of argument `name`, or of one item of its list."""

    def __init__(self, name: str, field: Field, index: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.index = index

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Return a placeholder, with the Parameter itself where the value will stand."""
        return "%s", [self]

    def value_in(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """Return the value for this place among the arguments of a call, as it is stored."""
        value = values[self.name] if self.index is None else values[self.name][self.index]
        return self.output_field.get_db_prep_value(value, connection)


def key_in(field: str, keys: Sequence[Parameter]) -> In:
    """Return the condition that a foreign key, such as "story_id", is one of these keys.

    In place of `story__in=keys`, which compares with numbers only.
    """
    return In(ExpressionWrapper(F(field), BigIntegerField()), keys)


class Statement:
    """The SQL of a queryset with Parameters, and how its rows become objects."""

    def __init__(self, queryset: QuerySet) -> None:
        self.rows_of: Any = queryset._iterable_class
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = self.compiler.as_sql()
        self.converters: dict[int, Any] | None = None

    def run(self, values: dict[str, Any]) -> Iterator[Any]:
        """Return what the queryset would return with these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        arguments = [
            place.value_in(values, connection) if isinstance(place, Parameter) else place
            for place in self.parameters
        ]
        with preparing_cursor() as cursor:
            cursor.execute(self.sql, arguments)
            rows = cursor.fetchall()
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        compiler.get_converters = self._converters_of
        return iter(self.rows_of(_Source(compiler)))

    def _converters_of(self, columns: Any) -> dict[int, Any]:
        """Return {number of a column: how its values become Python's}; the columns never change."""
        if self.converters is None:
            self.converters = self.compiler.get_converters(columns)
        return self.converters


def preparing_cursor() -> CursorWrapper:
    """Return a cursor for SQL that is run again and again with other values.

    PostgreSQL then plans it once in each connection, which otherwise takes half of its time. That
    is right for rows that are found by their keys. It is wrong where the best plan depends on a
    value, such as a status that almost all rows have.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql import base

    connection.ensure_connection()
    cursor: Any = base.ServerBindingCursor
    return connection._prepare_cursor(cursor(connection.connection))


class _Source:
    """What Django's iterables ask of a queryset, and of its query."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Field, Any] = {}

    def __init__(self, compiler: SQLCompiler) -> None:
        self.compiler = compiler

    @property
    def query(self) -> Self:
        """Return what stands for the query too."""
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        """Return the compiler that knows the SQL and its arguments."""
        return self.compiler


class Prepared(Generic[Row]):
    """A query that is declared like any other, by a function that returns a queryset.

    `fields` are its arguments by name, each with the model field of its values. The function gets
    a Parameter for each, or a list of them for an argument that is a list; the SQL is written once
    for each length. It must not decide anything by them. It notes only surrogate keys that do not
    depend on them, and prefetches nothing.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **fields: Field) -> None:
        self.build = build
        self.fields = fields
        self._statements: dict[tuple[int | None, ...], tuple[Statement, set[str]]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """Return the rows for these values."""
        lengths = tuple(_length(values[name]) for name in self.fields)
        if lengths not in self._statements:
            self._statements[lengths] = self._write(lengths)
        statement, keys = self._statements[lengths]
        note(*keys)
        return list(statement.run(values))

    def _write(self, lengths: tuple[int | None, ...]) -> tuple[Statement, set[str]]:
        parameters = {
            name: Parameter(name, field)
            if length is None
            else [Parameter(name, field, index) for index in range(length)]
            for (name, field), length in zip(self.fields.items(), lengths, strict=True)
        }
        with collecting() as page:
            queryset = self.build(**parameters)
        return Statement(queryset), page.shown


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else None
