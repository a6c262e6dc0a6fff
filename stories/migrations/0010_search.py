"""The search: full-text indexes of tags and stories, and the words that a misspelt one may mean.

Their SQL stands here, so that it never changes.
"""

from functools import partial

import django.db.models.deletion
from django.db import migrations, models

from stories_project.text.full_text_index import TokensField

CREATE_TAG_INDEX = {
    "postgresql": [
        "ALTER TABLE stories_tag ADD COLUMN name_vector tsvector "
        "GENERATED ALWAYS AS (setweight(to_tsvector('simple', name_tokens), 'A')) STORED",
        "CREATE INDEX stories_tag_name_vector ON stories_tag USING gin (name_vector)",
        # With fewer statistics, the planner expects too many rows for a rare word, and reads all.
        "ALTER TABLE stories_tag ALTER COLUMN name_vector SET STATISTICS 1000",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE stories_tag_words USING fts5(name_tokens, "
        "content='stories_tag', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
        "INSERT INTO stories_tag_words (stories_tag_words) VALUES ('rebuild')",
        "CREATE TRIGGER stories_tag_words_insert AFTER INSERT ON stories_tag BEGIN "
        "INSERT INTO stories_tag_words (rowid, name_tokens) VALUES (new.id, new.name_tokens); END",
        "CREATE TRIGGER stories_tag_words_delete AFTER DELETE ON stories_tag BEGIN "
        "INSERT INTO stories_tag_words (stories_tag_words, rowid, name_tokens) "
        "VALUES ('delete', old.id, old.name_tokens); END",
        "CREATE TRIGGER stories_tag_words_update AFTER UPDATE ON stories_tag "
        "WHEN old.name_tokens IS NOT new.name_tokens BEGIN "
        "INSERT INTO stories_tag_words (stories_tag_words, rowid, name_tokens) "
        "VALUES ('delete', old.id, old.name_tokens); "
        "INSERT INTO stories_tag_words (rowid, name_tokens) VALUES (new.id, new.name_tokens); END",
    ],
}
DROP_TAG_INDEX = {
    "postgresql": ["ALTER TABLE stories_tag DROP COLUMN name_vector"],
    "sqlite": [
        "DROP TRIGGER IF EXISTS stories_tag_words_insert",
        "DROP TRIGGER IF EXISTS stories_tag_words_delete",
        "DROP TRIGGER IF EXISTS stories_tag_words_update",
        "DROP TABLE stories_tag_words",
    ],
}
CREATE_STORY_INDEX = {
    "postgresql": [
        "ALTER TABLE stories_storysearch ADD COLUMN head tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title), 'A') "
        "|| setweight(to_tsvector('simple', keys), 'B') "
        "|| setweight(to_tsvector('simple', summary), 'C')) STORED",
        "CREATE INDEX stories_storysearch_head ON stories_storysearch USING gin (head)",
        "ALTER TABLE stories_storysearch ALTER COLUMN head SET STATISTICS 1000",
        "ALTER TABLE stories_storysearch ADD COLUMN whole tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title), 'A') "
        "|| setweight(to_tsvector('simple', keys), 'B') "
        "|| setweight(to_tsvector('simple', summary), 'C') "
        "|| setweight(to_tsvector('simple', body), 'D')) STORED",
        "CREATE INDEX stories_storysearch_whole ON stories_storysearch USING gin (whole)",
        "ALTER TABLE stories_storysearch ALTER COLUMN whole SET STATISTICS 1000",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE stories_storysearch_words USING fts5(title, keys, summary, body, "
        "content='stories_storysearch', content_rowid='story_id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
        "INSERT INTO stories_storysearch_words (stories_storysearch_words) VALUES ('rebuild')",
        "CREATE TRIGGER stories_storysearch_words_insert AFTER INSERT ON stories_storysearch BEGIN "
        "INSERT INTO stories_storysearch_words (rowid, title, keys, summary, body) "
        "VALUES (new.story_id, new.title, new.keys, new.summary, new.body); END",
        "CREATE TRIGGER stories_storysearch_words_delete AFTER DELETE ON stories_storysearch BEGIN "
        "INSERT INTO stories_storysearch_words "
        "(stories_storysearch_words, rowid, title, keys, summary, body) "
        "VALUES ('delete', old.story_id, old.title, old.keys, old.summary, old.body); END",
        "CREATE TRIGGER stories_storysearch_words_update AFTER UPDATE ON stories_storysearch "
        "WHEN old.title IS NOT new.title OR old.keys IS NOT new.keys "
        "OR old.summary IS NOT new.summary OR old.body IS NOT new.body BEGIN "
        "INSERT INTO stories_storysearch_words "
        "(stories_storysearch_words, rowid, title, keys, summary, body) "
        "VALUES ('delete', old.story_id, old.title, old.keys, old.summary, old.body); "
        "INSERT INTO stories_storysearch_words (rowid, title, keys, summary, body) "
        "VALUES (new.story_id, new.title, new.keys, new.summary, new.body); END",
    ],
}
DROP_STORY_INDEX = {
    "postgresql": [
        "ALTER TABLE stories_storysearch DROP COLUMN head",
        "ALTER TABLE stories_storysearch DROP COLUMN whole",
    ],
    "sqlite": [
        "DROP TRIGGER IF EXISTS stories_storysearch_words_insert",
        "DROP TRIGGER IF EXISTS stories_storysearch_words_delete",
        "DROP TRIGGER IF EXISTS stories_storysearch_words_update",
        "DROP TABLE stories_storysearch_words",
    ],
}
CREATE_TRIGRAMS = {
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX stories_searchword_trigrams ON stories_searchword USING gin (word gin_trgm_ops)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE stories_searchword_trigrams USING fts5(word, tokenize='trigram')",
        "CREATE TRIGGER stories_searchword_insert AFTER INSERT ON stories_searchword BEGIN "
        "INSERT INTO stories_searchword_trigrams (word) VALUES ('  ' || new.word || ' '); END",
        "CREATE TRIGGER stories_searchword_delete AFTER DELETE ON stories_searchword BEGIN "
        "DELETE FROM stories_searchword_trigrams "
        "WHERE stories_searchword_trigrams MATCH '\"  ' || old.word || ' \"'; END",
    ],
}
DROP_TRIGRAMS = {
    "postgresql": ["DROP INDEX stories_searchword_trigrams"],
    "sqlite": [
        "DROP TRIGGER IF EXISTS stories_searchword_insert",
        "DROP TRIGGER IF EXISTS stories_searchword_delete",
        "DROP TABLE stories_searchword_trigrams",
    ],
}


def execute(statements, apps, schema_editor):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("stories", "0009_modified_at_of_present_stories")]

    operations = [
        migrations.AddField("tag", "name_tokens", TokensField(source="name")),
        migrations.RunPython(partial(execute, CREATE_TAG_INDEX), partial(execute, DROP_TAG_INDEX)),
        migrations.CreateModel(
            "StorySearch",
            fields=[
                ("publish_at", models.DateTimeField(editable=False, null=True)),
                ("unpublish_at", models.DateTimeField(editable=False, null=True)),
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="stories.story",
                    ),
                ),
                ("title", models.TextField()),
                ("keys", models.TextField()),
                ("summary", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["-publish_at", "-story", "unpublish_at"],
                        name="story_search_newest",
                    )
                ],
            },
        ),
        migrations.RunPython(
            partial(execute, CREATE_STORY_INDEX), partial(execute, DROP_STORY_INDEX)
        ),
        migrations.CreateModel(
            "SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.RunPython(partial(execute, CREATE_TRIGRAMS), partial(execute, DROP_TRIGRAMS)),
    ]
