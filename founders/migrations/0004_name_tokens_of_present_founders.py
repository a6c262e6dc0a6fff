from django.db import migrations

from founders.migrations._words import tokens_in


def fill(apps, schema_editor):
    founders = apps.get_model("founders", "Founder").objects
    for founder in founders.only("name", "native_name", "company").iterator():
        names = f"{founder.name} {founder.native_name} {founder.company}"
        founders.filter(pk=founder.pk).update(name_tokens=tokens_in(names))


class Migration(migrations.Migration):
    dependencies = [("founders", "0003_name_tokens")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
