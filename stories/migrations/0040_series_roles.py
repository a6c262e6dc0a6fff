"""Everybody at the desk sees series; editors keep them, as they keep the tags."""

from django.db import migrations

KEPT_BY = {
    "Writer": ("view",),
    "Moderator": ("view",),
    "Editor": ("view", "add", "change", "delete"),
}


def allow(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="stories", model="series"
    )
    for name, actions in KEPT_BY.items():
        for action in actions:
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_series",
                defaults={"name": f"Can {action} series"},
            )
            for group in apps.get_model("auth", "Group").objects.filter(name=name):
                group.permissions.add(permission)


def forbid(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects
    codenames = [f"{action}_series" for action in KEPT_BY["Editor"]]
    permissions.filter(content_type__app_label="stories", codename__in=codenames).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0039_series"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
