"""The years that a story tells of, and with each of its founders its place in that life."""

from typing import Any

import django.core.validators
from django.db import migrations, models

import stories_project.text.years

YEAR: list[Any] = [
    stories_project.text.years.validate_year,
    django.core.validators.MaxValueValidator(2100),
]


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0034_start_here"),
    ]

    operations = [
        migrations.AddField(
            model_name="story",
            name="told_from",
            field=models.SmallIntegerField(
                blank=True, null=True, validators=YEAR, verbose_name="told from"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="told_to",
            field=models.SmallIntegerField(
                blank=True, null=True, validators=YEAR, verbose_name="told to"
            ),
        ),
        migrations.AddField(
            model_name="storyfounder",
            name="told_order",
            field=models.SmallIntegerField(db_default=32767, default=32767, editable=False),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_to", None),
                    models.Q(("told_from__isnull", False), ("told_to__gte", models.F("told_from"))),
                    _connector="OR",
                ),
                name="story_told_forwards",
                violation_error_message="The last year of what the story tells is not before the"
                " first one: give both, or only the first.",
            ),
        ),
    ]
