"""Names of models and fields for people. Migrations do not store them, so they can be translated.

What stands in the declaration of a model or a field is stored in a migration. Django derives what
is missing there from the name in the code; here it gets a translated one.
"""

from typing import Any

from django.db.models import Model


def name_model(model: type[Model], one: Any, many: Any) -> None:
    """Set what one row and several rows of a model are called."""
    model._meta.verbose_name, model._meta.verbose_name_plural = one, many


def name_fields(model: type[Model], **names: Any) -> None:
    """Set what fields of a model are called."""
    for field, name in names.items():
        found: Any = model._meta.get_field(field)
        found.verbose_name = name
