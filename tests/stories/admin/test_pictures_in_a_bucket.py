"""The media library with its pictures in object storage: the same pages, the same promises."""

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from stories.models import Story
from stories_project import env
from stories_project.library.models import StoredPicture
from tests.factories import make_founder, make_story, make_user, picture, reload
from tests.own_s3 import object_server  # noqa: F401  a fixture
from tests.pictures import body_with, make_picture, markdown_of

pytestmark = pytest.mark.django_db
GRID = "/admin/stories/story/pictures/"


@pytest.fixture(autouse=True)
def bucket(object_server, settings, monkeypatch):  # noqa: F811
    """Store pictures in an empty bucket; return its server."""
    monkeypatch.setenv("MEDIA_STORAGE", object_server.address)
    settings.STORAGES = settings.STORAGES | {"default": env.storage()}
    default_storage.bucket.objects.all().delete()
    return object_server


@pytest.fixture
def editor(client):
    user = make_user("Editor")
    client.force_login(user)
    return user


def page_of(row, rest=""):
    return f"{GRID}{row.pk}/{rest}"


def names_in_bucket():
    return {item.key for item in default_storage.bucket.objects.all()}


def is_shown(client, page):
    """Whether the pictures that a page of the desk shows can be fetched."""
    addresses = [part.partition('"')[0] for part in page.split('src="')[1:]]
    pictures = [address for address in addresses if address.startswith("/media/")]
    return bool(pictures) and {status_of(client, each) for each in pictures} == {200}


def status_of(client, address):
    """Return the status of a picture, which is read whole: that closes it, but no connection."""
    answer = client.get(address)
    assert answer.getvalue()
    return answer.status_code


class TheLibrary:
    def test_takes_several_files_and_lists_them(self, client, editor):
        files = [picture(size=(401, 300), name="loom.png"), picture(size=(402, 300))]
        page = client.post(f"{GRID}upload/", {"files": files}, follow=True)
        assert "2 pictures are added." in page.text
        assert is_shown(client, page.text)
        row = StoredPicture.objects.get(title="loom")
        assert row.bytes == default_storage.size(row.name) > 0
        assert {row.name, row.picture.src.removeprefix("/media/")} <= names_in_bucket()
        assert "loom" in client.get(f"{GRID}?q=loom").text

    def test_knows_a_picture_that_was_uploaded_before(self, client, editor):
        for _ in range(2):
            client.post(f"{GRID}upload/", {"files": picture(size=(403, 300))})
        assert StoredPicture.objects.count() == 1

    def test_asks_the_bucket_nothing_to_show_the_list(self, client, editor, bucket):
        make_picture(size=(404, 300))
        bucket.fall_silent()
        try:
            assert client.get(GRID).status_code == 200
        finally:
            bucket.speak_again()


class APicture:
    def test_shows_its_crops_and_keeps_its_focal_point(self, client, editor):
        row = make_picture(size=(405, 300))
        assert is_shown(client, client.get(page_of(row)).text)
        sent = {"title": "Loom", "alt": "A loom.", "focus": "30 70", "credit": "Ada"}
        assert client.post(page_of(row), sent).status_code == 302
        assert reload(row).focus == "30 70"
        assert "focus-x-30 focus-y-70" in client.get(page_of(row)).text

    def test_is_used_again_as_the_cover_of_a_new_story(self, client, editor):
        row = make_picture(size=(406, 300), alt="A loom.", focus="20 30")
        form = client.get(f"/admin/stories/story/add/?picture={row.pk}").context["adminform"].form
        assert form["cover"].value() == row.name
        sent = {"title": "The loom", "cover": row.name, "cover_alt": "A loom."}
        client.post("/admin/stories/story/add/", sent | {"cover_focus": "20 30"})
        story = Story.objects.get()
        assert (story.cover.name, story.cover_focus) == (row.name, "20 30")
        assert "The loom" in client.get(page_of(row)).text

    def test_is_shown_in_a_text_to_readers(self, client):
        row = make_picture(size=(407, 300))
        story = make_story(body=body_with(row))
        page = client.get(story.get_absolute_url()).text
        address = row.picture.address(320, "webp")
        assert address in page
        assert status_of(client, address) == 200

    def test_is_replaced_in_a_story_and_in_a_profile(self, client):
        client.force_login(make_user(is_staff=True, is_superuser=True))
        row = make_picture(size=(408, 300))
        story, founder = make_story(body=body_with(row)), make_founder(biography=markdown_of(row))
        founder.note_pictures()
        sent = {"file": picture(size=(500, 300))}
        shown = client.post(page_of(row, "replacement/"), sent, follow=True)
        assert is_shown(client, shown.text)
        new = StoredPicture.objects.latest("pk")
        client.post(page_of(row, "replace/"), {"with": new.pk})
        assert new.name in reload(story).body
        assert new.name in reload(founder).biography
        assert {row.name, new.name} <= names_in_bucket()

    def test_of_a_founder_is_replaced(self, client):
        client.force_login(make_user("Moderator"))
        old, new = (make_picture("portraits", size=(409 + n, 300)) for n in (0, 1))
        founder = make_founder(portrait=old.name, portrait_alt="Ada.")
        founder.note_pictures()
        client.post(page_of(old, "replace/"), {"with": new.pk})
        assert reload(founder).portrait.name == new.name
        client.logout()
        assert status_of(client, new.picture.src) == 200
        assert status_of(client, old.picture.src) == 404

    def test_is_deleted_with_its_renditions_by_hand(self, client, editor):
        row = make_picture(size=(411, 300))
        assert client.post(page_of(row, "delete/"), follow=True).status_code == 200
        assert not StoredPicture.objects.exists()
        assert not [n for n in names_in_bucket() if row.name.removesuffix(".webp") in n]


class AnUnusedPicture:
    def test_is_deleted_from_the_bucket_by_the_command(self, capsys):
        unused = make_picture(size=(412, 300), days_ago=30)
        used = make_picture(size=(413, 300), days_ago=30)
        make_story(body=body_with(used))
        call_command("clean_pictures", delete=True)
        assert "Unused pictures deleted: 1 (" in capsys.readouterr().out
        left = names_in_bucket()
        assert not [name for name in left if unused.name.removesuffix(".webp") in name]
        assert used.name in left

    def test_that_was_deleted_can_be_uploaded_again(self, client, editor):
        row = make_picture(size=(414, 300), days_ago=30)
        call_command("clean_pictures", delete=True)
        client.post(f"{GRID}upload/", {"files": picture(size=(414, 300))})
        again = StoredPicture.objects.get()
        assert again.name == row.name
        assert again.name in names_in_bucket()

    def test_that_nobody_has_a_row_for_is_indexed_from_the_bucket(self):
        row = make_picture(size=(415, 300))
        StoredPicture.objects.all().delete()
        call_command("index_pictures")
        assert StoredPicture.objects.filter(name=row.name).exists()


class ASilentBucket:
    @pytest.mark.parametrize("rest", ["upload/", "{pk}/replacement/"])
    def test_costs_an_upload_and_says_so(self, client, editor, bucket, rest):
        row = make_picture(size=(416, 300))
        client.raise_request_exception = False
        bucket.fall_silent()
        try:
            address = GRID + rest.format(pk=row.pk)
            sent = {"files": picture(size=(417, 300)), "file": picture(size=(417, 300))}
            answer = client.post(address, sent)
        finally:
            bucket.speak_again()
            default_storage.ask_again_at = 0.0
        assert answer.status_code == 503
        assert StoredPicture.objects.count() == 1
