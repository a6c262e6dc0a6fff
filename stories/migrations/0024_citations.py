"""The text cites sources by their keys, and links that lead nowhere are noted."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0023_consent"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeadLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=1000)),
                ("is_gone", models.BooleanField()),
                ("failure", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
            ],
            options={
                "verbose_name": "dead link",
                "verbose_name_plural": "dead links",
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="link_check",
                        serialize=False,
                        to="stories.story",
                    ),
                ),
                ("due_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="source",
            name="key",
            field=models.CharField(
                blank=True,
                db_default="",
                max_length=40,
                validators=[django.core.validators.RegexValidator("^[^\\W_][\\w-]{0,39}\\Z")],
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="number",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("story", "key"),
                name="source_key_once",
                violation_error_message="Two sources have the same key.",
            ),
        ),
        migrations.AddField(
            model_name="deadlink",
            name="story",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dead_links",
                to="stories.story",
            ),
        ),
        migrations.AddIndex(
            model_name="deadlink",
            index=models.Index(fields=["story"], name="dead_link_of_story"),
        ),
        migrations.AddIndex(
            model_name="deadlink",
            index=models.Index(fields=["-since", "-id"], name="dead_link_newest"),
        ),
    ]
