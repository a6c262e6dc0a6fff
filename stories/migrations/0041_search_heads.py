"""An index of title, people, tags and summaries alone, for searches in these on SQLite.

In the index of whole texts, FTS5 looks at every story that has a word, to find those that have it in
the title. On PostgreSQL, the column `head` has its index already.
"""

from functools import partial

from django.db import migrations

CREATE_INDEX = {
    "postgresql": [],
    "sqlite": [
        "CREATE VIRTUAL TABLE stories_storysearch_head_words USING fts5(title, keys, summary, "
        "content='stories_storysearch', content_rowid='story_id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
        "INSERT INTO stories_storysearch_head_words (stories_storysearch_head_words) VALUES ('rebuild')",
        "CREATE TRIGGER stories_storysearch_head_insert AFTER INSERT ON stories_storysearch BEGIN "
        "INSERT INTO stories_storysearch_head_words (rowid, title, keys, summary) "
        "VALUES (new.story_id, new.title, new.keys, new.summary); END",
        "CREATE TRIGGER stories_storysearch_head_delete AFTER DELETE ON stories_storysearch BEGIN "
        "INSERT INTO stories_storysearch_head_words "
        "(stories_storysearch_head_words, rowid, title, keys, summary) "
        "VALUES ('delete', old.story_id, old.title, old.keys, old.summary); END",
        "CREATE TRIGGER stories_storysearch_head_update AFTER UPDATE ON stories_storysearch "
        "WHEN old.title IS NOT new.title OR old.keys IS NOT new.keys "
        "OR old.summary IS NOT new.summary BEGIN "
        "INSERT INTO stories_storysearch_head_words "
        "(stories_storysearch_head_words, rowid, title, keys, summary) "
        "VALUES ('delete', old.story_id, old.title, old.keys, old.summary); "
        "INSERT INTO stories_storysearch_head_words (rowid, title, keys, summary) "
        "VALUES (new.story_id, new.title, new.keys, new.summary); END",
    ],
}
DROP_INDEX = {
    "postgresql": [],
    "sqlite": [
        "DROP TRIGGER IF EXISTS stories_storysearch_head_insert",
        "DROP TRIGGER IF EXISTS stories_storysearch_head_delete",
        "DROP TRIGGER IF EXISTS stories_storysearch_head_update",
        "DROP TABLE stories_storysearch_head_words",
    ],
}


def execute(statements, apps, schema_editor):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("stories", "0040_series_roles")]

    operations = [
        migrations.RunPython(partial(execute, CREATE_INDEX), partial(execute, DROP_INDEX)),
    ]
