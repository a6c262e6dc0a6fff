import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0033_popularity_of_present_tags")]

    operations = [
        migrations.CreateModel(
            name="StartHere",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="why")),
                (
                    "story",
                    models.OneToOneField(
                        error_messages={"unique": "This story is here already."},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="start_here",
                        to="stories.story",
                    ),
                ),
            ],
            options={"ordering": ["position", "pk"]},
        ),
    ]
