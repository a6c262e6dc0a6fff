"""The content of a story as one typed value, and the recipe for adding a field."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from stories.models import Kind, Story, StoryContent

ROOT = Path(__file__).resolve().parents[3]
MORNING = datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=2)))


class AStoryContent:
    def test_is_equal_after_writing_and_reading_json(self):
        content = StoryContent(
            title="A title",
            founders=(3, 1),
            tags=("Craft",),
            publish_at=MORNING,
            reading_minutes=11,
            is_lead=True,
        )
        stored = json.loads(json.dumps(content.to_json()))
        assert StoryContent.from_json(stored) == content
        assert stored["publish_at"] == "2026-01-31T06:00:00+00:00"
        assert stored["founders"] == [3, 1]

    def test_has_fields_that_were_declared_later_empty(self):
        assert StoryContent.from_json({"title": "Old"}) == StoryContent(title="Old")

    def test_leaves_out_fields_that_are_no_longer_declared(self):
        assert StoryContent.from_json({"title": "Old", "gone": 1}) == StoryContent(title="Old")

    def test_finds_the_fields_that_differ(self):
        content = StoryContent(title="One", publish_at=MORNING)
        same = replace(content, publish_at=MORNING.astimezone(UTC))
        assert same.changed_from(content) == ()
        assert replace(content, title="Two", tags=("x",)).changed_from(content) == ("title", "tags")

    def test_has_a_column_for_every_field_that_is_not_in_rows(self):
        columns = {field.name for field in Story._meta.get_fields() if field.concrete}
        assert set(StoryContent.columns()) <= columns
        in_rows = StoryContent.names(Kind.LINES, Kind.KEYS, Kind.NAMES)
        assert not set(in_rows) & {field.attname for field in Story._meta.concrete_fields}


DECLARATION = "    subtitle: str = declare(Kind.TEXT, Section.TEXT)\n"
COLUMN = '    subtitle = models.CharField(max_length=200, blank=True, db_default="")\n'
TEMPLATE = '<p class="subtitle">{{ story.subtitle }}</p>\n'
# An editor, the importer and a reader use the new field.
USE = """
import tempfile
from pathlib import Path

from django.test import Client

from stories.moving.importer import Importer
from stories.models import Story
from stories.writing.comparing import compare
from stories.writing.three_way_merge import merge
from tests.factories import make_story, make_user, reload, rework

story = make_story(slug="first", subtitle="As published")
client = Client()
assert "As published" in client.get("/stories/first/").text

rework(story, {"subtitle": "As reworked"})
story = reload(story)
assert "As published" in client.get("/stories/first/").text
assert story.newest_content.subtitle == "As reworked"
[change] = compare(story.content, story.newest_content)
assert change.label == "Subtitle"
[field] = merge(story.content, story.content, story.newest_content)
assert field.merged == "As reworked"

client.force_login(make_user("Editor"))
form = client.get(f"/admin/stories/story/{story.pk}/change/").text
assert 'name="subtitle" value="As reworked"' in form
assert "As reworked" in client.get(f"/admin/stories/story/{story.pk}/preview/").text
story.publish()
assert "As reworked" in client.get("/stories/first/").text
story.revert(story.revisions.earliest("pk"))
assert reload(story).newest_content.subtitle == "As published"

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder).resolve() / "second.md"
    path.write_text("---\\ntitle: Second\\nsubtitle: From a file\\n---\\nText.\\n")
    Importer(path.parent).import_file(path)
assert Story.objects.get(slug="second").subtitle == "From a file"
print("The new field works")
"""


class ANewField:
    """`docs/architecture.md`: declaration, model, migration, template, and nothing else."""

    @pytest.fixture
    def checkout(self, tmp_path):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules", "demo")
        for folder in ("stories_project", "stories", "founders", "templates", "static", "tests"):
            shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
        shutil.copy(ROOT / "manage.py", tmp_path)
        return tmp_path

    def manage(self, checkout, *command):
        """Run a command in the copied checkout, which has its own database."""
        own = {"DEBUG": "on", "DATABASE_URL": "", "CACHE_URL": "", "DATA_DIR": str(checkout / "d")}
        run = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *command],
            cwd=checkout,
            env=os.environ | own,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def test_needs_four_places_only(self, checkout):
        (checkout / "d").mkdir()
        insert(checkout / "stories/models/story_content.py", "    excerpt: str", DECLARATION)
        insert(checkout / "stories/models/story.py", "    excerpt = models", COLUMN)
        insert(checkout / "templates/stories/story.html", "<h1", TEMPLATE)
        self.manage(checkout, "makemigrations", "stories", "--name", "subtitle")
        self.manage(checkout, "migrate", "--verbosity", "0")
        assert "The new field works" in self.manage(checkout, "shell", "--command", USE)


def insert(path, before, line):
    """Insert a line before the first line that contains a text."""
    lines = path.read_text().splitlines(keepends=True)
    place = next(number for number, text in enumerate(lines) if before in text)
    path.write_text("".join([*lines[:place], line, *lines[place:]]))
