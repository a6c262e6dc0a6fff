"""Writer, Editor and Moderator: who may do what at the desk."""

from django.db import migrations

VIEW_ALL = [
    "founders.view_founder",
    "founders.view_decision",
    "stories.view_story",
    "stories.view_tag",
]
WRITE = [
    *VIEW_ALL,
    *["founders.add_founder", "founders.change_founder"],
    *["stories.add_story", "stories.change_story"],
]
ROLES = {
    "Writer": WRITE,
    "Editor": [
        *WRITE,
        *["stories.delete_story", "stories.publish_story"],
        *["stories.add_tag", "stories.change_tag", "stories.delete_tag"],
    ],
    "Moderator": [
        *VIEW_ALL,
        *["founders.add_founder", "founders.change_founder", "founders.delete_founder"],
        "founders.moderate_founder",
    ],
}


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, label) for label in permissions))


def permission(apps, label):
    """Return a permission that Django itself would only make after the last migration."""
    app_label, codename = label.split(".")
    action, model = codename.split("_")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    names = {
        "publish_story": "Can publish, schedule and withdraw stories",
        "moderate_founder": "Can approve, reject and hide founders",
    }
    made, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": names.get(codename, f"Can {action} {model}")},
    )
    return made


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0001_initial"),
        ("founders", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
