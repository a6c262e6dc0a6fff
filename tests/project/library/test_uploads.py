"""Each upload has one row in the media library, wherever it came in."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from stories.writing.forms import StoryForm
from stories_project.library.image_field import upload_name
from stories_project.library.models import PictureUse, StoredPicture
from stories_project.library.uploading import keep_upload, title_of
from tests.factories import make_user, picture, story_values
from tests.pictures import make_picture

pytestmark = pytest.mark.django_db


class AnUpload:
    def test_into_a_text_has_a_row_with_who_and_what(self, client):
        writer = make_user("Writer")
        client.force_login(writer)
        upload = picture(size=(300, 200), name="her_first loom.png")
        response = client.post(reverse("markdownx_upload"), {"image": upload})
        row = StoredPicture.objects.get()
        assert row.name in response.json()["image_code"]
        assert (row.width, row.height, row.folder) == (300, 200, "images")
        assert row.bytes == default_storage.size(row.name)
        assert (row.uploaded_by, row.title) == (writer, "her first loom")

    def test_of_a_cover_has_a_row_even_if_the_form_is_refused(self):
        form = StoryForm(story_values(title=""), {upload_name("cover"): picture()})
        assert not form.is_valid()
        assert StoredPicture.objects.get().folder == "covers"

    def test_of_the_same_picture_keeps_the_row_and_what_is_said_about_it(self):
        row = make_picture(alt="A loom.", days_ago=30, file="loom.png")
        assert keep_upload(picture(name="other.png"), "images") == row.name
        again = StoredPicture.objects.get()
        assert (again.pk, again.alt, again.title) == (row.pk, "A loom.", "loom")
        assert again.last_uploaded_at > row.last_uploaded_at

    def test_of_a_picture_that_is_deleted_at_this_moment_is_stored_again(self, monkeypatch):
        """Between the check for its file and its row, `clean_pictures` has deleted both."""
        row = make_picture()
        make_row = StoredPicture.objects.get_or_create

        def deleted_meanwhile(**values):
            default_storage.delete(row.name)
            return make_row(**values)

        monkeypatch.setattr(StoredPicture.objects, "get_or_create", deleted_meanwhile)
        keep_upload(picture(), "images")
        assert default_storage.exists(row.name)


class ATitle:
    @pytest.mark.parametrize(
        ("file", "title"),
        [
            ("loom_of-1890.jpg", "loom of-1890"),
            (r"C:\\pictures\\loom.png", "loom"),
            ("", ""),
            (f"{'x' * 300}.png", "x" * 200),
        ],
    )
    def test_is_the_name_of_the_file_in_words(self, file, title):
        assert title_of(file) == title


class ASearch:
    def test_finds_the_words_of_title_alt_credit_and_note(self):
        row = make_picture(
            title="The café", alt="Two looms", credit="Ada Byron", licence_note="Archive 12"
        )
        make_picture(size=(65, 36), title="Nothing")
        for words in ("cafe", "loom", "byron ada", "archive", "byr"):
            assert list(StoredPicture.objects.with_words(words)) == [row], words
        assert not StoredPicture.objects.with_words("steam")
        assert not StoredPicture.objects.with_words("…")
        assert StoredPicture.objects.with_words(" ").count() == 2

    def test_follows_a_change_and_a_deletion(self):
        row = make_picture(title="Loom")
        row.title = "Engine"
        row.save()
        assert not StoredPicture.objects.with_words("loom")
        assert StoredPicture.objects.with_words("engine").get() == row
        row.delete()
        assert not StoredPicture.objects.with_words("engine")


class AUsedPicture:
    def test_cannot_be_deleted_by_accident(self):
        row = make_picture()
        PictureUse.objects.create(picture=row, kind="story", key=1, place="text")
        with pytest.raises(Exception, match="protected"):
            row.delete()
