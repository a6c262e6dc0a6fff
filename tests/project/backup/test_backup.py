"""A backup: everything in one file, whole or refused, restored or not at all."""

import json
import shutil
from contextlib import suppress
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from founders.models import Founder
from stories.models import Autosave, Revision, Story
from stories.search.finding import search
from stories_project.audit.models import AuditEntry
from stories_project.backup import media
from stories_project.backup.archive import Reader
from stories_project.backup.backing_up import differences
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, make_user, picture, rework

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(tmp_path):
    """A site with rows of most kinds, and with pictures."""
    editor = User.objects.create_user("mina", "mina@example.org", "secret", is_staff=True)
    founder = make_founder(
        name="Ада Byron",
        portrait=store_image(picture(size=(400, 300)), "portraits"),
        portrait_alt="Ada.",
    )
    founder.hide("She asked us to.", editor)
    founder.approve(editor)
    story = make_story(slug="loom", title="The Loom", founders=[founder], tags=["Craft"])
    rework(story, {"title": "Worked on"}, by=editor)
    Autosave.objects.create(
        author=editor, writing="9f0c1a52-7a5e-4f0e-8c11-0d3c1a2b3c4d", content={"body": "Typed"}
    )
    Story.objects.filter(pk=story.pk).update(updated_at=timezone.now() - timedelta(days=9))
    return tmp_path


def made(folder, name="site.zip"):
    call_command("backup", folder / name)
    return folder / name


class ABackup:
    def test_brings_everything_back_as_it_was(self, site, client):
        path = made(site)
        before = Story.objects.get()
        shutil.rmtree(default_storage.location)
        make_story(slug="later")
        Founder.objects.update(headline="Changed")
        call_command("restore", path, replace=True)
        after = Story.objects.get()
        assert (after.updated_at, after.title) == (before.updated_at, "The Loom")
        assert differences(Reader(path), Reader(made(site, "again.zip"))) == []
        assert client.get("/stories/loom/").status_code == 200
        assert search("byron").stories == [after.pk]
        portrait = str(Founder.objects.get().portrait)
        assert default_storage.exists(portrait)
        client.post("/account/login/", {"login": "mina", "password": "secret"})
        assert client.get("/admin/").status_code == 200

    def test_lets_new_rows_follow_the_old_ones(self, site):
        path = made(site)
        call_command("restore", path, replace=True)
        story = make_story(slug="later")
        assert story.pk > Story.objects.get(slug="loom").pk
        story.publish(by=User.objects.get())
        assert Revision.objects.filter(story=story).exists()

    def test_is_the_same_after_a_restore_into_a_scratch_place(self, site, capsys):
        path = made(site)
        call_command("backup", path, verify=True)
        assert "all is the same" in capsys.readouterr().out

    def test_holds_nobodys_session(self, site, client):
        client.force_login(make_user(is_staff=True))
        with ZipFile(made(site)) as archive:
            assert not [name for name in archive.namelist() if "session" in name]

    def test_can_be_read_by_its_owner_only_and_replaces_no_file(self, site):
        path = made(site)
        assert path.stat().st_mode & 0o777 == 0o600
        with pytest.raises(CommandError, match="There is such a file already"):
            call_command("backup", path)
        assert not list(site.glob("*.part"))

    def test_that_fails_at_once_leaves_no_file(self, site, monkeypatch):
        def fail(name):
            raise OSError("The disk is gone")

        monkeypatch.setattr("stories_project.backup.media.read", fail)
        with pytest.raises(CommandError, match="The disk is gone"):
            made(site)
        assert not list(site.glob("site*"))


class AnInterruptedBackup:
    @pytest.fixture
    def interrupt(self, site, monkeypatch):
        """Return a function that makes a backup and interrupts it after so many files."""
        for number in range(3):
            store_image(picture(size=(40 + number, 30)), "images")
        read = media.read

        def interrupted(after, by=KeyboardInterrupt):
            done = []

            def failing(name):
                if len(done) == after:
                    raise by
                done.append(name)
                yield from read(name)

            with monkeypatch.context() as patched:
                patched.setattr(media, "read", failing)
                with pytest.raises(by):
                    made(site)
            return done

        return interrupted

    @pytest.fixture
    def reading(self, monkeypatch):
        """A list of the files that are read from the storage."""
        read, names = media.read, []
        monkeypatch.setattr(media, "read", lambda name: names.append(name) or read(name))
        return names

    def test_goes_on_with_the_files_it_has(self, site, interrupt, reading, capsys):
        whole = list(media.stored())
        first = interrupt(after=3)
        reading.clear()
        path = made(site)
        assert sorted(first + reading) == sorted(whole)
        assert not list(site.glob("*.part*"))
        call_command("backup", path, verify=True)
        assert "all is the same" in capsys.readouterr().out

    def test_reads_rows_again_that_have_changed_since(self, site, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr("stories_project.backup.rows.written", lambda model: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                made(site)
        Story.objects.update(title="Newer")
        path = made(site)
        Story.objects.update(title="Newest")
        call_command("restore", path, replace=True)
        assert Story.objects.get().title == "Newer"

    def test_goes_on_where_the_last_note_is_cut(self, site, interrupt, reading):
        interrupt(after=2)
        noted = site / "site.zip.part.list"
        noted.write_text(noted.read_text()[:-20])
        reading.clear()
        path = made(site)
        assert len(reading) == len(list(media.stored())) - 1
        list(Reader(path).verify())

    @pytest.mark.parametrize("size", [0, 100])
    def test_begins_again_if_what_it_has_is_not_whole(self, site, interrupt, reading, size):
        interrupt(after=2)
        part = site / "site.zip.part"
        part.write_bytes(part.read_bytes()[:size])
        reading.clear()
        list(Reader(made(site)).verify())
        assert sorted(reading) == sorted(media.stored())

    def test_begins_again_if_a_file_was_erased_meanwhile(self, site, interrupt):
        erased = interrupt(after=2)[0]
        default_storage.delete(erased)
        assert f"media/{erased}" not in Reader(made(site)).members

    def test_that_was_killed_goes_on_as_well(self, site, interrupt, reading):
        """After SIGKILL nothing is closed: the end of the file is half a member."""
        interrupt(after=2)
        part = site / "site.zip.part"
        noted = (site / "site.zip.part.list").read_text().splitlines()
        end = json.loads(noted[-1])["end"]
        part.write_bytes(part.read_bytes()[:end] + b"PK\3\4 half a member")
        reading.clear()
        list(Reader(made(site)).verify())
        assert len(reading) == len(list(media.stored())) - 2


class ARestore:
    def test_asks_before_it_replaces_anything(self, site):
        path = made(site)
        with pytest.raises(CommandError, match="say --replace"):
            call_command("restore", path)

    def test_fills_an_empty_site_without_asking(self, site):
        path = made(site)
        AuditEntry.objects.all().delete()
        for model in (Autosave, Story):
            model.objects.all().delete()
        empty = Reader(path)
        assert empty.size > 0
        call_command("restore", path, replace=True)
        assert Story.objects.count() == 1

    @pytest.mark.parametrize("size", [0, 10, 0.5, 0.999])
    def test_of_a_cut_file_changes_nothing(self, site, size):
        path = made(site)
        content = path.read_bytes()
        path.write_bytes(content[: int(size * len(content)) if size < 1 else size])
        with pytest.raises(CommandError, match=r"Nothing was changed.* is damaged"):
            call_command("restore", path, replace=True)
        assert Story.objects.get().title == "The Loom"

    @pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
    def test_of_a_file_with_one_wrong_bit_changes_nothing(self, site, place):
        path = made(site)
        content = bytearray(path.read_bytes())
        content[int(place * len(content))] ^= 1
        path.write_bytes(content)
        Story.objects.update(title="Now")
        with suppress(CommandError):
            call_command("restore", path, replace=True)
            Story.objects.filter(title="The Loom").update(title="Now")  # nobody reads that bit
        assert Story.objects.get().title == "Now"

    @pytest.mark.parametrize(
        "name",
        [
            "media/../../evil.webp",
            "/etc/passwd",
            "media/.hidden",
            "rows/x.y.jsonl/../z",
            "media/a\\b",
        ],
    )
    def test_refuses_a_name_that_climbs(self, site, name):
        path = made(site)
        with ZipFile(path) as archive:
            members = {n: archive.read(n) for n in archive.namelist()}
        manifest = json.loads(members.pop("manifest.json"))
        manifest["members"][name] = {"size": 4, "sha256": "0" * 64}
        with ZipFile(path, "w") as archive:
            for member, content in {**members, name: b"evil"}.items():
                archive.writestr(member, content)
            archive.writestr("manifest.json", json.dumps(manifest))
        with pytest.raises(CommandError, match="is no name of a backup"):
            call_command("restore", path, replace=True)

    def test_refuses_more_than_the_manifest_says(self, site):
        path = made(site)
        with ZipFile(path, "a") as archive:
            archive.writestr("media/bomb.webp", b"0" * 1_000_000)
        with pytest.raises(CommandError, match="do not belong to it"):
            call_command("restore", path, replace=True)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"format": 99}, "another format"),
            ({"migrations": ["stories.0001_initial"]}, "of another release"),
            ({"members": []}, "is damaged"),
            ({"members": None}, "is damaged"),
        ],
    )
    def test_refuses_a_manifest_that_is_not_of_this_release(self, site, change, sentence):
        path = made(site)
        with ZipFile(path) as archive:
            members = {n: archive.read(n) for n in archive.namelist()}
        manifest = json.loads(members.pop("manifest.json")) | change
        with ZipFile(path, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
            archive.writestr("manifest.json", json.dumps(manifest))
        with pytest.raises(CommandError, match=sentence):
            call_command("restore", path, replace=True)
        assert Story.objects.get().title == "The Loom"

    def test_of_rows_that_do_not_fit_changes_nothing(self, site, monkeypatch):
        path = made(site)

        def broken(reader, name):
            for line in lines(reader, name):
                yield line.replace(b"loom", b"loom\\u0000" if "story" in name else b"loom")
            if name == "rows/stories.takeaway.jsonl":
                yield b"[1, 2]"

        lines = Reader.lines
        monkeypatch.setattr(Reader, "lines", broken)
        with pytest.raises(CommandError, match="does not fit this site"):
            call_command("restore", path, replace=True)
        assert Story.objects.get().slug == "loom"

    def test_of_what_is_no_backup_says_so(self, site):
        text = site / "letter.txt"
        text.write_text("Dear editor")
        for path in (text, site / "nowhere.zip"):
            with pytest.raises(CommandError, match=r"Nothing was changed\."):
                call_command("restore", path, replace=True)
