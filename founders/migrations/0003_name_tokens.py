from django.db import migrations

from stories_project import full_text


class Migration(migrations.Migration):
    dependencies = [("founders", "0002_past_slugs")]

    operations = [
        migrations.AddField("founder", "name_tokens", full_text.TokensField(source="names")),
        full_text.create_index("founders_founder", "id", {"name_vector": {"name_tokens": "A"}}),
    ]
