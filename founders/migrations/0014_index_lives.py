"""The lives of founders in the order of their births, by century and by place."""

from django.db import migrations, models

from stories_project.indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("founders", "0013_sort_names_of_present_founders"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="founder",
            index=models.Index(
                fields=["status", "birth_year", "id", "birthplace"], name="founder_lives"
            ),
        ),
    ]
