"""Validate the constraints of a row without asking the database about what Python knows."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.constraints import BaseConstraint

Constraints = list[tuple[type[models.Model], Sequence[BaseConstraint]]]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


class CheckedInPython(models.Model):
    """A model whose constraints are validated in Python, as far as they compare values of a row.

    Django asks the database about each check constraint, in a savepoint of its own. It still does
    so for each constraint that Python does not know to be met, and it words the errors.
    """

    class Meta:
        abstract = True

    def get_constraints(self) -> Constraints:
        """Return the constraints that Django must validate."""
        return [
            (model, [one for one in constraints if not _is_met(one, self)])
            for model, constraints in super().get_constraints()
        ]


def _is_met(constraint: BaseConstraint, row: models.Model) -> bool:
    """Whether a row certainly meets a constraint: a check, or a uniqueness of some other rows."""
    condition = getattr(constraint, "condition", None)
    if not condition:
        return False
    wanted = isinstance(constraint, CheckConstraint)
    try:
        return _holds(condition, row) is wanted
    except (KeyError, TypeError, AttributeError):
        return False


def _holds(condition: Q, row: models.Model) -> bool | None:
    """Return whether a condition holds for a row as in SQL, or None for a comparison with NULL.

    Raises KeyError, TypeError or AttributeError for what only the database can compare.
    """
    children: list[Any] = condition.children
    parts = [_holds(c, row) if isinstance(c, Q) else _compare(row, *c) for c in children]
    decisive = {Q.AND: False, Q.OR: True}[condition.connector]
    holds = decisive if decisive in parts else None if None in parts else not decisive
    return holds if holds is None or not condition.negated else not holds


def _compare(row: models.Model, lookup: str, value: Any) -> bool | None:
    name, _, comparison = lookup.partition("__")
    left = getattr(row, name)
    is_column = isinstance(value, F)
    right = getattr(row, value.name) if is_column else value
    if comparison == "isnull" or value is None:
        return (left is None) is (value is not False)
    if left is None or right is None:
        return None
    return OPERATORS[comparison](left, right)
