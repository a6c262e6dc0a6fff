"""Until now the row of a story always was its newest revision: say so in each."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def point_to_the_newest(apps, schema_editor):
    Story = apps.get_model("stories", "Story")
    newest = apps.get_model("stories", "Revision").objects.filter(story=OuterRef("pk"))
    Story.objects.filter(live_revision=None).update(
        live_revision=Subquery(newest.order_by("-pk").values("pk")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("stories", "0006_tag_desk")]

    operations = [migrations.RunPython(point_to_the_newest, migrations.RunPython.noop)]
