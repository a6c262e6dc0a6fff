"""What is held about a person: exported, erased, purged."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import CharField, JSONField, TextField
from django.utils import timezone

from founders.models import Founder
from stories.models import Autosave, Revision, Source, Story, Suggestion, TagChange, Takeaway
from stories.moderating.erasing import delete_lost_portraits
from stories.moderating.founder_merges import merge_founders, undo_merge
from stories.moderating.person import Person
from stories.moderating.purging import IN_STORY, PLACES, Purge
from stories.search.finding import search
from stories.tagging import merging
from stories.writing import verbs
from stories.writing.saving import Overtaken
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.page_cache.models import Change
from stories_project.pictures.uploads import store_image
from stories_project.text.folding import FoldedField
from tests.factories import (
    make_company,
    make_founder,
    make_story,
    make_tag,
    make_user,
    make_venture,
    picture,
    reload,
    rework,
)
from tests.stories.suggesting.test_suggestions import FOUNDER, send

pytestmark = pytest.mark.django_db

# Columns without a passage: addresses, keys, names of tags, single words, and what is derived.
NOT_PURGED = set(
    """
    audit.AuditEntry.address audit.AuditEntry.target_key audit.AuditEntry.folded_target
    audit.AuditEntry.folded_who founders.CannedReason.name founders.Founder.folded_last_name
    founders.Founder.folded_sort_name
    founders.Founder.folded_name founders.Founder.folded_native_name founders.Founder.name_tokens
    founders.Founder.portrait_focus founders.FounderPastSlug.slug library.Indexed.what
    library.StoredPicture.focus library.StoredPicture.folder library.StoredPicture.name
    library.StoredPicture.source_url library.StoredPicture.tokens page_cache.Change.keys
    page_cache.Delivery.failure page_cache.Delivery.keys page_cache.Delivery.subject
    stories.CalendarAddress.token stories.Follower.consent
    stories.Follower.token stories.Letter.trouble stories.Sending.claim stories.Sending.failure
    stories.DeadLink.failure stories.DeadLink.url stories.FounderMerge.doubled stories.FounderMerge.moved
    stories.ScheduledUpdate.failure stories.SearchWord.word stories.Source.key stories.Story.body_headings
    stories.Notification.path
    stories.SavedFilter.name stories.SavedFilter.query
    stories.ImportLine.foreign_id stories.ImportRun.file_name stories.ImportRun.kind
    stories.ImportRun.upload stories.MovedStory.digest stories.MovedStory.foreign_id
    stories.MovedStory.source stories.OldAddress.path
    stories.Story.body_html stories.Story.cover_focus stories.StoryPastSlug.slug
    stories.StorySearch.body stories.StorySearch.keys stories.StorySearch.summary
    stories.StorySearch.title stories.Suggestion.consent stories.Suggestion.folded_name
    stories.Suggestion.token stories.Tag.folded_name stories.Tag.name stories.Tag.name_tokens
    stories.TagAlias.folded_name stories.TagAlias.name stories.TagChange.after stories.TagChange.doubled
    stories.TagChange.moved stories.TagPastSlug.slug stories.Webhook.events stories.Webhook.secret
    stories.Webhook.url stories.WebhookDelivery.reason
    founders.Company.folded_name founders.Company.link founders.Company.name
    founders.CompanyPastSlug.slug stories.Series.folded_title stories.Series.title
    stories.SeriesPastSlug.slug stories.Webmention.host stories.Webmention.source stories.Webmention.target
    """.split()
)
SECRET = "She owed the baker ninety marks"


@pytest.fixture
def ada():
    """A founder with a portrait, a former slug, a public story and a suggestion."""
    founder = make_founder(
        name="Ada Byron",
        slug="ada",
        native_name="Ада",
        biography="Ada Byron was born in London.",
        portrait=store_image(picture(size=(400, 300)), "portraits"),
        portrait_alt="Ada Byron.",
    )
    founder.past_slugs.create(slug="ada-lovelace")
    return founder


@pytest.fixture
def story(ada):
    return make_story(slug="loom", founders=[ada], body="## A loom\n\nAda Byron saw it.\n\nLater.")


@pytest.fixture
def suggestion(ada):
    return Suggestion.objects.create(
        kind="profile",
        name="Ada Byron",
        founder=ada,
        content={"birthplace": "London"},
        message="Ada Byron was my aunt.",
        email="niece@example.org",
    )


def everything():
    """All that the database holds, as one text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (its own names)
            texts += [str(row) for row in cursor.fetchall()]
    return "\n".join(texts)


class AnExport:
    def test_has_everything_that_is_held(self, ada, story, suggestion, tmp_path):
        ada.hide("She asked us to.", make_user("Moderator", username="mo"))
        path = tmp_path / "ada.zip"
        call_command("export_founder", "ada", output=path)
        with ZipFile(path) as archive:
            data = json.loads(archive.read("data.json"))
            assert archive.read(str(ada.portrait))
        [profile] = data["profiles"]
        assert profile["native_name"] == "Ада"
        assert profile["former_slugs"] == ["ada-lovelace"]
        assert data["decisions"][-1]["reason"] == "She asked us to."
        assert data["suggestions"][0]["message"] == "Ada Byron was my aunt."
        assert data["stories"][0]["url"].endswith("/stories/loom/")
        assert data["passages"][0]["paragraphs"] == ["Ada Byron saw it."]
        assert data["audit_log"][-1]["entry"] == "mo decided about Ada Byron"

    def test_leaves_out_who_sent_a_suggestion(self, ada, suggestion, tmp_path):
        call_command("export_founder", "ada", output=tmp_path / "ada.zip")
        with ZipFile(tmp_path / "ada.zip") as archive:
            assert b"niece@example.org" not in archive.read("data.json")

    def test_has_the_profiles_that_were_merged_too(self, ada, tmp_path):
        twin = make_founder(name="Ada King", slug="king")
        merge_founders(twin, ada)
        for slug in ("ada", "king", "ada-lovelace"):
            path = tmp_path / f"{slug}.zip"
            call_command("export_founder", slug, output=path)
            with ZipFile(path) as archive:
                data = json.loads(archive.read("data.json"))
            assert [row["name"] for row in data["profiles"]] == ["Ada Byron", "Ada King"]

    def test_can_be_read_by_its_owner_only_and_is_recorded(self, ada, tmp_path):
        path = tmp_path / "ada.zip"
        call_command("export_founder", "ada", output=path)
        assert path.stat().st_mode & 0o777 == 0o600
        newest = AuditEntry.objects.latest("pk")
        assert str(newest) == f"command line exported all about a person (founder {ada.pk})"

    def test_never_replaces_a_file(self, ada, tmp_path):
        path = tmp_path / "ada.zip"
        path.write_text("mine")
        with pytest.raises(CommandError, match="was not written: File exists"):
            call_command("export_founder", "ada", output=path)
        assert path.read_text() == "mine"

    def test_of_nobody_says_so(self, db):
        with pytest.raises(CommandError, match="No founder has the address /founders/nobody/"):
            call_command("export_founder", "nobody")


class AnErasure:
    def erase(self, slug="ada", **options):
        call_command("erase_founder", slug, yes=True, keep_stories=True, **options)

    def test_removes_what_identifies_the_person(self, ada, suggestion, client):
        LogEntry.objects.log_actions(make_user().pk, [ada], 2, single_object=True)
        make_venture(ada, make_company("The Mill"), role="The niece@example.org of it")
        client.force_login(make_user("Moderator"))
        self.erase()
        held = everything()
        for text in ("Byron", "Ада", "ada-lovelace", "London", "aunt", "niece@example.org"):
            assert text not in held, text
        founder = reload(ada)
        assert (founder.status, founder.name) == ("hidden", f"Erased person {ada.pk}")
        assert not founder.ventures.exists()
        assert founder.birthplace == founder.biography == founder.native_name == ""

    def test_keeps_the_decisions_without_their_words(self, ada):
        ada.hide("Ada Byron asked us to.")
        before = ada.decisions.count()
        self.erase()
        assert ada.decisions.count() == before
        assert {decision.reason for decision in ada.decisions.all()} == {"", "Erased."}

    def test_deletes_the_portrait(self, ada, django_capture_on_commit_callbacks):
        name = str(ada.portrait)
        with django_capture_on_commit_callbacks(execute=True):
            self.erase()
        assert not default_storage.exists(name)

    def test_deletes_a_portrait_that_was_only_proposed(
        self, ada, suggestion, django_capture_on_commit_callbacks
    ):
        name = store_image(picture(size=(300, 300)), "portraits")
        suggestion.content = {"portrait": name}
        suggestion.save()
        with django_capture_on_commit_callbacks(execute=True):
            self.erase()
        assert not default_storage.exists(name)

    def test_leaves_the_portrait_that_somebody_else_has_too(
        self, ada, django_capture_on_commit_callbacks
    ):
        make_founder(portrait=str(ada.portrait), portrait_alt="The other one.")
        with django_capture_on_commit_callbacks(execute=True):
            self.erase()
        assert default_storage.exists(str(ada.portrait))

    def test_takes_the_name_off_the_stories_and_leaves_their_text(self, ada, story, client):
        self.erase()
        page = client.get("/stories/loom/").text
        assert "/founders/" not in page.split("<main")[1].split("</article>")[0]
        assert "Ada Byron saw it." in page
        for slug in ("ada", "ada-lovelace"):
            assert client.get(f"/founders/{slug}/").status_code == 404

    def test_is_refused_while_readers_see_stories(self, ada, story, capsys):
        with pytest.raises(CommandError, match="Readers see these stories"):
            call_command("erase_founder", "ada", yes=True)
        assert "/stories/loom/" in capsys.readouterr().out
        assert reload(ada).name == "Ada Byron"

    def test_only_says_what_without_yes(self, ada, suggestion, capsys):
        call_command("erase_founder", "ada")
        told = capsys.readouterr().out
        assert "profiles 1" in told
        assert "suggestions 1" in told
        assert "Nothing is erased yet." in told
        assert reload(ada).name == "Ada Byron"

    def test_is_final(self, ada, story):
        draft = make_story(publish_at=None, founders=[ada, make_founder(name="Bo")])
        self.erase()
        with pytest.raises(ValidationError, match="does not come back"):
            reload(ada).approve()
        draft.revert(Revision.objects.filter(story=draft).latest())
        assert [founder.name for founder in reload(draft).founders] == ["Bo"]

    def test_takes_merged_profiles_along(self, ada):
        twin = make_founder(name="Ada King", slug="king", headline="A countess.")
        merge = merge_founders(twin, ada)
        self.erase("king")
        assert "King" not in everything()
        assert "countess" not in everything()
        with pytest.raises(ValidationError, match="undone already"):
            undo_merge(merge)

    def test_leaves_no_name_with_a_profile_that_was_merged_and_brought_back(self, ada):
        moderator = make_user("Moderator")
        other = make_founder(name="Augusta", slug="augusta")
        undo_merge(merge_founders(other, ada, moderator), moderator)
        ada.name = "Ada Lovelace"
        ada.save()
        self.erase()
        for name in ("Ada Byron", "Lovelace"):
            assert name not in everything()
        assert reload(other).name == "Augusta"
        assert {row.reason for row in other.decisions.all()} == {"", "Erased."}

    def test_deletes_portraits_that_were_replaced(self, ada, django_capture_on_commit_callbacks):
        editor = make_user("Editor")
        former = str(ada.portrait)
        values = {"portrait": store_image(picture(size=(300, 300)), "portraits")}
        before = {"portrait": former}
        record(AuditEntry.Kind.FOUNDER, "changed", ada, by=editor, before=before, after=values)
        ada.portrait = values["portrait"]
        ada.save()
        with django_capture_on_commit_callbacks(execute=True):
            self.erase()
        assert not default_storage.exists(former)
        assert not default_storage.exists(values["portrait"])

    def test_cannot_be_edited_or_merged_afterwards(self, ada, client):
        self.erase()
        client.force_login(make_user("Moderator"))
        assert "_save" not in client.get(f"/admin/founders/founder/{ada.pk}/change/").text
        with pytest.raises(ValidationError, match="cannot be merged"):
            merge_founders(reload(ada), make_founder())

    def test_is_in_the_audit_log_without_the_name(self, ada):
        self.erase()
        entry = AuditEntry.objects.latest("pk")
        assert str(entry) == f"command line erased a person (founder {ada.pk})"


class TheRestOfAnErasedPerson:
    """What the rows of a profile do not lead to."""

    def test_is_taken_from_the_history_of_a_later_merge(self):
        ada, augusta = make_founder(name="Ada Byron", slug="ada"), make_founder(name="Augusta")
        undo_merge(merge_founders(augusta, ada))
        third = make_founder(name="Third")
        merge_founders(reload(augusta), third)
        assert third.decisions.filter(reason__contains="Ada Byron").exists()
        call_command("erase_founder", "ada", yes=True)
        assert not third.decisions.filter(reason__contains="Ada Byron").exists()

    def test_is_found_by_a_former_name(self, client):
        moderator = make_user("Moderator")
        ada = make_founder(name="Ada King", slug="ada")
        before, after = {"name": "Ada Byron"}, {"name": "Ada King"}
        record(AuditEntry.Kind.FOUNDER, "changed", ada, by=moderator, before=before, after=after)
        rejected = Suggestion.objects.create(kind="founder", name="Ada Byron", message="Please.")
        call_command("erase_founder", "ada", yes=True)
        assert reload(rejected).name == "Erased."

    def test_is_not_somebody_who_has_the_address_now(self):
        ada = make_founder(name="Ada Byron", slug="ada")
        ada.past_slugs.create(slug="lovelace")
        grace = make_founder(name="Grace", slug="lovelace")
        assert Person.with_slug("lovelace").profiles == [grace]

    def test_is_no_second_profile_under_a_former_address(self):
        ada = make_founder(name="Ada Byron", slug="ada")
        ada.past_slugs.create(slug="ada-lovelace")
        assert Founder.objects.find_or_introduce("ada-lovelace") == ada

    def test_leaves_no_share_picture(self, client, django_capture_on_commit_callbacks):
        make_story(slug="loom", founders=[make_founder(name="Ada Byron", slug="ada")])
        page = client.get("/founders/ada/").text
        address = page.partition('property="og:image" content="http://127.0.0.1:8000')[2]
        assert client.get(address.partition('"')[0]).status_code == 200
        assert default_storage.listdir("sharing")[1]
        with django_capture_on_commit_callbacks(execute=True):
            call_command("erase_founder", "ada", yes=True, keep_stories=True)
        assert not default_storage.listdir("sharing")[1]

    def test_leaves_no_portrait_that_nothing_names(self, monkeypatch):
        lost, used = (store_image(picture(size=s), "portraits") for s in ((40, 30), (50, 30)))
        make_founder(portrait=used, portrait_alt="Ada.")
        assert delete_lost_portraits() == 0  # they may belong to a form that is open
        monkeypatch.setattr("stories.moderating.erasing.KEPT_AFTER_UPLOAD", -timedelta(minutes=1))
        assert delete_lost_portraits() == 1
        assert (default_storage.exists(lost), default_storage.exists(used)) == (False, True)


class APurge:
    @pytest.fixture
    def told(self, ada):
        """A story with a passage in its text, an old revision, an autosave and a profile."""
        body = f"## A loom\n\nShe began early. {SECRET}. She went on.\n\nLater."
        story = make_story(slug="loom", founders=[ada], body=body, takeaways=f"{SECRET}.")
        rework(story, {"title": "Worked on"})
        story = reload(story)
        editor = make_user("Editor")
        Autosave.objects.create(
            author=editor, story=story, writing=uuid4(), content={"body": f"One.\r\n{SECRET}"}
        )
        ada.biography = f"{SECRET.upper()}."
        ada.save()
        Suggestion.objects.create(kind="story", name="Loom", story=story, message=SECRET)
        record_of = AuditEntry.objects.create(kind="founder", what="changed", reason=SECRET)
        assert record_of.pk
        return story

    def test_removes_a_passage_from_everything_that_keeps_it(self, told, client):
        assert SECRET in client.get("/stories/loom/").text
        call_command("purge", SECRET, yes=True, reason="A court order.")
        assert SECRET.lower() not in everything().lower()
        page = client.get("/stories/loom/").text
        assert "She began early. . She went on." in page
        assert "baker" not in page
        assert search("baker ninety marks").stories == []

    def test_removes_it_from_every_text_of_a_profile_and_of_what_was_suggested(self, ada, client):
        texts = dict.fromkeys(("headline", "company", "birthplace", "portrait_credit"), SECRET)
        for name, text in texts.items():
            setattr(ada, name, text)
        ada.save()
        twin = make_founder(name="Ada King", slug="king", links="https://example.org/", **texts)
        merge_founders(make_founder(name="Ada K.", slug="k", biography=SECRET), twin)
        ada.hide(SECRET)
        suggestion = Suggestion.objects.create(
            kind="story", name=SECRET, story=make_story(), content=texts, public_note=SECRET
        )
        suggestion.decide("rejected", make_user("Moderator"), reason=SECRET)
        call_command("purge", SECRET.upper(), yes=True, reason="A court order.")
        assert SECRET.lower() not in everything().lower()
        assert reload(suggestion).reason == ada.decisions.first().reason == "Purged."

    @pytest.mark.parametrize(
        ("field", "text", "left"),
        [
            ("takeaways", f"{SECRET}.\nShe never paid him.\nLast.", "[removed]\nLast."),
            ("sources", f"{SECRET} | https://example.org/ledger\nBook", "[removed]\nBook"),
        ],
    )
    def test_finds_what_goes_over_several_lines_of_a_list(self, field, text, left):
        story = make_story(**{field: text})
        passage = text.rpartition("\n")[0]
        purge = Purge(passage, "[removed]")
        assert purge.count()["stories"] == 1
        purge.run("A court order.")
        assert getattr(reload(story).content, field) == left
        assert getattr(reload(story).newest_content, field) == left

    def test_leaves_no_empty_line_of_a_list(self):
        story = make_story(takeaways=f"{SECRET}.\nLast.")
        call_command("purge", f"{SECRET}.", yes=True, reason="A court order.")
        assert reload(story).content.takeaways == "Last."

    def test_that_would_leave_a_story_incomplete_says_so_and_changes_nothing(self):
        name = store_image(picture(), "covers")
        story = make_story(cover=name, cover_alt=SECRET)
        with pytest.raises(CommandError, match="not complete: give a replacement"):
            call_command("purge", SECRET, yes=True, reason="A court order.")
        assert reload(story).cover_alt == SECRET

    def test_does_not_come_back_from_a_form_that_was_open(self, told):
        story = reload(told)
        opened, based_on = story.newest_content, story.newest_revision_id
        call_command("purge", SECRET, yes=True, reason="A court order.")
        with pytest.raises(Overtaken):
            reload(told).save_content(opened, based_on=based_on)
        assert SECRET not in reload(told).newest_content.body

    def test_keeps_a_merge_of_tags_as_it_can_be_undone(self):
        kept, merged = make_tag("Bread"), make_tag("Owed bread")
        merging.merge([merged], kept)
        change = TagChange.objects.get()
        call_command("purge", "Owed bread", yes=True, reason="A court order.")
        assert merging.undo(reload(change)).name == "Owed bread"

    def test_finds_each_accent_in_either_form(self, ada):
        ada.biography = "E\u0301mile was in D\u00fcren."
        ada.save()
        call_command("purge", "Émile was in Düren", yes=True, reason="A court order.")
        assert reload(ada).biography == "."

    def test_refuses_a_replacement_with_the_passage(self):
        with pytest.raises(CommandError, match="has the passage"):
            call_command("purge", "bread", replacement="more bread")

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite keeps words")
    @pytest.mark.django_db(transaction=True)
    def test_leaves_no_word_in_the_index(self):
        story = make_story(body="She owed the zbaker much.")
        make_founder(name="Zada Byrone", slug="zada")
        call_command("purge", "zbaker", yes=True, reason="A court order.")
        call_command("erase_founder", "zada", yes=True)
        assert reload(story).body == "She owed the  much."
        with connection.cursor() as cursor:
            for table in ("stories_storysearch", "stories_storysearch_head", "founders_founder"):
                cursor.execute(f"SELECT block FROM {table}_words_data")  # noqa: S608
                words = b"".join(block for (block,) in cursor.fetchall())
                assert b"zbaker" not in words
                assert b"zada" not in words

    def test_finds_letters_with_accents_and_lines_as_a_form_posts_them(self, ada):
        ada.biography = "Émile\r\nwas IN DÜREN."
        ada.save()
        call_command("purge", "émile\nwas in du\u0308ren", yes=True, reason="A court order.")
        assert reload(ada).biography == "."

    def test_changes_the_page_that_showed_the_note_of_a_correction(self, told):
        Suggestion.objects.create(
            kind="story",
            name="Loom",
            story=told,
            status="accepted",
            decided_at=timezone.now(),
            public_note=SECRET,
        )
        Change.objects.all().delete()
        call_command("purge", SECRET, yes=True, reason="A court order.")
        keys = " ".join(Change.objects.values_list("keys", flat=True)).split()
        assert keys.count(told.surrogate_key) >= 2  # The story, and the note.

    def test_looks_at_every_column_of_text(self):
        places = [*PLACES.values(), (Story, IN_STORY), (Takeaway, ["text"]), (Source, ["title"])]
        purged = {f"{model._meta.label}.{name}" for model, names in places for name in names}
        texts = {
            str(field)
            for model in apps.get_models()
            if model.__module__.startswith(("stories", "founders"))
            for field in model._meta.concrete_fields
            if (isinstance(field, TextField | JSONField) or type(field) in (CharField, FoldedField))
            and not field.choices
        }
        assert texts - purged == NOT_PURGED | {"stories.Source.url"}

    def test_cleans_what_a_founder_did_in_a_company(self, ada):
        venture = make_venture(ada, make_company("Engines"), role=f"Partner. {SECRET}.")
        Change.objects.all().delete()
        call_command("purge", SECRET, yes=True, reason="A court order.")
        assert reload(venture).role == "Partner. ."
        keys = " ".join(Change.objects.values_list("keys", flat=True)).split()
        assert {ada.surrogate_key, venture.company.surrogate_key} <= set(keys)

    def test_keeps_the_rest_of_the_text_and_of_the_history(self, told):
        before = Revision.objects.count()
        call_command("purge", SECRET, yes=True, reason="A court order.", replacement="[removed]")
        assert Revision.objects.count() == before + 1  # the newest text, again
        story = reload(told)
        assert story.newest_content.title == "Worked on"
        assert "She began early. [removed]. She went on." in story.newest_content.body
        verbs.publish(story)
        assert "[removed]" in reload(story).body_html

    def test_says_what_it_did_in_the_audit_log_and_not_what_it_removed(self, told):
        call_command("purge", SECRET, yes=True, reason="A court order.")
        entry = AuditEntry.objects.latest("pk")
        assert str(entry) == f"command line purged a passage of {len(SECRET)} characters"
        assert entry.reason == "A court order."
        assert entry.after["stories"] == 1
        assert entry.after["autosaves"] == 1

    def test_only_counts_without_yes(self, told, capsys):
        call_command("purge", SECRET)
        out = capsys.readouterr().out
        assert "stories: 1, revisions: 2" in out
        assert "Nothing is purged yet." in out
        assert SECRET in everything()

    def test_takes_a_passage_of_several_lines_from_a_file(self, told, tmp_path):
        path = tmp_path / "passage.txt"
        path.write_text(f"She began early. {SECRET}. She went on.\n\nLater.\n")
        call_command("purge", file=path, yes=True, reason="A court order.")
        assert "She went on" not in reload(told).body

    def test_of_a_deleted_story_works_too(self, told):
        told.remove()
        call_command("purge", SECRET, yes=True, reason="A court order.")
        assert SECRET not in everything()

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"passage": "abc"}, "A passage needs 4 characters or more."),
            ({"passage": SECRET, "yes": True}, "Say why with --reason"),
            ({}, "Say which passage"),
            ({"file": "/no/such/file"}, "cannot be read"),
        ],
    )
    def test_says_what_is_missing(self, db, arguments, sentence):
        arguments = dict(arguments)
        passage = [arguments.pop("passage")] if "passage" in arguments else []
        if "file" in arguments:
            arguments["file"] = Path(arguments["file"])
        with pytest.raises(CommandError, match=sentence):
            call_command("purge", *passage, **arguments)

    def test_changes_nothing_if_a_title_would_be_empty(self, told):
        with pytest.raises(ValidationError, match="would be empty"):
            Purge(told.title).run("A court order.")
        assert reload(told).title == told.title


class TheConsentOfASender:
    def test_is_kept_word_by_word_with_the_suggestion(self, client):
        send(client, "/suggest/", **FOUNDER)
        sent = Suggestion.objects.get()
        assert sent.consent.startswith("You may keep what I have sent")
        assert timezone.now() - sent.created_at < timedelta(minutes=1)
        client.force_login(make_user("Moderator"))
        assert (
            "Agreed to: “You may keep"
            in client.get(f"/admin/stories/suggestion/{sent.pk}/change/").text
        )


class AFounderWithTheSameName:
    def test_is_not_erased_along(self, ada):
        other = make_founder(name="Bo", slug="bo")
        call_command("erase_founder", "ada", yes=True)
        assert reload(other).name == "Bo"
        assert Founder.objects.approved().count() == 1


class ANamesake:
    def test_keeps_what_was_suggested_and_accepted_about_them(self, ada):
        other = make_founder(name="Ada Byron", slug="other-ada")
        about_other = Suggestion.objects.create(
            kind="founder", name="Ada Byron", founder=other, message="The other one."
        )
        waiting = Suggestion.objects.create(kind="founder", name="Ада", message="In her script.")
        call_command("erase_founder", "ada", yes=True)
        assert reload(about_other).message == "The other one."
        assert reload(waiting).message == ""
