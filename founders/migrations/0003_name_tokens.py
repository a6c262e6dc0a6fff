"""The full-text index of the founders' names. Its SQL stands here, so that it never changes."""

from functools import partial

from django.db import migrations, models

from stories_project.text.full_text_index import TokensField

CREATE_INDEX = {
    "postgresql": [
        "ALTER TABLE founders_founder ADD COLUMN name_vector tsvector "
        "GENERATED ALWAYS AS (setweight(to_tsvector('simple', name_tokens), 'A')) STORED",
        "CREATE INDEX founders_founder_name_vector ON founders_founder USING gin (name_vector)",
        # With fewer statistics, the planner expects too many rows for a rare word, and reads all.
        "ALTER TABLE founders_founder ALTER COLUMN name_vector SET STATISTICS 1000",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE founders_founder_words USING fts5(name_tokens, "
        "content='founders_founder', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
        "INSERT INTO founders_founder_words (founders_founder_words) VALUES ('rebuild')",
        "CREATE TRIGGER founders_founder_words_insert AFTER INSERT ON founders_founder BEGIN "
        "INSERT INTO founders_founder_words (rowid, name_tokens) "
        "VALUES (new.id, new.name_tokens); END",
        "CREATE TRIGGER founders_founder_words_delete AFTER DELETE ON founders_founder BEGIN "
        "INSERT INTO founders_founder_words (founders_founder_words, rowid, name_tokens) "
        "VALUES ('delete', old.id, old.name_tokens); END",
        "CREATE TRIGGER founders_founder_words_update AFTER UPDATE ON founders_founder "
        "WHEN old.name_tokens IS NOT new.name_tokens BEGIN "
        "INSERT INTO founders_founder_words (founders_founder_words, rowid, name_tokens) "
        "VALUES ('delete', old.id, old.name_tokens); "
        "INSERT INTO founders_founder_words (rowid, name_tokens) "
        "VALUES (new.id, new.name_tokens); END",
    ],
}
DROP_INDEX = {
    "postgresql": ["ALTER TABLE founders_founder DROP COLUMN name_vector"],
    "sqlite": [
        "DROP TRIGGER IF EXISTS founders_founder_words_insert",
        "DROP TRIGGER IF EXISTS founders_founder_words_delete",
        "DROP TRIGGER IF EXISTS founders_founder_words_update",
        "DROP TABLE founders_founder_words",
    ],
}


def execute(statements, apps, schema_editor):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("founders", "0002_past_slugs")]

    operations = [
        # Before the index: for this column, SQLite replaces the table, and its triggers are lost.
        migrations.AddField(
            "founder",
            "portrait_focus",
            models.CharField(blank=True, db_default="", max_length=7),
        ),
        migrations.AddField("founder", "name_tokens", TokensField(source="names")),
        migrations.RunPython(partial(execute, CREATE_INDEX), partial(execute, DROP_INDEX)),
    ]
