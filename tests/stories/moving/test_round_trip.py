"""What export_site writes becomes an equal site, which writes equal bytes."""

import json
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from founders.models import Founder
from stories.models import Revision, Story, StoryPastSlug
from stories_project.publication import current
from tests.factories import (
    make_founder,
    make_series,
    make_story,
    make_story_in,
    reload,
    rework,
)
from tests.stories.moving.sites import SECRETS, empty, files_in, fill, site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def export(tmp_path, capsys):
    """Export the site; return {name: content}."""

    def exported(*options, name="export"):
        call_command("export_site", tmp_path / name, *options)
        return files_in(tmp_path / name)

    return exported


@pytest.fixture
def import_into_empty_site(settings, tmp_path, capsys):
    """Empty the site, and import an export; return the lines of the report."""

    def imported(*options, name="export"):
        empty(settings, tmp_path)
        call_command("import_stories", tmp_path / name, *options)
        current.kept.forget()
        return capsys.readouterr().out.splitlines()

    return imported


class ASiteThatMoves:
    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_comes_back_equal_in_every_field(self, export, import_into_empty_site, jobs):
        fill()
        before, first = site(), export("--all", "--history")
        import_into_empty_site("--jobs", jobs)
        after = site()
        for part in before:
            assert after[part] == before[part], part
        assert export("--all", "--history", name="again") == first

    def test_without_its_history_keeps_drafts_schedules_and_working_copies(
        self, export, import_into_empty_site
    ):
        fill()
        before, first = site(history=False), export("--all")
        import_into_empty_site()
        assert site(history=False) == before
        other = Story.objects.get(slug="other")
        assert other.working_revision.content.title == "A working copy of the working copy"
        assert other.scheduled_update.revision.content.title == "A working copy"
        assert export("--all", name="again") == first

    def test_imports_a_second_time_without_changes(
        self, export, import_into_empty_site, tmp_path, capsys
    ):
        fill()
        export("--all", "--history")
        import_into_empty_site()
        before = site()
        call_command("import_stories", tmp_path / "export")
        assert capsys.readouterr().out.splitlines()[-1].startswith("0 created, 0 updated, ")
        assert site() == before

    def test_numbers_new_rows_after_those_that_came(self, export, import_into_empty_site):
        fill()
        export("--all", "--history")
        highest = max(Revision.objects.values_list("story_id", flat=True))
        import_into_empty_site()
        assert make_story().pk > highest

    def test_restores_a_deleted_story_after_the_move(self, export, import_into_empty_site, client):
        fill()
        export("--all", "--history")
        import_into_empty_site()
        assert client.get("/stories/deleted/").status_code == 410
        Revision.objects.of_deleted_stories().get().restore()
        assert Story.objects.get(slug="deleted").title == "Deleted"


class WhatThePublicSees:
    def test_is_all_that_leaves_without_all(self, export):
        fill()
        text = b"\n".join(
            content for name, content in export().items() if not name.startswith("media/")
        ).decode()
        assert "The Loom" in text
        assert [secret for secret in SECRETS if secret in text] == []

    def test_looks_the_same_after_the_move(self, export, import_into_empty_site, client):
        fill()
        first = export()
        paths = ["/stories/Loom/", "/founders/ada/", "/tags/handicraft/", "/feed/", "/"]
        paths += ["/series/", "/series/Early-Losses/"]
        before = [client.get(path).content for path in paths]
        import_into_empty_site()
        for path, content in zip(paths, before, strict=True):
            assert client.get(path).content.splitlines() == content.splitlines(), path
        assert client.get("/stories/the-loom/").headers["Location"] == "/stories/Loom/"
        assert client.get("/founders/countess/").headers["Location"] == "/founders/ada/"
        assert client.get("/tags/craft/").headers["Location"] == "/tags/handicraft/"
        assert export(name="again") == first

    def test_holds_of_a_series_only_what_is_published(self, export):
        fill()
        files = export()
        text = next(content for name, content in files.items() if name.startswith("series/early"))
        assert "stories:\n- other\n- Loom\n" in text.decode()
        assert "draft" not in text.decode()
        assert sum(name.startswith("series/") for name in files) == 1

    def test_holds_the_plain_name_of_a_founder_who_is_not_shown(self, export):
        fill()
        story = export()["stories/loom~" + _hash("Loom") + ".md"].decode()
        assert "founders:\n- ada\n- Hidden Person\n" in story
        assert not any("hidden-person" in name for name in export())


class AnExport:
    def test_leaves_personal_data_of_suggestions_here_even_with_everything(self, export):
        fill()
        files = export("--all", "--history")
        assert not [name for name, content in files.items() if b"sender@example.org" in content]
        assert not [name for name, content in files.items() if b"secret message" in content]
        assert not [name for name, content in files.items() if b"mina@example.org" in content]

    def test_needs_all_for_the_history(self, tmp_path):
        with pytest.raises(CommandError, match="--all --history"):
            call_command("export_site", tmp_path / "export", "--history")

    def test_refuses_a_directory_with_other_files(self, tmp_path):
        (tmp_path / "mine.txt").write_text("Keep me")
        with pytest.raises(CommandError, match="has other files"):
            call_command("export_site", tmp_path)
        assert (tmp_path / "mine.txt").read_text() == "Keep me"

    def test_replaces_an_older_one(self, export):
        founder = make_founder()
        story = make_story(slug="one", founders=[founder])
        assert "stories/one.md" in export()
        story.withdraw()
        make_story(slug="two", founders=[founder])
        files = export()
        assert "stories/two.md" in files
        assert "stories/one.md" not in files

    def test_costs_the_same_number_of_queries_for_many_stories(self, export):
        founder = make_founder()
        make_story_in("published", founders=[founder])
        counts = []
        for name in ("one", "many"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                export("--all", "--history", name=name)
            counts.append(len(queries))
            for _ in range(20):
                make_story(founders=[founder])
        assert counts[0] == counts[1]

    def test_that_was_interrupted_is_not_imported_as_one(self, export, tmp_path):
        make_story()
        export()
        (tmp_path / "export" / "export.json").unlink()
        with pytest.raises(SystemExit):
            call_command("import_stories", tmp_path / "export")

    def test_of_a_later_format_is_refused(self, export, tmp_path):
        export()
        (tmp_path / "export" / "export.json").write_text('{"format": 2}')
        with pytest.raises(CommandError, match="this release can read"):
            call_command("import_stories", tmp_path / "export")


class AnImportOfAnExport:
    @pytest.fixture
    def run(self, tmp_path, capsys):
        def imported(*options):
            with suppress(SystemExit):
                call_command("import_stories", tmp_path / "export", *options)
            return capsys.readouterr().out

        return imported

    def test_changes_nothing_in_a_dry_run(self, export, settings, tmp_path, run):
        fill()
        export("--all", "--history")
        empty(settings, tmp_path)
        out = run("--dry-run")
        assert " 0 failed (dry run: nothing was changed)" in out
        assert not Story.objects.exists()
        assert not Founder.objects.exists()
        assert not StoryPastSlug.objects.exists()

    def test_reports_a_series_whose_story_is_missing(self, export, settings, tmp_path, run):
        make_series(make_story(slug="one"), slug="losses")
        export()
        empty(settings, tmp_path)
        path = tmp_path / "export" / "series" / "losses.md"
        path.write_text(path.read_text().replace("- one", "- two"))
        assert "There is no story two." in run()
        assert Story.objects.get().is_published

    def test_reports_a_picture_that_is_not_what_its_name_says(self, export, tmp_path, run):
        fill()
        export("--all")
        broken = next((tmp_path / "export" / "media" / "covers").iterdir())
        broken.write_bytes(broken.read_bytes()[:-1] + b"x")
        assert f"failed     media/covers/{broken.name}" in run()

    def test_reports_a_broken_history_and_goes_on(self, export, settings, tmp_path, run):
        story = make_story(slug="one")
        rework(story, {"title": "Later"})
        export("--all", "--history")
        empty(settings, tmp_path)
        path = tmp_path / "export" / "revisions" / "one.jsonl"
        path.write_text(path.read_text().replace('"kind"', '"kin"', 1))
        assert "failed     revisions/one.jsonl" in run()
        assert Story.objects.get().is_published

    def test_leaves_the_status_that_a_moderator_has_decided_here(self, export, run):
        founder = make_founder(name="Ada", headline="Before")
        export()
        founder.hide("They asked us to.")
        Founder.objects.update(headline="After")
        run()
        assert reload(founder).headline == "Before"
        assert reload(founder).status == "hidden"

    def test_leaves_a_story_alone_that_an_editor_is_working_on(self, export, run):
        story = make_story(slug="one", title="Before")
        export()
        rework(story, {"title": "In work"})
        Story.objects.update(title="Changed here")
        assert "failed     stories/one.md:1  The story has unpublished changes" in run()

    def test_gives_another_number_to_a_story_whose_number_is_taken(
        self, export, settings, tmp_path, run
    ):
        story = make_story(slug="one")
        export()
        Story.objects.filter(pk=story.pk).update(slug="two")
        run()
        assert Story.objects.get(slug="one").pk != story.pk

    def test_leaves_the_publication_alone_once_somebody_has_edited_it(self, export, tmp_path, run):
        path = tmp_path / "export" / "publication.json"
        export()
        path.write_text(json.dumps(json.loads(path.read_text()) | {"name": "From the export"}))
        run()
        assert current.newest_revision().publication.name == "From the export"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"name": "Once more"}))
        run()
        assert current.newest_revision().publication.name == "From the export"


def _hash(slug):
    from hashlib import sha256

    return sha256(slug.encode()).hexdigest()[:12]
