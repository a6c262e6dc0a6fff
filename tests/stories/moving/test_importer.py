"""Importing good files, bad files, and the same files again."""

import multiprocessing
import os
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from founders.models import Founder
from stories.models import Revision, Story, Tag
from stories.moving import importer
from stories.moving.importer import Importer
from stories_project.pictures import uploads
from stories_project.text import words
from stories_project.text.markdown_parser import parser
from tests.factories import make_founder, make_story, picture, reload, revise

pytestmark = pytest.mark.django_db

GOOD = """---
title: "The Borrowed Workshop"
slug: the-borrowed-workshop
excerpt: How a clockmaker began on another man’s bench.
founders: [ines-duarte]
tags: [Clocks, Sea trade]
takeaways:
  - Ask for the key before the money.
  - Neighbours make good partners.
publish_at: 2025-09-23T08:00:00+02:00
byline: A. Writer
reading_minutes: 11
sources:
  - title: A page
    url: https://example.org/page
    accessed_on: 2026-01-31
  - title: A book
---
## Prologue: An empty bench

The body.
"""


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "good.md").write_text(GOOD)
    return tmp_path


@pytest.fixture
def run(directory, capsys):
    """Import the directory; return the exit status and the lines of the report."""

    def import_stories(*options):
        status = 0
        try:
            call_command("import_stories", directory, *options)
        except SystemExit as stop:
            status = stop.code
        return status, capsys.readouterr().out.splitlines()

    return import_stories


def write(directory, name="bad.md", replace="", by="", text=GOOD):
    assert replace in text
    (directory / name).write_text(text.replace(replace, by, 1).replace("workshop", "other"))


class AGoodFile:
    def test_becomes_a_story_with_all_its_values(self, run):
        make_founder(name="Ines Duarte", slug="ines-duarte")
        assert run() == (
            0,
            [
                "created    good.md  /stories/the-borrowed-workshop/",
                "1 created, 0 updated, 0 unchanged, 0 failed",
            ],
        )
        content = Story.objects.get().content
        assert content.title == "The Borrowed Workshop"
        assert content.publish_at == datetime(2025, 9, 23, 6, tzinfo=UTC)
        assert (
            content.takeaways == "Ask for the key before the money.\nNeighbours make good partners."
        )
        assert content.sources == "A page | https://example.org/page | 2026-01-31\nA book"
        assert content.tags == ("Clocks", "Sea trade")
        assert (content.byline, content.reading_minutes) == ("A. Writer", 11)
        assert content.body == "## Prologue: An empty bench\n\nThe body."

    def test_has_a_revision_that_names_the_file(self, run):
        run("--approve-founders")
        revision = Revision.objects.get()
        assert (revision.kind, revision.note) == ("imported", "From good.md")

    def test_changes_nothing_when_it_is_imported_again(self, run):
        run("--approve-founders")
        updated_at = Story.objects.get().updated_at
        assert run()[1][-1] == "0 created, 0 updated, 1 unchanged, 0 failed"
        assert Revision.objects.count() == 1
        assert Story.objects.get().updated_at == updated_at

    def test_updates_the_story_with_its_slug(self, run, directory):
        run("--approve-founders")
        (directory / "good.md").write_text(GOOD.replace("A. Writer", "B. Writer"))
        assert run()[1][-1] == "0 created, 1 updated, 0 unchanged, 0 failed"
        assert Story.objects.get().byline == "B. Writer"
        assert Revision.objects.count() == 2

    def test_keeps_values_that_it_does_not_mention(self, run):
        run("--approve-founders")
        story = Story.objects.get()
        revise(story, {"search_title": "Typed at the desk", "banned": [make_story().pk]})
        assert run()[1][-1] == "0 created, 0 updated, 1 unchanged, 0 failed"
        assert reload(story).search_title == "Typed at the desk"

    def test_clears_values_that_it_leaves_empty(self, run, directory):
        run("--approve-founders")
        (directory / "good.md").write_text(GOOD.replace("A. Writer", "").replace(": 11", ":"))
        run()
        assert (Story.objects.get().byline, Story.objects.get().reading_minutes) == ("", None)

    def test_without_a_slug_gets_one_from_its_file_name(self, run, directory):
        write(directory, "Café Story.md", "slug: the-borrowed-workshop\n")
        run("--approve-founders")
        assert Story.objects.filter(slug="cafe-story").exists()

    def test_imports_its_cover(self, run, directory):
        (directory / "cover.png").write_bytes(picture().read())
        cover = "cover: cover.png\ncover_alt: A red field\nlead: true\n"
        (directory / "good.md").write_text(GOOD.replace("byline", cover + "byline"))
        run("--approve-founders")
        story = Story.objects.get()
        assert story.cover.name.endswith("-64x36-ff6347.webp")
        assert (story.cover_alt, story.is_lead) == ("A red field", True)
        assert run()[1][-1] == "0 created, 0 updated, 1 unchanged, 0 failed"


class AnImport:
    def test_looks_all_founders_of_a_story_up_at_once(self, run, directory):
        for name in ("Ines Duarte", "Wang Ning", "Oda Lind"):
            make_founder(name=name)
        text = GOOD.replace("[ines-duarte]", "[ines-duarte, Wang Ning, ODA LIND]")
        (directory / "good.md").write_text(text)
        with CaptureQueriesContext(connection) as captured:
            assert run()[0] == 0
        sql = [query["sql"] for query in captured]
        assert len([one for one in sql if '"folded_name" IN' in one and "founders" in one]) == 1
        assert [founder.name for founder in Story.objects.get().founders] == [
            *("Ines Duarte", "Wang Ning", "Oda Lind"),
        ]

    def test_of_a_new_story_deletes_nothing(self, run):
        with CaptureQueriesContext(connection) as captured:
            run("--approve-founders")
        assert not [query for query in captured if query["sql"].startswith("DELETE")]


class AnUnknownFounder:
    def test_is_created_as_pending_and_the_story_is_refused(self, run):
        status, report = run()
        founder = Founder.objects.get()
        assert (founder.name, founder.slug, founder.status) == (
            *("Ines Duarte", "ines-duarte"),
            "pending",
        )
        assert status == 1
        assert report[0].startswith("failed     good.md:5  founders: A story is published only")
        assert "--approve-founders" in report[0]
        assert not Story.objects.exists()

    def test_is_accepted_once_approved(self, run):
        run()
        Founder.objects.get().approve()
        assert run()[0] == 0

    def test_is_approved_with_the_option(self, run):
        assert run("--approve-founders")[0] == 0
        assert Founder.objects.get().status == "approved"

    def test_of_a_draft_stays_pending(self, run, directory):
        (directory / "good.md").write_text(GOOD.replace("publish_at", "#"))
        assert run()[0] == 0
        assert Founder.objects.get().status == "pending"

    @pytest.mark.parametrize("name", ["Wang Ning", "wang ning", "wang_ning", "WÁNG  NING"])
    def test_is_found_under_any_spelling(self, run, directory, name):
        founder = make_founder(name="Wang Ning", slug="wang_ning")
        (directory / "good.md").write_text(GOOD.replace("ines-duarte", name))
        assert run()[0] == 0
        assert Story.objects.get().founders == [founder]

    def test_keeps_the_underscore_of_a_slug(self, run, directory):
        (directory / "good.md").write_text(GOOD.replace("ines-duarte", "wang_ning"))
        run("--approve-founders")
        assert Founder.objects.get().slug == "wang_ning"
        assert Founder.objects.get().name == "Wang Ning"

    def test_with_the_name_of_two_others_is_refused(self, run, directory):
        for slug in ("one", "two"):
            make_founder(name="Wang Ning", slug=slug)
        (directory / "good.md").write_text(GOOD.replace("ines-duarte", "Wang Ning"))
        assert "Several founders are called Wang Ning: give the slug of one." in run()[1][0]


BAD = [
    ("---\n", "", "bad.md:1  The file does not open with front matter"),
    ('"The Borrowed Workshop"', '"The', "bad.md:"),
    ("title:", "titel:", "bad.md:1  title: This field is required."),
    ("2025-09-23T08:00:00+02:00", "2025-13-45", "bad.md:10  publish_at: Enter a valid date/time."),
    ("reading_minutes: 11", "reading_minutes: many", "bad.md:12  reading_minutes: Enter a whole"),
    ("[ines-duarte]", "[{name: He}]", "bad.md:5  An item of founders is not plain text."),
    ("excerpt: How a", "excerpt: [How a]\nx: a", "bad.md:4  excerpt is one value, not a list."),
    ("tags: [Clocks, Sea trade]", "tags: {a: b}", "bad.md:6  tags is a list: write one"),
    ("https://example.org/page", "example", "bad.md:13  sources: Enter a valid URL."),
    ("2026-01-31", "January", "bad.md:13  accessed_on is a day such as 2026-01-31, not January."),
    ("- title: A book", "- url: https://x.org", "bad.md:13  sources: This field cannot be blank."),
    ("byline", "cover: missing.png\nbyline", "bad.md:11  The cover missing.png cannot be read"),
    ("byline", "cover: ../../x.png\nbyline", "bad.md:11  The cover lies outside"),
    ("byline", "cover: good.md\nbyline", "bad.md:11  cover: This file is not a picture"),
    ("slug: the-borrowed", "slug: the borrowed", "bad.md:3  slug: Enter a valid"),
    ("tags: [Clocks", "tags: &a [*a, Clocks", "refers to itself"),
    ("[Clocks, Sea trade]", "[" * 600 + "]" * 600, "bad.md:1  The front matter has too many"),
    ("[Clocks, Sea trade]", "[" * 3000, "bad.md:1  The front matter"),
    ("A. Writer", '"\\ud800"', "bad.md"),
    ("A. Writer", '"\\0"', "bad.md:11  byline: Null characters are not allowed."),
]


class ABadFile:
    @pytest.mark.parametrize(("replace", "by", "reason"), BAD)
    def test_is_reported_and_the_others_are_imported(self, run, directory, replace, by, reason):
        make_founder(name="Ines Duarte", slug="ines-duarte")
        write(directory, replace=replace, by=by)
        status, report = run()
        assert status == 1
        assert report[0].startswith("failed     bad.md")
        assert reason in report[0]
        assert report[1].startswith("created    good.md")
        assert [story.slug for story in Story.objects.all()] == ["the-borrowed-workshop"]

    def test_creates_no_founder(self, run, directory):
        (directory / "good.md").write_text(GOOD.replace("title:", "titel:"))
        run("--approve-founders")
        assert not Founder.objects.exists()

    def test_that_is_not_text_is_reported(self, run, directory):
        (directory / "good.md").write_bytes(b"---\ntitle: \xff\n---\n")
        assert "The file is not UTF-8: byte 11 cannot be read." in run()[1][0]

    def test_leaves_its_story_unchanged(self, run, directory):
        run("--approve-founders")
        before = Story.objects.get().content
        bad = GOOD.replace("A. Writer", "Other").replace(": 11", ": many")
        (directory / "good.md").write_text(bad)
        assert run()[0] == 1
        assert Story.objects.get().content == before

    def test_with_the_slug_of_another_file_is_reported(self, run, directory):
        (directory / "twin.md").write_text(GOOD)
        status, report = run("--approve-founders")
        assert status == 1
        assert "twin.md:3  good.md has the slug the-borrowed-workshop already." in report[1]


class ADryRun:
    def test_reports_and_changes_nothing(self, run, directory, settings):
        (directory / "cover.png").write_bytes(picture().read())
        cover = "cover: cover.png\ncover_alt: A red field\nbyline"
        (directory / "good.md").write_text(GOOD.replace("byline", cover))
        status, report = run("--dry-run", "--approve-founders")
        assert status == 0
        assert report[0].startswith("created    good.md")
        assert "nothing was changed" in report[-1]
        assert not Story.objects.exists()
        assert not Founder.objects.exists()
        assert not list(settings.MEDIA_ROOT.rglob("*.webp"))

    def test_finds_errors(self, run, directory):
        write(directory, replace="title:", by="titel:")
        assert run("--dry-run", "--approve-founders")[0] == 1


def die(path, directory, stores_covers):
    os._exit(1)


def calls_in_this_process(monkeypatch, module, name):
    """Return the list of the calls that this process makes from now on."""
    function, calls = getattr(module, name), []
    monkeypatch.setattr(module, name, lambda *given: calls.append(given) or function(*given))
    return calls


@pytest.fixture
def many(directory):
    """Write files that link to the one before, bad ones among them."""
    changes = {
        3: ("title:", "titel:"),
        5: ("---\n", ""),
        7: ("byline", "cover: 00.md\nbyline"),
        9: ("story-09", "story-08"),
    }
    for number in range(12):
        text = GOOD.replace("the-borrowed-workshop", f"story-{number:02}")
        if number:
            text += f"\n[before](/stories/story-{number - 1:02}/)\n"
        (directory / f"{number:02}.md").write_text(text.replace(*changes.get(number, ("", "")), 1))
    (directory / "good.md").unlink()


class AnImportWithMoreJobs:
    def test_makes_the_same_report_in_the_same_order(self, run, many):
        assert run("--approve-founders", "--jobs", "3") == (
            1,
            [
                "created    00.md  /stories/story-00/",
                "created    01.md  /stories/story-01/",
                "created    02.md  /stories/story-02/",
                "failed     03.md:1  title: This field is required.",
                "failed     04.md:1  body: A link leads nowhere: /stories/story-03/.",
                "failed     05.md:1  The file does not open with front matter between two lines of ---.",
                "failed     06.md:1  body: A link leads nowhere: /stories/story-05/.",
                "failed     07.md:11  cover: This file is not a picture that can be read. "
                "Use JPEG, PNG, WebP, AVIF or GIF.",
                "failed     08.md:1  body: A link leads nowhere: /stories/story-07/.",
                "failed     09.md:3  08.md has the slug story-08 already.",
                "failed     10.md:1  body: A link leads nowhere: /stories/story-09/.",
                "failed     11.md:1  body: A link leads nowhere: /stories/story-10/.",
                "3 created, 0 updated, 0 unchanged, 9 failed",
            ],
        )
        assert Founder.objects.count() == 1
        assert Tag.objects.count() == 2

    def test_makes_the_report_of_one_job(self, run, many):
        assert run("--dry-run", "--jobs", "2") == run("--dry-run", "--jobs", "1")

    def test_changes_nothing_when_it_is_repeated(self, run):
        run("--approve-founders", "--jobs", "2")
        assert run("--jobs", "2")[1][-1] == "0 created, 0 updated, 1 unchanged, 0 failed"

    def test_parses_and_splits_texts_and_encodes_pictures_in_other_processes(
        self, run, directory, monkeypatch
    ):
        (directory / "cover.png").write_bytes(picture().read())
        cover = "cover: cover.png\ncover_alt: A red field\nbyline"
        text = GOOD.replace("byline", cover).replace("The body", "A text of no other test")
        (directory / "good.md").write_text(text)
        parsed = calls_in_this_process(monkeypatch, parser, "parse")
        split = calls_in_this_process(monkeypatch, words, "_indexed")
        encoded = calls_in_this_process(monkeypatch, uploads, "_encode")
        assert run("--approve-founders", "--jobs", "2")[0] == 0
        assert Story.objects.get().cover.name.endswith("-64x36-ff6347.webp")
        assert not parsed
        assert not [text for (text,) in split if "no other test" in text]
        assert not encoded

    def test_stores_no_cover_in_a_dry_run(self, run, directory, settings):
        (directory / "cover.png").write_bytes(picture().read())
        cover = "cover: cover.png\ncover_alt: A red field\nbyline"
        (directory / "good.md").write_text(GOOD.replace("byline", cover))
        assert run("--dry-run", "--approve-founders", "--jobs", "2")[0] == 0
        assert not list(settings.MEDIA_ROOT.rglob("*.webp"))

    def test_says_that_one_of_its_processes_has_died(self, run, monkeypatch):
        monkeypatch.setattr(importer, "prepare", die)
        with pytest.raises(CommandError, match="has died"):
            run("--jobs", "2")
        assert not Story.objects.exists()

    @pytest.mark.parametrize("jobs", ["0", "-1", "65"])
    def test_is_refused_with_an_impossible_number(self, run, jobs):
        with pytest.raises(CommandError, match="--jobs is a number from 1 to 64"):
            run("--jobs", jobs)


class AnInterruptedImport:
    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_says_how_far_it_came(self, directory, capsys, monkeypatch, jobs):
        write(directory, "later.md")
        import_file = Importer.import_file

        def interrupted(self, path, *given):
            if path.name == "later.md":
                raise KeyboardInterrupt
            return import_file(self, path, *given)

        monkeypatch.setattr(Importer, "import_file", interrupted)
        with pytest.raises(SystemExit) as stop:
            call_command("import_stories", directory, "--approve-founders", "--jobs", jobs)
        out, err = capsys.readouterr()
        assert stop.value.code == 130
        assert out.endswith("1 created, 0 updated, 0 unchanged, 0 failed\n")
        assert "import again to go on" in err
        assert not multiprocessing.active_children()


class APathThatIsNoDirectory:
    def test_is_refused_with_a_message(self, tmp_path):
        with pytest.raises(CommandError, match="is not a directory"):
            call_command("import_stories", tmp_path / "missing")
