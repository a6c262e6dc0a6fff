from django.db import migrations, models

from stories_project.add_column import AddColumn


class Migration(migrations.Migration):
    dependencies = [("stories", "0031_followers")]

    operations = [
        AddColumn(
            "tag", "popularity", models.IntegerField(db_default=0, default=0, editable=False)
        ),
        migrations.AddIndex(
            "tag",
            models.Index(
                fields=["-popularity", "folded_name", "id"],
                name="tag_most_used",
            ),
        ),
    ]
