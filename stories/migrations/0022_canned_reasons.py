"""Moderators edit the canned reasons, editors choose from them, and there are some to begin with."""

from django.db import migrations

CODENAMES = {
    "Moderator": ("view", "add", "change", "delete"),
    "Editor": ("view",),
}
REASONS = [
    (
        "No source",
        "We could not find a source for this. Send it again with one that we can look up.",
    ),
    ("Too little is known", "Too little is known about how they began. We will gladly look again."),
    ("Advertising", "This reads like advertising. We write about beginnings, not about products."),
    ("Private person", "They are not known to the public, so we do not write about them."),
    ("Known already", "We know this already. Thank you for taking the time."),
]


def allow(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="founders", model="cannedreason"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=CODENAMES):
        for action in CODENAMES[group.name]:
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_cannedreason",
                defaults={"name": f"Can {action} canned reason"},
            )
            group.permissions.add(permission)


def forbid(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects
    permissions.filter(content_type__app_label="founders", codename__contains="canned").delete()


def begin(apps, schema_editor):
    reason = apps.get_model("founders", "CannedReason")
    reason.objects.bulk_create(
        reason(name=name, text=text, position=place)
        for place, (name, text) in enumerate(REASONS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0021_claims"),
        ("founders", "0010_claims_and_canned_reasons"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(allow, forbid),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
