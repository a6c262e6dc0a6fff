"""Pictures in a bucket: nothing of it is public but through the site, and a backup takes it along."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from stories.moderating import erasing
from stories.moderating.erasing import delete_lost_portraits
from stories_project import env
from stories_project.backup import media
from stories_project.backup.archive import Reader
from stories_project.backup.backing_up import differences
from stories_project.pictures import object_storage
from stories_project.pictures.renditions import make_renditions, picture_of
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, make_user, picture
from tests.own_s3 import BUCKET, ObjectServer, object_server  # noqa: F401  a fixture
from tests.recording_server import recording_server

pytestmark = pytest.mark.django_db
DISK = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


@pytest.fixture
def bucket(object_server, settings, monkeypatch):  # noqa: F811
    """Store pictures in a bucket; return its server."""
    monkeypatch.setenv("MEDIA_STORAGE", object_server.address)
    settings.STORAGES = settings.STORAGES | {"default": env.storage()}
    return object_server


class APicture:
    def test_that_is_uploaded_at_the_desk_is_in_the_bucket(self, bucket, client):
        client.force_login(make_user("Writer"))
        answer = client.post("/markdownx/upload/", {"image": picture(size=(700, 500))}).json()
        address = answer["image_code"].partition("(")[2].rstrip(")")
        assert address.startswith("/media/images/")
        client.logout()
        assert client.get(address)["Location"].startswith("/media/renditions/images/")
        rendition = client.get(client.get(address)["Location"])
        assert rendition.status_code == 200
        assert rendition["Content-Type"] == "image/jpeg"
        assert rendition["Cache-Control"] == "public, max-age=31536000, immutable"
        assert rendition["X-Content-Type-Options"] == "nosniff"
        assert b"".join(rendition)[:2] == b"\xff\xd8"
        again = client.get(
            rendition.request["PATH_INFO"], headers={"if-none-match": rendition["ETag"]}
        )
        assert again.status_code == 304

    def test_is_not_public_in_the_bucket(self, bucket):
        name = store_image(picture(), "images")
        make_renditions(name)
        rendition = picture_of(name).src.removeprefix("/media/")
        for stored in (name, rendition):
            assert bucket.ask("GET", f"/{BUCKET}/{stored}")[0] == 403
        head = default_storage.bucket.Object
        assert head(name).cache_control == "private, no-store"
        assert head(rendition).cache_control == "public, max-age=31536000, immutable"
        assert head(rendition).content_type == "image/jpeg"

    def test_of_a_hidden_founder_is_gone_at_once(self, bucket, client):
        name = store_image(picture(), "portraits")
        make_renditions(name)
        founder = make_founder(portrait=name, portrait_alt="Ada.")
        address = picture_of(name).src
        assert b"".join(client.get(address))
        founder.hide("She asked us to.", make_user("Moderator"))
        assert client.get(address).status_code == 404

    def test_is_sent_as_any_service_takes_it(self, settings, monkeypatch):
        with recording_server() as server:
            server.usual = (200, b"")
            address = f"s3+http://key:secret@127.0.0.1:{server.port}/{BUCKET}"
            monkeypatch.setenv("MEDIA_STORAGE", address)
            settings.STORAGES = settings.STORAGES | {"default": env.storage()}
            default_storage.save("images/x.webp", ContentFile(b"the picture"))
        ((method, path, headers, body),) = server.requests
        assert (method, path, body) == ("PUT", f"/{BUCKET}/images/x.webp", b"the picture")
        assert headers["Content-Type"] == "image/webp"
        assert not [name for name in headers if "checksum" in name.lower()]
        assert "aws-chunked" not in headers.get("Content-Encoding", "")

    def test_is_stored_once(self, bucket):
        assert store_image(picture(), "images") == store_image(picture(), "images")

    def test_that_nothing_names_any_more_is_deleted_from_the_bucket(self, bucket, monkeypatch):
        named, lost = (store_image(picture(size=(60, h)), "portraits") for h in (31, 32))
        for name in (named, lost):
            make_renditions(name)
        make_founder(portrait=named, portrait_alt="Ada.")
        assert delete_lost_portraits() == 0  # They are new.
        monkeypatch.setattr(erasing, "KEPT_AFTER_UPLOAD", -timedelta(minutes=1))
        assert delete_lost_portraits()
        kept = [item.key for item in default_storage.bucket.objects.all()]
        stem = lost.removesuffix(".webp")
        assert [key for key in kept if stem in key] == []
        assert len([key for key in kept if named.removesuffix(".webp") in key]) == 4

    def test_is_drawn_for_a_shared_link(self, bucket, client):
        make_story(slug="loom")
        page = client.get("/stories/loom/").text
        path = page.partition('property="og:image" content="http://127.0.0.1:8000')[2]
        assert client.get(path.partition('"')[0]).status_code == 200


class ABackup:
    @pytest.mark.django_db(transaction=True)
    def test_goes_from_the_bucket_to_the_disk_and_back(self, bucket, settings, tmp_path):
        name = store_image(picture(size=(50, 40)), "images")
        path = tmp_path / "bucket.zip"
        call_command("backup", path)
        in_bucket = settings.STORAGES["default"]
        settings.STORAGES = settings.STORAGES | {"default": DISK}
        call_command("restore", path, replace=True)
        assert default_storage.exists(name)
        call_command("backup", tmp_path / "disk.zip")
        assert differences(Reader(path), Reader(tmp_path / "disk.zip")) == []
        settings.STORAGES = settings.STORAGES | {"default": in_bucket}
        for stored in media.stored():
            default_storage.delete(stored)
        call_command("restore", tmp_path / "disk.zip", replace=True)
        assert f"media/{name}" in Reader(path).members
        assert default_storage.exists(name)


class ASilentStorage:
    @pytest.fixture(params=["kill"])
    def away(self, request, settings, monkeypatch):
        server = ObjectServer()
        monkeypatch.setenv("MEDIA_STORAGE", server.address)
        settings.STORAGES = settings.STORAGES | {"default": env.storage()}
        name = store_image(picture(), "images")
        make_renditions(name)
        getattr(server, request.param)()
        yield picture_of(name).src
        server.kill()

    @pytest.mark.parametrize("away", ["kill", "fall_silent"], indirect=True)
    def test_is_said_at_readyz_and_costs_no_page(self, away, client):
        make_story(slug="loom")
        began = time.monotonic()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["storage"]) == (503, "failed")
        assert time.monotonic() - began < 15
        assert client.get("/stories/loom/").status_code == 200

    def test_holds_one_request_and_not_all(self, bucket, monkeypatch):
        name = store_image(picture(size=(34, 43)), "images")
        bucket.fall_silent()
        with pytest.raises(OSError, match="Read timeout"):
            default_storage.exists(name)
        bucket.speak_again()
        with pytest.raises(OSError, match="is asked again soon"):
            default_storage.exists(name)
        late = time.monotonic() + object_storage.PAUSE
        monkeypatch.setattr(object_storage, "monotonic", lambda: late)
        assert default_storage.exists(name)
        assert default_storage.exists(name)

    def test_lets_one_request_find_out(self, bucket, monkeypatch):
        default_storage.ask_again_at = time.monotonic() - 1
        assert default_storage.may_be_asked()
        assert not default_storage.may_be_asked()

    def test_that_stops_within_a_file_is_an_error_of_the_disk(self, half_a_file):
        began = time.monotonic()
        with pytest.raises(OSError, match="object storage does not answer"):
            default_storage.open("images/x")
        assert time.monotonic() - began < 15

    def test_is_an_error_of_the_disk(self, away):
        for ask in (
            lambda: default_storage.exists("images/x"),
            lambda: default_storage.open("images/x"),
            lambda: default_storage.listdir(""),
            lambda: default_storage.delete("images/x"),
            lambda: default_storage.get_modified_time("images/x"),
            lambda: store_image(picture(size=(33, 44)), "images"),
        ):
            with pytest.raises(OSError, match="object storage does not answer"):
                ask()

    def test_loses_nothing_that_an_editor_sends(self, away, client):
        client.force_login(make_user("Editor"))
        sent = {"title": "Kept text", "body": "Typed.", "cover-upload": picture(size=(61, 43))}
        client.raise_request_exception = False
        answer = client.post("/admin/stories/story/add/", sent)
        assert answer.status_code == 503
        assert "Kept text" in answer.text


@pytest.fixture
def half_a_file(settings, monkeypatch):
    """A storage that promises more of a file than it sends."""

    def answer(connection):
        asked = connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        if asked.startswith(b"GET"):
            connection.sendall(b"half")
            is_over.wait(60)
        connection.close()

    def listen():
        while not is_over.is_set():
            answer(listener.accept()[0])

    is_over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=listen, daemon=True).start()
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    monkeypatch.setenv("MEDIA_STORAGE", f"s3+http://key:secret@{host}/pictures")
    settings.STORAGES = settings.STORAGES | {"default": env.storage()}
    yield
    is_over.set()
    socket.create_connection(listener.getsockname()).close()
    listener.close()


class TheAddressOfTheStorage:
    @pytest.mark.parametrize(
        "address",
        [
            *("s3://", "https://key:secret@host/bucket", "s3://host/bucket"),
            *("s3://key:se/cret@host/bucket", "s3://key:secret@host:65536/bucket"),
        ],
    )
    def test_that_is_wrong_is_refused_without_its_secret(self, monkeypatch, address):
        monkeypatch.setenv("MEDIA_STORAGE", address)
        with pytest.raises(env.ImproperlyConfigured, match="MEDIA_STORAGE is not") as refused:
            env.storage()
        assert "cret@" not in str(refused.value)

    def test_says_where_and_with_what(self, monkeypatch):
        monkeypatch.setenv(
            "MEDIA_STORAGE", "s3://key:a%2Fb@s3.example.org/our-pictures?region=eu-1"
        )
        options = env.storage()["OPTIONS"]
        assert options["endpoint_url"] == "https://s3.example.org"
        assert (options["access_key"], options["secret_key"]) == ("key", "a/b")
        assert (options["bucket_name"], options["region_name"]) == ("our-pictures", "eu-1")
