"""The media library at the desk: who may do what, and what each page shows and changes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.models import Autosave, Story
from stories_project.audit.models import AuditEntry
from stories_project.library.models import StoredPicture
from stories_project.library.uses import note_publication
from stories_project.page_cache.models import Change
from stories_project.publication.current import newest_revision
from stories_project.publication.current import save as save_publication
from stories_project.publication.values import Publication
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    picture,
    reload,
    revise,
    rework,
)
from tests.pictures import body_with, make_picture, markdown_of, uses_of

pytestmark = pytest.mark.django_db
GRID = "/admin/stories/story/pictures/"
SAID = {
    **{"title": "Loom", "alt": "A loom.", "focus": "30 70", "credit": "Ada Byron"},
    **{"licence": "cc-by", "licence_note": "", "source_url": "https://example.org/loom"},
}


@pytest.fixture
def editor(client):
    user = make_user("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def row():
    return make_picture(title="Loom")


def page_of(row, rest=""):
    return f"{GRID}{row.pk}/{rest}"


def sign_in_with(client, *permissions):
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


class AMemberOfStaff:
    def test_without_permissions_sees_nothing(self, client, row):
        sign_in_with(client)
        assert client.get(GRID).status_code == 403
        assert client.get(page_of(row)).status_code == 403

    def test_who_may_view_stories_may_look_and_change_nothing(self, client, row):
        sign_in_with(client, "view_story")
        assert client.get(GRID).status_code == 200
        response = client.get(page_of(row))
        assert response.status_code == 200
        assert b">Save</button>" not in response.content
        assert client.post(page_of(row), SAID).status_code == 403
        assert client.post(f"{GRID}upload/", {"files": picture()}).status_code == 403
        assert client.post(page_of(row, "replacement/"), {"file": picture()}).status_code == 403
        assert client.get(page_of(row, "replace/?with=1")).status_code == 403
        assert client.post(page_of(row, "delete/")).status_code == 403
        assert reload(row).alt == ""

    def test_who_may_change_stories_may_describe_and_not_delete(self, client, row):
        sign_in_with(client, "view_story", "change_story")
        assert client.post(page_of(row), SAID).status_code == 302
        assert reload(row).alt == "A loom."
        assert client.post(page_of(row, "delete/")).status_code == 403

    def test_who_may_delete_stories_may_delete_a_picture(self, client, row):
        sign_in_with(client, "view_story", "delete_story")
        assert client.post(page_of(row, "delete/")).status_code == 302
        assert not StoredPicture.objects.exists()


class TheGrid:
    def test_says_what_it_is_for_while_it_is_empty(self, client, editor):
        assert "There are no pictures yet." in client.get(GRID).content.decode()

    def test_finds_pictures_by_words_and_says_if_there_are_none(self, client, editor, row):
        make_picture(size=(70, 70), title="Engine")
        found = client.get(f"{GRID}?q=loom").content.decode()
        assert "Loom" in found
        assert "Engine" not in found
        assert "No picture matches." in client.get(f"{GRID}?q=steam").content.decode()

    def test_narrows_to_what_has_to_be_done(self, client, editor):
        bare = make_picture(size=(20, 20), by=make_user("Writer"))
        said = {"alt": "A loom.", "credit": "Ada", "licence": "own"}
        used = make_picture(size=(20, 21), by=editor, **said)
        make_story(body=body_with(used))
        expected = {"": [used, bare], "mine": [used], "unused": [bare]}
        expected |= {"no-alt": [bare], "no-rights": [bare], "no-such-filter": [used, bare]}
        for shown, rows in expected.items():
            assert client.get(f"{GRID}?show={shown}").context["page"].rows == rows, shown

    def test_offers_a_form_only_pictures_that_stories_may_show(self, client, editor, row):
        make_picture("portraits")
        story = make_story_in("draft")
        response = client.get(f"{GRID}?for={story.pk}")
        assert response.context["page"].rows == [row]
        address = f"/admin/stories/story/{story.pk}/change/?picture={row.pk}"
        assert address in response.content.decode()
        new = client.get(f"{GRID}?for=new").content.decode()
        assert f"/admin/stories/story/add/?picture={row.pk}" in new
        assert len(client.get(f"{GRID}?for=evil").context["page"].rows) == 2

    def test_has_pages(self, client, editor):
        for number in range(25):
            make_picture(size=(10 + number, 10))
        assert len(client.get(GRID).context["page"]) == 24
        assert len(client.get(f"{GRID}?page=2").context["page"]) == 1
        assert client.get(f"{GRID}?page=3").status_code == 404

    def test_costs_the_same_with_two_and_with_twenty_pictures(self, client, editor):
        costs = []
        for numbers in (range(2), range(2, 20)):
            for number in numbers:
                make_story(body=body_with(make_picture(size=(10 + number, 10))))
            client.get(GRID)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(GRID).status_code == 200
            # Once a second, a request looks whether an update is due.
            costs.append(sum("scheduledupdate" not in query["sql"] for query in queries))
        assert costs[0] == costs[1] <= 8


class AnUpload:
    def test_of_several_files_says_which_are_refused(self, client, editor):
        broken = SimpleUploadedFile("broken.png", b"no picture at all")
        files = [picture(), picture(size=(9, 9)), broken]
        response = client.post(f"{GRID}upload/", {"files": files}, follow=True)
        assert StoredPicture.objects.filter(uploaded_by=editor).count() == 2
        refused, added = messages_of(response)
        assert refused.startswith("broken.png: This file is not a picture")
        assert added == "2 pictures are added."

    def test_of_one_leads_to_its_page(self, client, editor):
        response = client.post(f"{GRID}upload/", {"files": picture()})
        assert response.url == page_of(StoredPicture.objects.get())

    def test_of_nothing_is_a_sentence(self, client, editor):
        response = client.post(f"{GRID}upload/", follow=True)
        assert messages_of(response) == ["Choose the files first."]


class APicture:
    def test_keeps_what_is_said_about_it(self, client, editor, row):
        response = client.post(page_of(row), SAID, follow=True)
        assert response.status_code == 200
        stored = reload(row)
        assert {name: getattr(stored, name) for name in SAID} == SAID

    def test_shows_what_is_wrong_and_stores_nothing(self, client, editor, row):
        bad = SAID | {"focus": "300 2", "source_url": "javascript:alert(1)"}
        response = client.post(page_of(row), bad)
        assert set(response.context["form"].errors) == {"focus", "source_url"}
        assert reload(row).alt == ""

    def test_says_where_it_is_used_and_in_which_state(self, client, editor, row):
        make_story(title="The live one", body=body_with(row))
        rework(make_story(title="The reworked one"), {"body": body_with(row)})
        old = make_story_in("draft", title="The old one", body=body_with(row))
        revise(old, {"body": "## One\n\nLater."})
        make_story(title="Gone", body=body_with(row)).remove()
        make_founder(name="Ada Byron", biography="-").note_pictures()
        text = " ".join(client.get(page_of(row)).content.decode().split())
        for words in (
            "The live one",
            "in the present text",
            "only in the working copy",
            "only in an old revision",
            "A deleted story",
            "Published on",
        ):
            assert words in text, words
        assert "Ada Byron" not in text

    def test_of_a_profile_leads_to_the_profile(self, client, editor):
        portrait = make_picture("portraits")
        founder = make_founder(name="Ada", portrait=portrait.name, portrait_alt="Ada.")
        founder.note_pictures()
        text = client.get(page_of(portrait)).content.decode()
        assert f"/admin/founders/founder/{founder.pk}/change/" in text

    def test_costs_the_same_with_two_and_with_twenty_uses(self, client, editor, row):
        costs = []
        for count in (2, 18):
            for _ in range(count):
                make_story(body=body_with(row))
            client.get(page_of(row))
            with CaptureQueriesContext(connection) as queries:
                client.get(page_of(row))
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 12


class ADeletion:
    def test_takes_the_file_and_is_recorded(self, client, editor, row):
        client.post(page_of(row, "delete/"))
        assert not default_storage.exists(row.name)
        entry = AuditEntry.objects.latest("pk")
        assert (entry.what, entry.who) == ("deleted a picture", editor.username)

    @pytest.mark.parametrize("place", ["text", "old revision", "autosave"])
    def test_is_refused_while_something_uses_it(self, client, editor, row, place):
        if place == "autosave":
            content = {"body": body_with(row)}
            Autosave.objects.create(author=editor, writing="2" * 32, content=content)
        else:
            story = make_story(body=body_with(row))
            if place == "old revision":
                revise(story, {"body": "## One\n\nLater."})
        response = client.post(page_of(row, "delete/"), follow=True)
        assert "Not deleted" in messages_of(response)[0]
        assert default_storage.exists(row.name)


class AReplacement:
    @pytest.fixture
    def new(self):
        return make_picture(size=(90, 50), title="Better")

    def test_shows_first_what_will_change(self, client, editor, row):
        story = make_story(title="The loom", body=body_with(row))
        response = client.post(
            page_of(row, "replacement/"), {"file": picture(size=(80, 50))}, follow=True
        )
        assert "The loom" in response.content.decode()
        assert row.name in reload(story).body

    def test_changes_live_texts_and_working_copies(self, client, editor, row, new):
        story = make_story(body=body_with(row))
        row.alt, row.credit = "A loom.", "Ada"
        row.save()
        data = {"with": new.pk, "takes_over": "on"}
        response = client.post(page_of(row, "replace/"), data, follow=True)
        assert messages_of(response) == ["1 story shows the new picture."]
        assert new.name in reload(story).body
        assert reload(story).live_revision.author == editor
        assert (reload(new).alt, reload(new).credit) == ("A loom.", "Ada")
        assert AuditEntry.objects.latest("pk").what == "replaced a picture"

    def test_keeps_its_own_credit_if_asked_to(self, client, editor, row, new):
        make_story(body=body_with(row, new))
        row.credit = "Ada"
        row.save()
        client.post(page_of(row, "replace/"), {"with": new.pk})
        assert reload(new).credit == ""

    def test_by_a_writer_leaves_what_readers_see(self, client, row, new):
        client.force_login(make_user("Writer"))
        live = make_story(title="Live", body=body_with(row))
        draft = make_story_in("draft", body=body_with(row))
        text = client.get(page_of(row, f"replace/?with={new.pk}")).content.decode()
        assert "because you may not change it" in text
        client.post(page_of(row, "replace/"), {"with": new.pk})
        assert row.name in reload(live).body
        assert new.name in reload(draft).body

    def test_of_many_stories_goes_on_in_steps(self, client, editor, row, new, monkeypatch):
        monkeypatch.setattr("stories.admin.picture_replacing.STORIES_AT_ONCE", 2)
        for _ in range(3):
            make_story(body=body_with(row))
        address = page_of(row, f"replace/?with={new.pk}")
        assert "second step" in client.get(address).content.decode()
        assert client.post(address, {"with": new.pk}).url == address
        assert client.post(address, {"with": new.pk}).url == page_of(new)
        assert Story.objects.filter(body__contains=new.name).count() == 3

    def test_with_the_same_file_or_none_changes_nothing(self, client, editor, row):
        for data, words in (({"file": picture()}, "same picture"), ({}, "Choose the new file")):
            response = client.post(page_of(row, "replacement/"), data, follow=True)
            assert words in messages_of(response)[0]
        for key in (row.pk, 10**6, "x"):
            assert client.get(page_of(row, f"replace/?with={key}")).status_code == 404


class APortrait:
    @pytest.fixture
    def old(self):
        return make_picture("portraits", size=(60, 60), title="Ada in 1843")

    @pytest.fixture
    def ada(self, old):
        values = {"portrait": old.name, "portrait_focus": "30 20", "portrait_alt": "Ada."}
        founder = make_founder(name="Ada", **values)
        founder.note_pictures()
        return founder

    @pytest.fixture
    def moderator(self, client):
        user = make_user("Moderator")
        client.force_login(user)
        return user

    def test_is_replaced_from_its_page(self, client, moderator, ada, old):
        assert "Show what will change" in client.get(page_of(old)).text
        sent = {"file": picture(size=(70, 80))}
        shown = client.post(page_of(old, "replacement/"), sent, follow=True)
        assert f"/admin/founders/founder/{ada.pk}/change/" in shown.text
        assert reload(ada).portrait.name == old.name
        new = StoredPicture.objects.latest("pk")
        response = client.post(page_of(old, "replace/"), {"with": new.pk}, follow=True)
        assert messages_of(response) == ["The new picture is shown by: Ada."]
        founder = reload(ada)
        assert (founder.portrait.name, founder.portrait_focus) == (new.name, "")
        assert founder.portrait_alt == "Ada."
        assert new.folder == "portraits"
        assert uses_of(new) == {("founder", ada.pk, "portrait"): "live"}
        assert uses_of(old) == {}
        entry = AuditEntry.objects.filter(kind=AuditEntry.Kind.FOUNDER).latest("pk")
        assert (entry.who, entry.before["portrait"]) == (moderator.username, old.name)

    def test_that_nobody_shows_is_left_to_the_clean_up(self, client, old):
        client.force_login(make_user(is_staff=True, is_superuser=True))
        text = client.get(page_of(old)).text
        assert "No profile shows this portrait any more." in text
        assert "Delete this picture" not in text

    def test_is_new_for_readers_at_once(self, client, moderator, ada, old):
        new = make_picture("portraits", size=(61, 61))
        client.post(page_of(old, "replace/"), {"with": new.pk})
        assert ada.surrogate_key in Change.objects.latest("pk").keys.split()

    def test_of_an_approved_profile_stays_for_a_writer(self, client, ada, old):
        client.force_login(make_user("Writer"))
        new = make_picture("portraits", size=(61, 61))
        text = client.get(page_of(old, f"replace/?with={new.pk}")).text
        assert "What stays, because you may not change it" in text
        client.post(page_of(old, "replace/"), {"with": new.pk})
        assert reload(ada).portrait.name == old.name

    def test_says_who_replaces_it_to_who_may_not(self, client, ada, old):
        sign_in_with(client, "view_story", "change_story")
        text = client.get(page_of(old)).text
        assert "Show what will change" not in text
        assert "Portraits are replaced by those who may change the profile." in text
        assert client.post(page_of(old, "replacement/"), {"file": picture()}).status_code == 403

    def test_is_not_replaced_with_a_picture_of_a_story(self, client, moderator, ada, old, row):
        assert client.get(page_of(old, f"replace/?with={row.pk}")).status_code == 404


class APictureOfAProfileText:
    def test_is_replaced_there_and_in_stories(self, client, row):
        client.force_login(make_user(is_staff=True, is_superuser=True))
        founder = make_founder(name="Ada", biography=body_with(row))
        founder.note_pictures()
        story = make_story(body=body_with(row))
        new = make_picture(size=(90, 50))
        response = client.post(page_of(row, "replace/"), {"with": new.pk}, follow=True)
        assert messages_of(response) == [
            "The new picture is shown by: Ada.",
            "1 story shows the new picture.",
        ]
        assert new.name in reload(founder).biography
        assert new.name in reload(story).body


class APictureOfThePublication:
    @pytest.fixture
    def logo(self):
        old = make_picture("publication", size=(90, 30))
        publication = Publication(logo=old.name, about=f"Us.\n\n{markdown_of(old)}")
        save_publication(publication)
        note_publication(publication)
        return old

    def test_is_replaced_by_administrators(self, client, logo):
        client.force_login(make_user(is_staff=True, is_superuser=True))
        new = make_picture("publication", size=(120, 40))
        response = client.post(page_of(logo, "replace/"), {"with": new.pk}, follow=True)
        assert messages_of(response) == ["The new picture is shown by: Publication."]
        stored = newest_revision().publication
        assert stored.logo == new.name
        assert new.name in stored.about
        assert logo.name not in stored.about
        assert set(uses_of(logo).values()) == {"old"}

    def test_says_so_to_editors(self, client, editor, logo):
        text = client.get(page_of(logo)).text
        assert "Pictures of the publication are replaced by administrators." in text
        assert client.get(page_of(logo, "replace/?with=1")).status_code == 403


class TheStoryForm:
    def test_is_filled_in_with_a_chosen_picture(self, client, editor):
        row = make_picture(alt="A loom.", credit="Ada", focus="20 30")
        form = client.get(f"/admin/stories/story/add/?picture={row.pk}").context["adminform"].form
        chosen = {name: form[name].value() for name in ("cover", "cover_alt", "cover_focus")}
        assert chosen == {"cover": row.name, "cover_alt": "A loom.", "cover_focus": "20 30"}

    def test_takes_a_picture_of_a_text_for_the_cover(self, row):
        story = make_story(cover=row.name, cover_alt="A loom.")
        assert reload(story).cover.name == row.name

    def test_takes_no_portrait_and_no_nonsense(self, client, editor):
        portrait = make_picture("portraits")
        for key in (portrait.pk, 10**9, "x"):
            response = client.get(f"/admin/stories/story/add/?picture={key}")
            assert not response.context["adminform"].form["cover"].value()

    def test_leads_to_the_library_without_javascript(self, client, editor):
        story = make_story_in("draft", publish_at=None)
        text = client.get(f"/admin/stories/story/{story.pk}/change/").content.decode()
        assert f"{GRID}?for={story.pk}" in text
        assert f"{GRID}?for=new" in client.get("/admin/stories/story/add/").content.decode()


class AReader:
    def test_sees_nothing_of_the_library(self, client):
        row = make_picture(alt="A secret note.", credit="Nobody knows", title="Internal")
        story = make_story(body=body_with(row), publish_at=timezone.now() - timedelta(days=1))
        text = client.get(story.get_absolute_url()).content.decode()
        assert "secret note" not in text
        assert "Nobody knows" not in text
        assert client.get(GRID).status_code == 302
