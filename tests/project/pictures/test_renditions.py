"""Readers get renditions of a picture, never the picture itself."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from stories_project.pictures import renditions
from stories_project.pictures.renditions import (
    FORMATS,
    focus_classes,
    make_renditions,
    picture_of,
    widths_of,
)
from stories_project.pictures.uploads import store_image
from stories_project.text.markdown import for_email, render, with_whole_addresses
from tests.factories import picture


def make(size=(1000, 500), **saving):
    name = store_image(picture(size, **saving), "covers")
    make_renditions(name)
    return name


def opened(address):
    with default_storage.open(address.removeprefix("/media/")) as file:
        image = Image.open(BytesIO(file.read()))
    image.load()
    return image


class APicture:
    @pytest.mark.parametrize("form", FORMATS)
    def test_comes_in_each_format_at_each_width_it_has(self, form):
        shown = picture_of(make())
        for width in (320, 640, 960, 1000):
            image = opened(shown.address(width, form))
            assert image.size == (width, width // 2)
            assert image.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[form]

    @pytest.mark.parametrize(
        ("width", "widths"),
        [
            (3200, [320, 640, 960, 1280, 1920]),
            (1920, [320, 640, 960, 1280, 1920]),
            (1000, [320, 640, 960, 1000]),
            (320, [320]),
            (64, [64]),
        ],
    )
    def test_is_never_enlarged(self, width, widths):
        name = f"covers/{'0' * 32}-{width}x10.webp"
        assert widths_of(picture_of(name).name) == widths

    def test_is_encoded_once(self, monkeypatch):
        name = make()
        monkeypatch.setattr(renditions, "_encode", None)
        make_renditions(name)

    def test_with_transparency_has_a_white_background_as_jpeg(self):
        buffer = BytesIO()
        Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(buffer, "PNG")
        buffer.size = buffer.tell()
        name = store_image(buffer, "covers")
        make_renditions(name)
        assert opened(picture_of(name).src).getpixel((0, 0)) == (255, 255, 255)
        assert opened(picture_of(name).address(40, "webp")).mode == "RGBA"

    @pytest.mark.parametrize("profile", [None, b"no profile at all"])
    def test_is_in_srgb_without_metadata(self, profile):
        profile = profile or ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        exif = Image.Exif()
        exif.get_ifd(0x8825)[1] = "N"
        name = make((40, 20), format="JPEG", icc_profile=profile, exif=exif)
        image = opened(picture_of(name).src)
        assert image.mode == "RGB"
        assert not image.getexif()

    def test_has_classes_for_its_focus(self):
        assert focus_classes("") == ""
        assert focus_classes("33 100") == "focus-x-30 focus-y-100"


@pytest.mark.django_db
class ThePublicAddress:
    def test_of_a_rendition_is_cached_for_ever(self, client):
        response = client.get(picture_of(make()).src)
        assert response["Content-Type"] == "image/jpeg"
        assert "immutable" in response["Cache-Control"]
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
        response.close()

    def test_of_the_picture_itself_redirects_to_its_widest_rendition(self, client):
        name = make()
        response = client.get(f"/media/{name}")
        assert (response.status_code, response["Location"]) == (301, picture_of(name).largest)

    def test_creates_a_rendition_that_a_backup_lacks(self, client):
        name = store_image(picture((400, 200)), "covers")
        response = client.get(picture_of(name).src)
        assert response.status_code == 200
        response.close()
        assert default_storage.exists(picture_of(name).address(400, "avif").removeprefix("/media/"))

    @pytest.mark.parametrize(
        "path",
        [
            f"renditions/covers/{'0' * 32}-640x480-ff6347-320.jpg",
            f"renditions/covers/{'0' * 32}-640x480-ff6347-321.jpg",
            *("renditions/x.jpg", "sharing/x.jpg", "covers/../../db.sqlite3", "..%2fdb.sqlite3"),
        ],
    )
    def test_of_anything_else_is_not_found(self, client, path):
        assert client.get(f"/media/{path}").status_code == 404

    def test_of_a_width_that_no_page_uses_is_not_found(self, client):
        address = picture_of(make()).address(500, "jpg")
        assert client.get(address).status_code == 404


class APictureInAText:
    def test_comes_with_all_its_renditions(self):
        name = make()
        html = render(f"![A kiln](/media/{name})").html
        for form in FORMATS:
            for width in (320, 640, 960, 1000):
                assert f"{picture_of(name).address(width, form)} {width}w" in html
        assert f"/media/{name}" not in html

    def test_has_absolute_urls_in_a_feed(self):
        html = with_whole_addresses(render(f"![A kiln](/media/{make()})").html)
        assert '"/media' not in html
        assert " /media" not in html
        assert html.count("http://127.0.0.1:8000/media/") == 13

    def test_is_one_plain_picture_in_an_email(self):
        name = make()
        html = for_email(render(f"![A kiln](/media/{name})").html, "https://example.org/stories/x/")
        assert "srcset" not in html
        assert "<picture" not in html
        address = picture_of(name).src
        assert f'<img src="http://127.0.0.1:8000{address}" alt="A kiln" width="576">' in html
