"""Limits that only forms check. The database has nothing to do.

On SQLite, Django would replace the table nevertheless, and its search triggers would be lost.
"""

import markdownx.models
from django.db import migrations, models

import founders.models.founder


class Migration(migrations.Migration):
    dependencies = [("founders", "0005_protect_decisions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "founder",
                    "biography",
                    markdownx.models.MarkdownxField(blank=True, max_length=50000),
                ),
                migrations.AlterField(
                    "founder",
                    "links",
                    models.TextField(
                        blank=True,
                        help_text="Web addresses about them, one a line.",
                        max_length=5000,
                        validators=[founders.models.founder.validate_links],
                    ),
                ),
            ]
        )
    ]
