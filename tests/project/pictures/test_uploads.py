"""Uploaded pictures: verified, made safe, stored by their content."""

import errno
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stories_project.pictures import uploads
from stories_project.pictures.uploads import (
    is_stored,
    store_image,
    stored_name,
    stored_name_in,
)
from tests.factories import picture


def stored(upload):
    with default_storage.open(store_image(upload, "covers")) as file:
        image = Image.open(BytesIO(file.read()))
    return image


class ADiskThatIsFull:
    def test_leaves_no_half_of_a_picture_behind(self, settings, monkeypatch):
        def fill(file, chunk_size=None):
            yield b"half of"
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as full:
            full.setattr(ContentFile, "chunks", fill)
            with pytest.raises(OSError, match="No space left"):
                store_image(picture(), "covers")
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
        assert stored(picture()).size == (64, 36)


class APicture:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
    def test_of_every_accepted_kind_is_stored_as_webp(self, kind):
        image = stored(picture(format=kind))
        assert (image.format, image.size) == ("WEBP", (64, 36))

    def test_is_stored_once_under_its_content(self, settings):
        assert store_image(picture(), "covers") == store_image(picture(name="b.png"), "covers")
        assert len(list(settings.MEDIA_ROOT.rglob("*.webp"))) == 1

    def test_is_turned_upright_and_loses_its_gps_position(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by ninety degrees
        exif.get_ifd(0x8825)[1] = "N"  # GPS
        image = stored(picture(format="JPEG", exif=exif))
        assert image.size == (36, 64)
        assert not image.getexif()

    def test_that_is_wide_is_scaled(self):
        assert stored(picture(size=(6400, 100))).size == (3200, 50)

    def test_keeps_its_transparency(self):
        buffer = BytesIO()
        Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(buffer, "PNG")
        assert stored(SimpleUploadedFile("t.png", buffer.getvalue())).mode == "RGBA"

    def test_in_cmyk_is_stored_as_rgb(self):
        buffer = BytesIO()
        Image.new("CMYK", (8, 8)).save(buffer, "JPEG")
        assert stored(SimpleUploadedFile("t.jpg", buffer.getvalue())).mode == "RGB"

    def test_has_its_size_and_colour_in_its_name(self):
        name = store_image(picture(), "covers")
        for address in (name, f"/media/{name}"):
            told = stored_name_in(address)
            assert (told.width, told.height, told.colour) == (64, 36, "ff6347")
        assert stored_name_in(f"covers/{'0' * 32}-64x36.webp").colour == "8a8178"
        assert stored_name_in("/media/covers/other.webp") is None

    def test_is_known_in_its_own_folder_only(self):
        name = store_image(picture(), "covers")
        assert is_stored(name, "covers")
        assert not is_stored(name, "portraits")
        assert not is_stored("covers/../secret.webp", "covers")


class ASecondUploadOfTheSameBytes:
    @pytest.fixture
    def first(self):
        return store_image(picture(), "covers")

    @pytest.fixture
    def decoded(self, monkeypatch):
        """Return the list of uploads that were decoded since."""
        decode, uploaded = uploads._decode, []
        monkeypatch.setattr(uploads, "_decode", lambda u: uploaded.append(u) or decode(u))
        return uploaded

    def record(self, settings):
        return next(path for path in settings.MEDIA_ROOT.rglob("uploads/**/*") if path.is_file())

    def test_is_not_decoded(self, first, decoded):
        assert store_image(picture(name="b.png"), "covers") == first
        assert stored_name(picture(), "covers") == first
        assert not decoded

    def test_is_decoded_if_the_picture_is_missing(self, first, decoded):
        default_storage.delete(first)
        assert store_image(picture(), "covers") == first
        assert default_storage.exists(first)
        assert len(decoded) == 1

    def test_is_decoded_for_another_folder(self, first, decoded):
        assert store_image(picture(), "portraits").startswith("portraits/")
        assert len(decoded) == 1

    def test_is_decoded_after_a_release_that_prepares_pictures_otherwise(
        self, first, decoded, monkeypatch
    ):
        monkeypatch.setattr(uploads, "PREPARATION_VERSION", uploads.PREPARATION_VERSION + 1)
        store_image(picture(), "covers")
        assert len(decoded) == 1

    @pytest.mark.parametrize(
        "content", [b"", b"\xff", b"../db.sqlite3", b"portraits/x.webp", b"x" * 1000]
    )
    def test_is_decoded_if_its_record_is_damaged(self, first, decoded, settings, content):
        self.record(settings).write_bytes(content)
        assert store_image(picture(), "covers") == first
        assert store_image(picture(), "covers") == first
        assert len(decoded) == 1

    def test_is_refused_if_it_is_larger_than_is_allowed_now(self, first, settings):
        settings.IMAGE_MAX_BYTES = 10
        with pytest.raises(ValidationError, match="is larger than 10"):
            store_image(picture(), "covers")

    def test_that_was_refused_is_refused_again(self):
        for _ in range(2):
            with pytest.raises(ValidationError, match="not a picture that can be read"):
                store_image(SimpleUploadedFile("x.png", b"not a picture"), "covers")

    @pytest.mark.django_db
    def test_has_a_record_that_nobody_can_ask_for(self, first, settings, client):
        address = self.record(settings).relative_to(settings.MEDIA_ROOT)
        assert client.get(f"/media/{address}").status_code == 404


class APictureThatAnotherProcessStoresAtTheSameMoment:
    def test_is_stored_once(self, settings, monkeypatch):
        name = store_image(picture(), "covers")
        before = sorted(settings.MEDIA_ROOT.rglob("*"))
        answers = iter([False])
        exists = default_storage.exists
        monkeypatch.setattr(default_storage, "exists", lambda n: next(answers, exists(n)))
        uploads.store_once(name, b"the same")
        assert sorted(settings.MEDIA_ROOT.rglob("*")) == before


class AFileThatIsNotAPicture:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not a picture",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<html><script>alert(1)</script></html>",
            b"GIF89a<script>alert(1)</script>",
            b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
            picture().read()[:60],
            picture(format="JPEG").read()[:200],
        ],
    )
    def test_is_refused_in_a_sentence(self, content):
        with pytest.raises(ValidationError, match="not a picture that can be read"):
            store_image(SimpleUploadedFile("x.png", content), "covers")


class APictureThatIsTooLarge:
    def test_in_pixels_is_refused_before_it_is_decoded(self, monkeypatch):
        upload = picture(size=(10_000, 10_000), format="GIF")
        monkeypatch.setattr(Image.Image, "load", None)
        with pytest.raises(ValidationError, match="50 million pixels"):
            store_image(upload, "covers")

    def test_in_bytes_is_refused(self, settings):
        settings.IMAGE_MAX_BYTES = 10
        with pytest.raises(ValidationError, match="is larger than 10"):
            store_image(picture(), "covers")


class ManyUploads:
    def test_at_once_are_decoded_one_after_another(self, monkeypatch):
        decode, running, most = uploads._decode, [], []

        def watched(upload):
            running.append(upload)
            most.append(len(running))
            time.sleep(0.02)
            try:
                return decode(upload)
            finally:
                running.remove(upload)

        monkeypatch.setattr(uploads, "_decode", watched)
        pictures = [picture(size=(60 + number, 40)) for number in range(6)]
        with ThreadPoolExecutor(6) as pool:
            names = list(pool.map(lambda upload: uploads.store_image(upload, "images"), pictures))
        assert len(set(names)) == 6
        assert max(most) == 1
