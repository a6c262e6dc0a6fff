"""What every import does, whatever the source: once, repeatable, private, and to be undone."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from founders.models import Founder
from stories.models import ImportLine, ImportRun, MovedStory, OldAddress, Revision, Story, Tag
from stories.moving.mapping import read_mapping, suggested_mapping
from stories.moving.plan import Plan
from stories.moving.undoing import undo
from stories_project.publication.current import trying
from stories_project.publication.values import Publication
from stories_project.text.front_matter import BadFile
from tests.factories import make_founder, make_story, reload, revise
from tests.stories.moving.foreign_exports import (
    OLD,
    ghost,
    ghost_post,
    lexical,
    move,
    paragraph,
    text,
    wordpress,
    wordpress_item,
    zip_of,
)

pytestmark = pytest.mark.django_db
FOUNDER = "founders: [ines]\ntakeaways: excerpt"


@pytest.fixture
def export(tmp_path):
    return tmp_path / "export.json"


@pytest.fixture
def founder():
    return make_founder(name="Ines Duarte", slug="ines")


def link(url):
    return lexical(
        paragraph({"type": "link", "url": url, "children": [text("there")]}, text(" it is."))
    )


class AMovedStory:
    def test_is_public_if_the_checklist_allows_it(self, export, founder, client):
        line = move("ghost", ghost(export, ghost_post()), mapping=FOUNDER)["Post 1"]
        assert (line.result, line.detail, line.losses) == ("created", "/stories/post-1/", [])
        story = Story.objects.get()
        assert story.live_revision.kind == Revision.Kind.IMPORTED
        assert client.get("/stories/post-1/").status_code == 200

    def test_is_a_draft_if_the_checklist_refuses_it_and_says_why(self, export, client):
        line = move("ghost", ghost(export, ghost_post()))["Post 1"]
        assert "It is a draft here. Write at least one key takeaway" in line.losses[0]
        assert client.get("/stories/post-1/").status_code == 404

    def test_is_public_in_any_case_if_the_editor_chooses_so(self, export, client):
        move("ghost", ghost(export, ghost_post()), publishes_all=True)
        assert client.get("/stories/post-1/").status_code == 200

    def test_waits_for_the_moderators_if_its_founder_is_new(self, export):
        path = ghost(export, ghost_post())
        move("ghost", path, mapping="founders: [New Person]", publishes_all=True)
        assert Story.objects.get().publish_at is None
        assert Founder.objects.get().status == "pending"

    def test_keeps_its_slug_unless_another_story_has_it(self, export):
        make_story(slug="post-1")
        move("ghost", ghost(export, ghost_post(), ghost_post(2, slug="no slug!")))
        assert set(Story.objects.values_list("slug", flat=True)) == {
            *("post-1", "post-1-2", "no-slug"),
        }

    def test_gets_an_excerpt_from_its_first_sentences(self, export):
        body = lexical(paragraph(text("One. " + "Two words " * 60)))
        line = move("ghost", ghost(export, ghost_post(lexical=body, custom_excerpt="")))["Post 1"]
        assert Story.objects.get().excerpt == "One."
        assert "The excerpt is made from the first paragraph." in line.losses

    def test_has_headings_in_order(self, export):
        def heading(tag, words):
            return {"type": "extended-heading", "tag": tag, "children": [text(words)]}

        nodes = [heading("h4", "A"), heading("h1", "B"), heading("h2", ""), heading("h6", "C")]
        move("ghost", ghost(export, ghost_post(lexical=lexical(*nodes))))
        assert Story.objects.get().body == "## A\n\n## B\n\n### C"

    def test_is_cut_where_it_is_too_long(self, export):
        line = move("ghost", ghost(export, ghost_post(title="x" * 300)))["x" * 300]
        assert len(Story.objects.get().title) == 200
        assert "Cut after 200 characters: title." in line.losses

    def test_costs_the_same_whatever_else_is_here(self, export, founder):
        def queries():
            posts = [ghost_post(n) for n in range(1, 4)]
            with CaptureQueriesContext(
                connection,
            ) as captured:
                move("ghost", ghost(export, *posts), mapping=FOUNDER, dry_run=True)
            return len(captured)

        few = queries()
        for _ in range(20):
            make_story(founders=[founder])
        assert queries() == few


class ALinkToAnotherMovedStory:
    @pytest.mark.parametrize(
        "url",
        [f"{OLD}/post-2/", "__GHOST_URL__/post-2", "/post-2/?ref=1#part", "//OLD.example/Post-2"],
    )
    def test_leads_to_its_new_address(self, export, founder, url):
        posts = ghost_post(1, lexical=link(url)), ghost_post(2, lexical=link(f"{OLD}/post-1/"))
        lines = move("ghost", ghost(export, *posts), mapping=FOUNDER)
        assert Story.objects.get(slug="post-1").body == "[there](/stories/post-2/) it is."
        assert [line.losses for line in lines.values()] == [[], []]
        assert Story.objects.published().count() == 2

    def test_is_only_text_if_that_one_is_a_draft(self, export, founder):
        posts = ghost_post(1, lexical=link(f"{OLD}/post-2/")), ghost_post(2, status="draft")
        line = move("ghost", ghost(export, *posts), mapping=FOUNDER)["Post 1"]
        assert Story.objects.get(slug="post-1").body == "there it is."
        assert "leads to a draft: its text stays." in line.losses[0]

    def test_leads_to_the_other_site_if_the_page_does_not_move(self, export):
        move("ghost", ghost(export, ghost_post(lexical=link("/contact/"))))
        assert Story.objects.get().body == f"[there]({OLD}/contact/) it is."

    def test_is_only_text_if_nobody_knows_the_other_site(self, export):
        path = ghost(export, ghost_post(lexical=link("/contact/")))
        line = move("ghost", path, site="")["Post 1"]
        assert Story.objects.get().body == "there it is."
        assert "The link to /contact/ leads to a page that does not move" in line.losses[0]


class AnOldAddress:
    @pytest.fixture
    def moved(self, export, founder):
        move("ghost", ghost(export, ghost_post()), mapping=FOUNDER)
        return Story.objects.get()

    @pytest.mark.parametrize(
        "path", ["/post-1/", "/post-1", "/POST-1/", "/2021/03/24/post-1/", "/post-1/?utm_source=x"]
    )
    def test_leads_to_the_story_in_one_hop(self, moved, client, path):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, "/stories/post-1/")

    def test_leads_on_after_the_slug_has_changed(self, moved, client):
        revise(moved, {"slug": "another"})
        response = client.get("/post-1/")
        assert (response.status_code, response["Location"]) == (301, "/stories/another/")

    def test_may_be_below_the_pages_of_this_site(self, export, founder, client):
        move(
            "ghost", ghost(export, ghost_post()), mapping=FOUNDER, permalink="/stories/:year-:title"
        )
        assert client.get("/stories/2021-post-1/")["Location"] == "/stories/post-1/"
        assert client.get("/stories/2021-post-1")["Location"] == "/stories/post-1/"

    def test_says_nothing_of_a_draft(self, export, client):
        move("ghost", ghost(export, ghost_post(), ghost_post(2, status="draft")))
        assert OldAddress.objects.exists()
        assert client.get("/post-1/").status_code == 404
        assert client.get("/post-2/").content == client.get("/post-2/").content
        assert client.get("/post-2/").status_code == 404

    def test_is_gone_when_the_story_is_withdrawn_or_deleted(self, moved, client):
        moved.withdraw()
        assert client.get("/post-1/").status_code == 410
        reload(moved).remove()
        assert client.get("/post-1/").status_code == 410

    def test_does_not_hide_a_page_of_this_site(self, export, founder, client):
        line = move("ghost", ghost(export, ghost_post(slug="about")), mapping=FOUNDER)["Post 1"]
        assert client.get("/about/").status_code == 200
        assert "The old address /about is a page of this site" in line.losses[0]

    def test_stays_with_the_story_that_had_it_first(self, moved, tmp_path, client):
        path = ghost(tmp_path / "other.json", ghost_post(7, slug="post-1"))
        line = move("ghost", path, mapping=FOUNDER)["Post 7"]
        assert "The old address /post-1 leads to another story already." in line.losses
        assert client.get("/post-1/")["Location"] == "/stories/post-1/"

    @pytest.mark.parametrize("path", ["/" + "x" * 600, "/no/such/page", "/%00", "/post-1/more"])
    def test_that_nobody_knows_is_not_found(self, moved, client, path):
        assert client.get(path).status_code == 404

    def test_is_not_found_while_the_database_is_away(self, moved, client, monkeypatch):
        def away(*args):
            raise DatabaseError

        monkeypatch.setattr(OldAddress.objects, "at", away)
        assert client.get("/post-1/").status_code == 404


class TheSameExportAgain:
    def test_changes_nothing(self, export, founder):
        path = ghost(export, ghost_post())
        move("ghost", path, mapping=FOUNDER)
        assert move("ghost", path, mapping=FOUNDER)["Post 1"].result == "unchanged"
        assert Revision.objects.count() == 1

    def test_updates_what_has_changed_there(self, export, founder):
        move("ghost", ghost(export, ghost_post()), mapping=FOUNDER)
        line = move("ghost", ghost(export, ghost_post(title="New")), mapping=FOUNDER)["New"]
        assert line.result == "updated"
        assert Story.objects.get().title == "New"
        assert Story.objects.get().takeaways.get().text == "An excerpt."

    def test_leaves_alone_what_was_worked_on_here(self, export, founder):
        move("ghost", ghost(export, ghost_post()), mapping=FOUNDER)
        revise(Story.objects.get(), {"title": "Ours"})
        line = move("ghost", ghost(export, ghost_post(title="New")), mapping=FOUNDER)["New"]
        assert (line.result, Story.objects.get().title) == ("kept", "Ours")
        move("ghost", ghost(export, ghost_post(title="New")), mapping=FOUNDER, overwrites=True)
        assert Story.objects.get().title == "New"

    def test_does_not_bring_back_what_was_deleted_here(self, export):
        path = ghost(export, ghost_post())
        move("ghost", path)
        Story.objects.get().remove()
        assert move("ghost", path)["Post 1"].result == "kept"
        assert not Story.objects.exists()

    @pytest.mark.parametrize("kind", ["ghost", "wordpress", "substack", "folder"])
    def test_changes_nothing_in_another_language(self, tmp_path, kind):
        path = worded(kind, tmp_path)
        first = next(iter(move(kind, path).values()))
        with translation.override("de"):
            again = next(iter(move(kind, path).values()))
        assert (first.result, again.result) == ("created", "unchanged")
        assert Revision.objects.count() == 1

    def test_goes_on_where_an_import_was_stopped(self, export):
        path = ghost(export, *(ghost_post(n) for n in range(1, 4)))
        run = ImportRun.objects.create(kind="ghost", file_name="x", state="importing")
        run.lines.create(foreign_id="uuid-1", name="Post 1", result="created")
        assert list(move("ghost", path, run=run)) == ["Post 2", "Post 3"]
        assert run.lines.count() == 3


def worded(kind, folder):
    """Write an export whose one entry is read with sentences about it."""
    if kind == "ghost":
        values = {"title": "", "visibility": "paid", "og_image": "x.png"}
        return ghost(folder / "export.json", ghost_post(**values))
    if kind == "wordpress":
        item = wordpress_item(title="", status="private", more="<wp:comment></wp:comment>")
        return wordpress(folder / "export.xml", item)
    if kind == "substack":
        head = "post_id,post_date,is_published,type,audience,title,subtitle,podcast_url\n"
        row = "1.a,2021-01-31T10:00:00.000Z,true,newsletter,only_paid,,,https://pod.example/1\n"
        return zip_of(folder / "a.zip", {"posts.csv": head + row, "posts/1.a.html": "<p>Text.</p>"})
    return zip_of(folder / "a.zip", {"content/posts/a.md": "---\ntitle: A\n---\nText.\n"})


class AReport:
    @pytest.fixture
    def german(self):
        with translation.override("de"):
            yield

    def test_is_in_the_active_language(self, german, tmp_path):
        lines = move("ghost", worded("ghost", tmp_path))
        line = lines["(Ohne Titel)"]
        assert line.detail == "/stories/post-1/ (Entwurf)"
        assert line.losses == [
            "Weggelassen: ein Bild nur für Facebook.",
            "Hier ist die Geschichte ein Entwurf: dort konnten sie nur zahlende Mitglieder lesen.",
        ]
        assert Story.objects.get().live_revision.note == "Aus ghost: (Ohne Titel)"

    def test_counts_what_is_lost_several_times(self, german, export):
        body = lexical({"type": "signup"}, {"type": "signup"})
        line = move("ghost", ghost(export, ghost_post(lexical=body)))["Post 1"]
        assert line.losses[0] == "Weggelassen: ein Formular zum Abonnieren. (2-mal)"

    def test_of_the_command_is_in_the_language_of_the_publication(self, export, capsys):
        with trying(Publication(language="de")):
            call_command("import_from", "ghost", ghost(export, ghost_post(2, type="page")))
        assert ImportLine.objects.get().detail == "Das ist eine Seite und kein Beitrag."

    def test_leaves_names_of_keys_as_they_are(self, german):
        with pytest.raises(BadFile, match="founders ist eine Liste von Namen oder Adressteilen"):
            read_mapping("founders: x")
        mapping = suggested_mapping(Plan(authors=Counter(["Jane"])))
        assert mapping.startswith("# Was hier aus den Autoren")
        assert read_mapping(mapping).authors == {"Jane": {"byline": "Jane"}}


class AByline:
    def test_of_several_authors_is_in_the_language_of_the_publication(self, tmp_path):
        more = '<category domain="author" nicename="cap-ines">Ines</category>'
        with trying(Publication(language="de")):
            move("wordpress", wordpress(tmp_path / "a.xml", wordpress_item(more=more)))
        assert Story.objects.get().byline == "Jane Doe und ines"


class ADryRun:
    def test_reports_the_same_and_stores_nothing(self, export, settings):
        path = ghost(
            export.with_suffix(".zip"), ghost_post(feature_image="/content/images/2021/a.png")
        )
        mapping = "founders: [New Person]\ntags: {}\n"
        dry = move("ghost", path, mapping=mapping, dry_run=True)["Post 1"]
        for model in (Story, Founder, Tag, MovedStory, OldAddress, Revision):
            assert not model.objects.exists(), model
        real = move("ghost", path, mapping=mapping)["Post 1"]
        assert (dry.result, dry.detail) == (real.result, real.detail)


class ABadEntry:
    def test_does_not_stop_the_others_and_stores_nothing_of_itself(self, export):
        bad = ghost_post(1, title="Bad", lexical='{"root": 1}')
        nul = ghost_post(2, title="Nul\x00l", html="a\x00b", lexical=None)
        lines = move("ghost", ghost(export, bad, nul, ghost_post(3)))
        assert lines["Bad"].detail == "Its text cannot be read as Lexical."
        assert [line.result for line in lines.values()][::2] == ["failed", "created"]
        assert not Story.objects.filter(title="Bad").exists()
        assert all("\x00" not in body for body in Story.objects.values_list("body", flat=True))

    def test_that_the_database_refuses_is_a_sentence(self, export, monkeypatch):
        def refuse(*args, **kwargs):
            raise DatabaseError("disk full")

        monkeypatch.setattr(Story, "replace_content", refuse)
        line = move("ghost", ghost(export, ghost_post()))["Post 1"]
        assert (line.result, line.detail) == ("failed", "It cannot be stored: disk full")

    def test_that_is_nested_too_deeply_is_a_sentence(self, export):
        html = "<div>" * 5000 + "x"
        line = move("ghost", ghost(export, ghost_post(lexical=None, html=html)))["Post 1"]
        assert (line.result, line.detail) == ("failed", "Its text is nested too deeply.")


class AnUndoneImport:
    @pytest.fixture
    def run(self):
        return ImportRun.objects.create(kind="ghost", file_name="x", state="importing")

    def test_leaves_no_trace_and_can_be_made_again(self, export, founder, run, client):
        path = ghost(export, ghost_post(), ghost_post(2))
        move("ghost", path, mapping=FOUNDER, run=run)
        assert len(list(undo(run))) == 2
        for model in (Story, MovedStory, OldAddress, Revision):
            assert not model.objects.exists(), model
        assert client.get("/post-1/").status_code == 404
        move("ghost", path, mapping=FOUNDER)
        assert client.get("/post-1/").status_code == 301

    def test_leaves_what_somebody_has_worked_on(self, export, founder, run):
        move("ghost", ghost(export, ghost_post()), mapping=FOUNDER, run=run)
        revise(Story.objects.get(), {"title": "Ours"})
        (line,) = undo(run)
        assert line.detail == "/stories/post-1/ stays: somebody has worked on it since."
        assert Story.objects.get().title == "Ours"

    def test_gives_updated_stories_their_former_text(self, export, founder, run):
        move("ghost", ghost(export, ghost_post()), mapping=FOUNDER)
        path = ghost(export, ghost_post(title="New"))
        move("ghost", path, mapping=FOUNDER, run=run)
        list(undo(run))
        assert Story.objects.get().title == "Post 1"
        assert move("ghost", path, mapping=FOUNDER)["New"].result == "updated"

    def test_goes_on_where_it_was_stopped(self, export, run):
        move("ghost", ghost(export, ghost_post(), ghost_post(2)), run=run)
        next(undo(run))
        assert Story.objects.count() == 1
        list(undo(run))
        assert not Story.objects.exists()


class TheCommand:
    def test_reports_each_entry_and_how_to_undo(self, export, capsys):
        call_command(
            "import_from", "ghost", ghost(export, ghost_post(), ghost_post(2, type="page"))
        )
        out = capsys.readouterr().out
        assert (
            "created    Post 1  /stories/post-1/ (draft)\n           - It is a draft here." in out
        )
        assert "left-out   Post 2  It is a page, not a post." in out
        run = ImportRun.objects.get()
        assert f"To undo: manage.py undo_import {run.pk}" in out
        assert (run.state, run.total, run.lines.count()) == ("done", 2, 2)
        call_command("undo_import", run.pk)
        assert not Story.objects.exists()
        assert reload(run).state == "undone"

    def test_changes_nothing_in_a_dry_run(self, export, capsys):
        call_command("import_from", "ghost", ghost(export, ghost_post()), "--dry-run")
        assert "(dry run: nothing was changed)" in capsys.readouterr().out
        assert not ImportRun.objects.exists()
        assert not ImportLine.objects.exists()

    def test_ends_with_status_1_if_an_entry_has_failed(self, export):
        with pytest.raises(SystemExit) as stop:
            call_command("import_from", "ghost", ghost(export, ghost_post(lexical="no")))
        assert stop.value.code == 1

    def test_suggests_a_mapping_that_can_be_used(self, export, founder, tmp_path, capsys):
        names = {
            "users": [{"id": "1", "name": "Jane: “Doe”"}, {"id": "2", "name": "Ines Duarte"}],
            "tags": [{"id": "1", "name": "News"}, {"id": "2", "name": "#hidden"}],
            "posts_authors": [
                {"post_id": f"{1:024}", "author_id": n, "sort_order": n} for n in ("1", "2")
            ],
            "posts_tags": [{"post_id": f"{1:024}", "tag_id": n} for n in ("1", "2")],
        }
        path = ghost(export, ghost_post(), **names)
        file = tmp_path / "mapping.yaml"
        call_command("import_from", "ghost", path, "--suggest-mapping", file)
        assert '"Ines Duarte": {"founder": "ines"}' in file.read_text()
        assert '"#hidden": {}' in file.read_text()
        call_command("import_from", "ghost", path, "--mapping", file)
        story = Story.objects.get()
        assert (story.byline, [f.founder for f in story.story_founders.all()]) == (
            "Jane: “Doe”",
            [founder],
        )
        assert [tag.name for tag in story.tags.all()] == ["News"]
        with pytest.raises(CommandError, match="is there already"):
            call_command("import_from", "ghost", path, "--suggest-mapping", file)

    @pytest.mark.parametrize(
        ("mapping", "sentence"),
        [
            ("authors: [x", "The mapping is not YAML"),
            ("writers: {}", "other keys than authors, founders, tags, takeaways"),
            ("authors: {Jane: {tag: x}}", "Jane: write {byline: Name} or {founder: Name}"),
            ("founders: Jane", "founders is a list"),
            ("takeaways: all", "takeaways is empty"),
        ],
    )
    def test_says_what_is_wrong_with_a_mapping(self, export, tmp_path, mapping, sentence):
        file = tmp_path / "mapping.yaml"
        file.write_text(mapping)
        with pytest.raises(CommandError, match=sentence):
            call_command("import_from", "ghost", ghost(export, ghost_post()), "--mapping", file)

    @pytest.mark.parametrize("kind", ["ghost", "wordpress", "folder", "substack", "medium"])
    def test_says_when_a_file_is_not_what_it_should_be(self, tmp_path, kind):
        path = tmp_path / "export.zip"
        path.write_bytes(b"PK\x03\x04 no archive")
        with pytest.raises(CommandError, match="is not a ZIP archive"):
            call_command("import_from", kind, path)
        with pytest.raises(CommandError, match="There is no file or folder"):
            call_command("import_from", kind, tmp_path / "missing")
