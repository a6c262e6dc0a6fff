"""Moderators edit companies and the years of founders in them; editors and writers see them."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
CODENAMES = {"Moderator": ALL, "Editor": ("view",), "Writer": ("view",)}


def allow(apps, schema_editor):
    for model in ("company", "venture"):
        content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="founders", model=model
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=CODENAMES):
            for action in CODENAMES[group.name]:
                permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {model}"},
                )
                group.permissions.add(permission)


def forbid(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects
    models = ("company", "venture")
    permissions.filter(content_type__app_label="founders", content_type__model__in=models).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0036_index_lives"),
        ("founders", "0015_companies"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(allow, forbid),
    ]
