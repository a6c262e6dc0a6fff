"""Migrations are safe while the previous release serves: it still reads and writes the tables.

A column is removed, renamed or made stricter only one release after the code has stopped to use it.
An index on a table that exists is built CONCURRENTLY: otherwise nobody can write meanwhile. What the
linter refuses and is safe all the same stands in `SAFE`, with the reason. (The `IgnoreMigration()` of
the linter is not for us: a migration with it needs the linter wherever the site runs.)
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
# {name of a migration: why it is safe while the last release serves}
SAFE: dict[str, str] = {
    "0024_citations": "No row of the previous release has a key: the partial index is empty, and the"
    " table of sources is only read once.",
    "0027_plans": "Two partial indexes of unpublished stories: few rows, built in one reading of the"
    " table, and a save waits for that long.",
    "0012_family_name": "Indexes of people, of whom there are few: 20,000 rows take under 0.2 s.",
    "0032_tag_popularity": "An index of tags, of which there are few: 5,000 rows take under 0.1 s.",
}

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
    return MigrationLinter(
        str(ROOT),
        include_apps=ours,
        ignore_name=SAFE,
        warnings_as_errors_tests=["CREATE_INDEX"],
        no_cache=True,
        quiet=["ok"],
    )


class EveryMigration:
    # The linter leaves the pipes of git to the garbage collector.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_since_the_last_release_is_safe_while_it_serves(self, capsys):
        checked = linter()
        checked.lint_all_migrations(git_commit_id=last_release())
        assert not checked.has_errors, capsys.readouterr().out


@pytest.fixture
def lint(monkeypatch):
    """Return a function that lints a migration of stories, and returns the linter."""

    def lint(*operations):
        checked = linter()
        migration = migrations.Migration("0099_unsafe", "stories")
        state = checked.migration_loader.project_state()
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            for operation in operations:
                before = state.clone()
                operation.state_forwards("stories", state)
                operation.database_forwards("stories", editor, before, state)
        monkeypatch.setattr(checked, "get_sql", lambda *names: editor.collected_sql)
        monkeypatch.setattr(checked, "get_migration_hash", lambda *names: "")
        checked.lint_migration(migration)
        return checked

    return lint


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
            (
                migrations.AddIndex("story", models.Index(fields=["title"], name="by_title")),
                "CREATE INDEX locks table",
            ),
        ],
        ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
    )
    def test_that_the_last_release_would_not_survive_is_refused(
        self, lint, capsys, operation, sentence
    ):
        assert lint(operation).has_errors
        assert sentence in capsys.readouterr().out

    def test_that_is_refused_can_be_called_safe(self, lint, monkeypatch):
        monkeypatch.setitem(SAFE, "0099_unsafe", "Nothing has read this column since 0.1.")
        assert not lint(migrations.RemoveField("story", "byline")).has_errors

    def test_that_adds_a_table_with_an_index_or_a_column_with_a_default_passes(self, lint):
        table = migrations.CreateModel(
            "Mood",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())],
            {"indexes": [models.Index(fields=["name"], name="by_mood")]},
        )
        column = migrations.AddField("story", "mood", models.TextField(default="", db_default=""))
        assert not lint(table).has_errors
        assert not lint(column).has_errors
