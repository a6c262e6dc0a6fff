from typing import Any

from django.db import models
from django.db.models.functions import Now


class CurrentTransaction(models.Func):
    """The number of the transaction that writes the row. SQLite has no such number: it is 0."""

    output_field = models.BigIntegerField()

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        """Return SQL for SQLite."""
        return "0", []

    def as_postgresql(self, *args: Any, **kwargs: Any) -> Any:
        """Return SQL for PostgreSQL."""
        return "(pg_current_xact_id()::text::bigint)", []


class Change(models.Model):
    """A change that readers can see, as the surrogate keys of the pages that show it."""

    keys = models.TextField()
    at = models.DateTimeField(db_default=Now(), db_index=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)

    def __str__(self) -> str:
        return self.keys
