"""Pictures, where they are used, and the full-text index of what is said about them.

The SQL of the index stands here, so that it never changes.
"""

from functools import partial

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import stories_project.text.full_text_index

CREATE_INDEX = {
    "postgresql": [
        "ALTER TABLE library_storedpicture ADD COLUMN words_vector tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED",
        "CREATE INDEX library_storedpicture_words_vector ON library_storedpicture "
        "USING gin (words_vector)",
        # With fewer statistics, the planner expects too many rows for a rare word, and reads all.
        "ALTER TABLE library_storedpicture ALTER COLUMN words_vector SET STATISTICS 1000",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE library_storedpicture_words USING fts5(tokens, "
        "content='library_storedpicture', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
        "CREATE TRIGGER library_storedpicture_words_insert AFTER INSERT ON library_storedpicture "
        "BEGIN INSERT INTO library_storedpicture_words (rowid, tokens) "
        "VALUES (new.id, new.tokens); END",
        "CREATE TRIGGER library_storedpicture_words_delete AFTER DELETE ON library_storedpicture "
        "BEGIN INSERT INTO library_storedpicture_words (library_storedpicture_words, rowid, tokens)"
        " VALUES ('delete', old.id, old.tokens); END",
        "CREATE TRIGGER library_storedpicture_words_update AFTER UPDATE ON library_storedpicture "
        "WHEN old.tokens IS NOT new.tokens BEGIN "
        "INSERT INTO library_storedpicture_words (library_storedpicture_words, rowid, tokens) "
        "VALUES ('delete', old.id, old.tokens); "
        "INSERT INTO library_storedpicture_words (rowid, tokens) "
        "VALUES (new.id, new.tokens); END",
    ],
}
DROP_INDEX = {
    "postgresql": ["ALTER TABLE library_storedpicture DROP COLUMN words_vector"],
    "sqlite": [
        "DROP TRIGGER IF EXISTS library_storedpicture_words_insert",
        "DROP TRIGGER IF EXISTS library_storedpicture_words_delete",
        "DROP TRIGGER IF EXISTS library_storedpicture_words_update",
        "DROP TABLE library_storedpicture_words",
    ],
}


def execute(statements, apps, schema_editor):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=200, unique=True)),
                ("folder", models.CharField(editable=False, max_length=20)),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                ("bytes", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "uploaded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "last_uploaded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("credit", models.CharField(blank=True, max_length=200, verbose_name="credit")),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "Own work"),
                            ("public-domain", "Public domain"),
                            ("cc0", "Creative Commons Zero (CC0)"),
                            ("cc-by", "Creative Commons Attribution (CC BY)"),
                            ("cc-by-sa", "Creative Commons Attribution-ShareAlike (CC BY-SA)"),
                            ("permitted", "Used with permission"),
                            ("licensed", "Licensed from an agency"),
                            ("other", "Other: see the note"),
                        ],
                        max_length=20,
                        verbose_name="licence",
                    ),
                ),
                (
                    "licence_note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="note on the licence"
                    ),
                ),
                (
                    "source_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="source",
                    ),
                ),
                ("focus", models.CharField(blank=True, default="", max_length=7)),
                ("tokens", stories_project.text.full_text_index.TokensField(source="words")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
            },
        ),
        migrations.CreateModel(
            name="Indexed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=20, unique=True)),
                ("key", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PictureUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("story", "Story"),
                            ("founder", "Founder"),
                            ("publication", "Publication"),
                        ],
                        max_length=12,
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("cover", "Cover"),
                            ("text", "Text"),
                            ("portrait", "Portrait"),
                            ("look", "Logo, icon or share picture"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_live", models.BooleanField(default=False)),
                ("is_working", models.BooleanField(default=False)),
                (
                    "picture",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="library.storedpicture",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="storedpicture",
            index=models.Index(fields=["uploaded_by", "-id"], name="picture_by_uploader"),
        ),
        migrations.AddIndex(
            model_name="storedpicture",
            index=models.Index(fields=["folder", "-id"], name="picture_in_folder"),
        ),
        migrations.AddIndex(
            model_name="storedpicture",
            index=models.Index(
                condition=models.Q(("alt", "")), fields=["-id"], name="picture_without_alt"
            ),
        ),
        migrations.AddIndex(
            model_name="storedpicture",
            index=models.Index(
                condition=models.Q(("credit", ""), ("licence", ""), _connector="OR"),
                fields=["-id"],
                name="picture_without_rights",
            ),
        ),
        migrations.AddIndex(
            model_name="pictureuse",
            index=models.Index(
                fields=["picture", "-is_live", "-is_working", "-id"], name="picture_used"
            ),
        ),
        migrations.AddConstraint(
            model_name="pictureuse",
            constraint=models.UniqueConstraint(
                fields=("kind", "key", "picture", "place"), name="picture_use_once"
            ),
        ),
        migrations.RunPython(partial(execute, CREATE_INDEX), partial(execute, DROP_INDEX)),
    ]
