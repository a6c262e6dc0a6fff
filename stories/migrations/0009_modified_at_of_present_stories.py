"""What readers see of the present stories last changed when they were last saved."""

from django.db import migrations
from django.db.models import F


def copy(apps, schema_editor):
    apps.get_model("stories", "Story").objects.update(modified_at=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("stories", "0008_modified_at")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
