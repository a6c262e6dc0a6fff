"""The stories of a founder along the life, in the order of one index."""

from django.db import migrations, models

from stories_project.indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("stories", "0035_told_years"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="storyfounder",
            index=models.Index(
                fields=["founder", "told_order", "publish_at", "story", "unpublish_at"],
                name="story_founder_life",
            ),
        ),
    ]
