"""Moderators and editors see the queue of suggestions; who decides what is in the model."""

from django.db import migrations

CODENAMES = ("view_suggestion", "change_suggestion")
GROUPS = ("Moderator", "Editor")


def allow(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="stories", model="suggestion"
    )
    for codename in CODENAMES:
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=codename,
            defaults={"name": f"Can {codename.replace('_', ' ')}"},
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
            group.permissions.add(permission)


def forbid(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects
    permissions.filter(content_type__app_label="stories", codename__in=CODENAMES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0013_suggestions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
