"""What `index_pictures` lists, and what `clean_pictures` deletes."""

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from stories.models import Autosave, Revision, Suggestion
from stories.moderating import present_pictures
from stories.moderating.unused_pictures import delete_if_unused, is_named
from stories_project.audit.models import AuditEntry
from stories_project.library.models import Indexed, PictureUse, StoredPicture
from stories_project.library.uses import note_publication
from stories_project.pictures.renditions import rendition_name, widths_of
from stories_project.publication.current import save as save_publication
from stories_project.publication.values import Publication
from tests.factories import (
    make_founder,
    make_series,
    make_story,
    make_tag,
    make_user,
    revise,
    rework,
)
from tests.pictures import body_with, make_picture, markdown_of, uses_of

pytestmark = pytest.mark.django_db
OLD = 30


@pytest.fixture
def unused():
    return make_picture(size=(61, 61), days_ago=OLD)


def clean(capsys, **options):
    call_command("clean_pictures", **options)
    return capsys.readouterr().out


def is_there(row):
    return default_storage.exists(row.name) and StoredPicture.objects.filter(pk=row.pk).exists()


class AnUnusedPicture:
    def test_is_only_counted_without_delete(self, unused, capsys):
        out = clean(capsys)
        assert "Unused pictures: 1 (" in out
        assert "Nothing is deleted yet. Add --delete." in out
        assert is_there(unused)

    def test_is_deleted_with_its_row_and_its_renditions(self, unused, capsys):
        names = [
            rendition_name(unused.picture.name, width, "jpg")
            for width in widths_of(unused.picture.name)
        ]
        assert all(map(default_storage.exists, names))
        assert "Unused pictures deleted: 1 (" in clean(capsys, delete=True)
        assert not StoredPicture.objects.exists()
        assert not any(map(default_storage.exists, [unused.name, *names]))
        assert AuditEntry.objects.latest("pk").what == "deleted 1 unused pictures"

    def test_stays_for_a_day_after_each_upload(self, capsys):
        row = make_picture(days_ago=0.9)
        clean(capsys, delete=True)
        assert is_there(row)

    def test_is_kept_if_somebody_uploads_it_again_meanwhile(self, unused):
        started = timezone.now()
        StoredPicture.objects.update(last_uploaded_at=started)
        kept = delete_if_unused(unused.name, started, uploaded_before=started)
        assert kept is None
        assert is_there(unused)

    def test_is_kept_if_a_text_shows_it_meanwhile(self, unused):
        started = timezone.now()
        make_story(body=body_with(unused))
        assert delete_if_unused(unused.name, started, uploaded_before=started) is None
        assert is_there(unused)

    def test_is_kept_if_somebody_types_a_text_with_it_meanwhile(self, unused):
        started = timezone.now()
        writing = "0" * 32
        Autosave.objects.create(
            author=make_user("Writer"), writing=writing, content={"body": body_with(unused)}
        )
        assert delete_if_unused(unused.name, started, uploaded_before=started) is None
        assert is_there(unused)

    def test_of_a_stopped_run_is_deleted_by_the_next(self, unused, capsys):
        default_storage.delete(unused.name)
        clean(capsys, delete=True)
        assert not StoredPicture.objects.exists()

    def test_without_a_row_is_found_by_its_file(self, unused, capsys, monkeypatch):
        StoredPicture.objects.all().delete()
        Indexed.objects.all().delete()
        monkeypatch.setattr(present_pictures, "_stored_at", lambda name: unused.last_uploaded_at)
        assert "Unused pictures deleted: 1 (" in clean(capsys, delete=True)
        assert not default_storage.exists(unused.name)


def in_live_text(row):
    make_story(body=body_with(row))


def in_cover(row):
    make_story(cover=row.name, cover_alt="A loom.")


def in_working_copy(row):
    rework(make_story(), {"body": body_with(row)})


def in_old_revision(row):
    story = make_story(body=body_with(row))
    revise(story, {"body": "## One\n\nLater."})


def in_deleted_story(row):
    make_story(body=body_with(row)).remove()


def in_autosave(row):
    content = {"cover": row.name}
    Autosave.objects.create(author=make_user("Writer"), writing="1" * 32, content=content)


def in_biography(row):
    make_founder(biography=markdown_of(row))


def in_suggestion(row):
    Suggestion.objects.create(kind="founder", name="A", content={"biography": markdown_of(row)})


def in_old_publication(row):
    save_publication(Publication(logo=row.name))
    save_publication(Publication())


def in_tag(row):
    tag = make_tag("Craft")
    tag.description = markdown_of(row)
    tag.save()


def in_series(row):
    make_series(make_story(), introduction=markdown_of(row))


PLACES = [
    *(in_live_text, in_cover, in_working_copy, in_old_revision, in_deleted_story, in_autosave),
    *(in_biography, in_suggestion, in_old_publication, in_tag, in_series),
]


class AUsedPicture:
    @pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
    def test_is_never_deleted_even_if_the_library_does_not_know_of_its_use(self, place, capsys):
        row = make_picture("covers", days_ago=OLD)
        place(row)
        PictureUse.objects.all().delete()
        Indexed.objects.update_or_create(what="revision", defaults={"key": 10**9})
        Indexed.objects.update_or_create(what="story", defaults={"key": 10**9})
        assert "Unused pictures deleted: 0" in clean(capsys, delete=True)
        assert is_there(row)

    def test_in_a_text_outside_of_the_library_is_found_at_once(self):
        row = make_picture()
        assert not is_named(row.name)
        in_autosave(row)
        assert is_named(row.name)


class APortrait:
    def test_is_left_to_the_rules_about_persons(self, capsys):
        row = make_picture("portraits", days_ago=OLD)
        clean(capsys, delete=True)
        assert is_there(row)


class AnIndex:
    def test_lists_what_is_stored_already(self):
        row = make_picture(days_ago=OLD)
        StoredPicture.objects.all().delete()
        call_command("index_pictures")
        found = StoredPicture.objects.get()
        assert (found.name, found.width, found.bytes) == (row.name, row.width, row.bytes)

    def test_lists_where_it_is_used(self):
        row, look = make_picture(), make_picture("publication")
        story = make_story(body=body_with(row))
        rework(story, {"excerpt": "Newer."})
        old = make_story(body=body_with(row))
        revise(old, {"body": "## One\n\nLater."})
        founder = make_founder(biography=markdown_of(row))
        save_publication(Publication(logo=look.name))
        PictureUse.objects.all().delete()
        call_command("index_pictures")
        assert uses_of(row) == {
            ("story", story.pk, "text"): "both",
            ("story", old.pk, "text"): "old",
            ("founder", founder.pk, "text"): "live",
        }
        assert uses_of(look) == {("publication", 1, "look"): "live"}

    def test_goes_on_where_it_was_stopped(self, monkeypatch):
        rows = [make_picture(size=(20 + number, 20)) for number in range(3)]
        for row in rows:
            make_story(body=body_with(row))
        PictureUse.objects.all().delete()
        monkeypatch.setattr(present_pictures, "AT_ONCE", 1)
        steps = present_pictures.index_everything()
        while not PictureUse.objects.exists():
            next(steps)
        steps.close()
        assert not present_pictures.is_done()
        call_command("index_pictures", once=True)
        assert PictureUse.objects.count() == 3
        assert present_pictures.is_done()

    def test_knows_the_look_of_the_publication(self):
        first, second = make_picture("publication"), make_picture("publication", size=(70, 70))
        note_publication(Publication(logo=first.name))
        note_publication(Publication(logo=second.name))
        assert uses_of(first) == {("publication", 1, "look"): "old"}
        assert uses_of(second) == {("publication", 1, "look"): "live"}

    def test_reads_only_what_is_new_the_next_time(self, capsys):
        make_story()
        call_command("index_pictures")
        capsys.readouterr()
        call_command("index_pictures")
        assert capsys.readouterr().out == "Files and texts read for the media library: 0.\n"
        assert Revision.objects.exists()
