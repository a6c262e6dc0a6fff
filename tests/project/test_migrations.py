"""Migrations are safe while the previous release serves: it still reads and writes the tables.

A column is removed, renamed or made stricter only one release after the code has stopped to use it.
What the linter refuses and is safe all the same has `IgnoreMigration()` among its operations, with
the reason.
"""

import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django_migration_linter import MigrationLinter

ROOT = Path(__file__).parents[2]
OURS = ("stories", "founders")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "postgres" not in settings.DATABASES["default"]["ENGINE"],
        reason="SQLite writes whole tables anew: its SQL says little",
    ),
]


def last_release():
    """Return the commit of the last release."""
    command = ["git", "log", "--perl-regexp", r"--grep=^Release \d+\.\d+\.\d+$", "--format=%H"]
    found = subprocess.run([*command, "-1"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if not found.stdout.strip():
        pytest.skip("the history has no release")
    return found.stdout.strip()


def linter():
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith(OURS)]
    return MigrationLinter(str(ROOT), include_apps=ours, no_cache=True, quiet=["ok"])


class EveryMigration:
    # The linter leaves the pipes of git to the garbage collector.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_since_the_last_release_is_safe_while_it_serves(self, capsys):
        checked = linter()
        checked.lint_all_migrations(git_commit_id=last_release())
        assert not checked.has_errors, capsys.readouterr().out


class AMigration:
    @pytest.mark.parametrize(
        ("operation", "sentence"),
        [
            (migrations.RemoveField("story", "byline"), "DROPPING columns"),
            (migrations.RenameField("story", "byline", "signed"), "RENAMING columns"),
            (migrations.DeleteModel("CalendarAddress"), "DROPPING table"),
            (migrations.RenameModel("Takeaway", "Point"), "RENAMING tables"),
            (
                migrations.AddField("story", "mood", models.CharField(max_length=9, default="")),
                "NOT NULL constraint",
            ),
            (
                migrations.AlterField("story", "title", models.CharField(max_length=9)),
                "ALTERING columns",
            ),
        ],
        ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
    )
    def test_that_the_last_release_would_not_survive_is_refused(
        self, monkeypatch, operation, sentence
    ):
        checked = linter()
        migration = migrations.Migration("0099_unsafe", "stories")
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            state = checked.migration_loader.project_state()
            after = state.clone()
            operation.state_forwards("stories", after)
            operation.database_forwards("stories", editor, state, after)
        monkeypatch.setattr(checked, "get_sql", lambda *names: editor.collected_sql)
        found, _, _ = checked_errors(checked, migration)
        assert any(sentence in error.message for error in found)


def checked_errors(checked, migration):
    """Return what the linter finds in the SQL that it was given."""
    from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

    analyser = get_sql_analyser_class(connection.vendor)
    return analyse_sql_statements(analyser, checked.get_sql("stories", migration.name))
