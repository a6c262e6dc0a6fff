"""Validate the constraints of a row with fewer queries than Django makes."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models import CheckConstraint, Q, Value
from django.db.models.constraints import BaseConstraint

Constraints = list[tuple[type[models.Model], Sequence[BaseConstraint]]]


class CheckedInOneQuery(models.Model):
    """A model whose check constraints are validated in one query, if the row meets them all.

    Django asks the database about each of them, in a savepoint of its own. If the row breaks one,
    Django finds out which.
    """

    class Meta:
        abstract = True

    def get_constraints(self) -> Constraints:
        """Return the constraints that Django must validate one by one.

        A unique constraint for some rows only is among them if this row is one of these.
        """
        constraints = super().get_constraints()
        at_once = [c for _, some in constraints for c in some if _condition_of(c)]
        if not self._meets(Q(*map(_condition_of, at_once))):
            return constraints
        return [(model, [c for c in some if c not in at_once]) for model, some in constraints]

    def _meets(self, condition: Q) -> bool:
        """Whether the values of this row meet a condition; not if one has a wrong type."""
        values: dict[str, Any] = {
            field.name: Value(getattr(self, field.attname), field)
            for field in self._meta.concrete_fields
            if field.name in condition.referenced_base_fields
        }
        try:
            return condition.check(values, using=router.db_for_write(type(self), instance=self))
        except (TypeError, ValueError, ValidationError):
            return False


def _condition_of(constraint: BaseConstraint) -> Q | None:
    """Return the condition under which a row meets a constraint, if it says so without a query."""
    if isinstance(constraint, CheckConstraint):
        return Q(constraint.condition)
    condition = getattr(constraint, "condition", None)
    return ~Q(condition) if condition else None
