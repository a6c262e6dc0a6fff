"""A migration operation that adds a column to a table, and leaves its triggers alone."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AddColumn(migrations.AddField):
    """Adds a field, as `AddField` does, but never by replacing the table.

    For a field that is not null, Django replaces the table on SQLite, and the triggers of its
    full-text index are lost. SQLite needs that only for a column without a constant `db_default`.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Add the column, and its indexes when the migration ends."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            if schema_editor.connection.vendor == "sqlite":
                BaseDatabaseSchemaEditor.add_field(schema_editor, model, field)
            else:
                schema_editor.add_field(model, field)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Remove the column, on SQLite after its indexes."""
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            if schema_editor.connection.vendor == "sqlite":
                for name in schema_editor._constraint_names(model, [field.column], index=True):
                    schema_editor.execute(schema_editor._delete_index_sql(model, name))
                BaseDatabaseSchemaEditor.remove_field(schema_editor, model, field)
            else:
                schema_editor.remove_field(model, field)
