from django.db import migrations, models

from stories_project.text import full_text


class Migration(migrations.Migration):
    dependencies = [("founders", "0002_past_slugs")]

    operations = [
        # Before the index: SQLite makes the table anew for it.
        migrations.AddField(
            "founder",
            "portrait_focus",
            models.CharField(blank=True, db_default="", max_length=7),
        ),
        migrations.AddField("founder", "name_tokens", full_text.TokensField(source="names")),
        full_text.create_index("founders_founder", "id", {"name_vector": {"name_tokens": "A"}}),
    ]
