"""Rows that are added and never changed."""

from typing import Any

from django.db import models


class AppendOnly(models.Model):
    """A model whose rows are never edited; `refusal` is the error message for an attempt."""

    refusal = "This row is never edited."

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; raise TypeError if it is stored already."""
        if not self._state.adding:
            raise TypeError(self.refusal)
        super().save(*args, **kwargs)
