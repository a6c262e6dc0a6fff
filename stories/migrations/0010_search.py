import django.db.models.deletion
from django.db import migrations, models

from stories_project.text import full_text

TRIGRAMS = {
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
NO_TRIGRAMS = {
    "postgresql": ["DROP INDEX stories_searchword_trigrams"],
    "sqlite": [
        "DROP TRIGGER IF EXISTS stories_searchword_insert",
        "DROP TRIGGER IF EXISTS stories_searchword_delete",
        "DROP TABLE stories_searchword_trigrams",
    ],
}


def add_trigrams(apps, schema_editor):
    for statement in TRIGRAMS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_trigrams(apps, schema_editor):
    for statement in NO_TRIGRAMS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("stories", "0009_modified_at_of_present_stories")]

    operations = [
        migrations.AddField("tag", "name_tokens", full_text.TokensField(source="name")),
        full_text.create_index("stories_tag", "id", {"name_vector": {"name_tokens": "A"}}),
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
        full_text.create_index(
            "stories_storysearch",
            "story_id",
            {
                "head": {"title": "A", "keys": "B", "summary": "C"},
                "whole": {"title": "A", "keys": "B", "summary": "C", "body": "D"},
            },
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
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
