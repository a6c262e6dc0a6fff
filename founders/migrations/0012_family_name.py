from django.db import migrations, models

from stories_project.add_column import AddColumn
from stories_project.text.folding import FoldedField, LetterField


class Migration(migrations.Migration):
    dependencies = [("founders", "0011_erased_at")]

    operations = [
        AddColumn(
            "founder",
            "family_name",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text=(
                    "As it stands in the name: Byron for Ada Byron, 豊田 for 豊田 佐吉. The directory is"
                    " sorted by it; without one, by the whole name."
                ),
                max_length=200,
            ),
        ),
        AddColumn(
            "founder",
            "folded_sort_name",
            FoldedField(db_default="", default="", source="sort_name"),
        ),
        AddColumn("founder", "letter", LetterField(source="sort_name")),
        migrations.AddIndex(
            "founder",
            models.Index(
                *map(models.F, ("status", "letter", "folded_sort_name", "folded_name", "id")),
                name="founder_by_family_name",
            ),
        ),
    ]
