from functools import partial

import django.utils.timezone
from django.db import migrations, models

import stories_project.text.folding

# The database itself refuses to change an entry. Old ones may be deleted.
REFUSE_UPDATES = {
    "postgresql": [
        """CREATE FUNCTION audit_entry_is_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'An entry of the audit log is never edited.'; END $$""",
        """CREATE TRIGGER audit_entry_is_never_edited BEFORE UPDATE ON audit_auditentry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_is_never_edited()""",
    ],
    "sqlite": [
        """CREATE TRIGGER audit_entry_is_never_edited BEFORE UPDATE ON audit_auditentry
        BEGIN SELECT RAISE(ABORT, 'An entry of the audit log is never edited.'); END""",
    ],
}
ALLOW_UPDATES = {
    "postgresql": [
        "DROP TRIGGER audit_entry_is_never_edited ON audit_auditentry",
        "DROP FUNCTION audit_entry_is_never_edited",
    ],
    "sqlite": ["DROP TRIGGER audit_entry_is_never_edited"],
}


def execute(statements, apps, schema_editor):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign-in", "Sign-ins"),
                            ("account", "Accounts and permissions"),
                            ("founder", "Founders"),
                            ("suggestion", "Suggestions"),
                            ("story", "Stories"),
                            ("link", "Private links"),
                            ("tag", "Tags"),
                            ("export", "Exports"),
                            ("purge", "Purges and erasures"),
                        ],
                        max_length=10,
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=150)),
                ("what", models.CharField(max_length=200)),
                ("target", models.CharField(blank=True, max_length=250, verbose_name="to what")),
                ("target_key", models.CharField(blank=True, max_length=60)),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="from where")),
                ("reason", models.TextField(blank=True)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("folded_who", stories_project.text.folding.FoldedField(source="who")),
                ("folded_target", stories_project.text.folding.FoldedField(source="target")),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(fields=["kind", "-id"], name="audit_kind"),
                    models.Index(fields=["target_key", "-id"], name="audit_target"),
                    models.Index(fields=["address", "-id"], name="audit_address"),
                ],
            },
        ),
        migrations.RunPython(partial(execute, REFUSE_UPDATES), partial(execute, ALLOW_UPDATES)),
    ]
