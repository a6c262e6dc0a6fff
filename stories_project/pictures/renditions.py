"""Renditions of a stored picture: up to five widths in three formats, created when it is stored.

Readers get these, never the picture itself. The name of a rendition follows from the picture's
name, which also holds the size and the mean colour: a page needs neither a query nor a file to
write its HTML. https://html.spec.whatwg.org/#the-picture-element
"""

import re
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from stories_project.pictures.uploads import StoredName, decoding, store_once, stored_name_in

WIDTHS = (320, 640, 960, 1280, 1920)
FORMATS: dict[str, partial[dict[str, Any]]] = {
    "avif": partial(dict, format="AVIF", quality=55, speed=8),
    "webp": partial(dict, format="WEBP", quality=78, method=4),
    "jpg": partial(dict, format="JPEG", quality=80, progressive=True, optimize=True),
}
NAME = re.compile(
    r"renditions/(?P<master>[a-z]+/[0-9a-f]{32}[-0-9a-fx]*)-(?P<width>\d+)\.(?P<format>avif|webp|jpg)"
)
# The widest rendition for browsers that ignore `srcset`, in pixels.
PLAIN_WIDTH = 960


@dataclass(frozen=True)
class Picture:
    """A picture as a page shows it; `templates/_picture.html` renders it."""

    name: StoredName

    def shown(self) -> dict[str, Any]:
        """Return what the template shows; a number would be written as the language writes it."""
        return {
            "src": self.src,
            "sources": self.sources,
            "jpeg_srcset": self.jpeg_srcset,
            "colour": self.colour,
            "width": str(self.width),
            "height": str(self.height),
        }

    @property
    def width(self) -> int:
        """Width of the stored picture in pixels."""
        return self.name.width

    @property
    def height(self) -> int:
        """Height of the stored picture in pixels."""
        return self.name.height

    @property
    def colour(self) -> str:
        """The colour to show until the picture has loaded, as six hexadecimal digits."""
        return self.name.colour

    @property
    def src(self) -> str:
        """The URL for browsers that support neither `srcset` nor another format."""
        fitting = [width for width in widths_of(self.name) if width <= PLAIN_WIDTH]
        return self.address(fitting[-1], "jpg")

    @property
    def largest(self) -> str:
        """The URL of the widest rendition, as JPEG."""
        return self.address(widths_of(self.name)[-1], "jpg")

    @property
    def smallest(self) -> str:
        """The URL of the narrowest rendition, as JPEG."""
        return self.address(widths_of(self.name)[0], "jpg")

    @property
    def smallest_width(self) -> int:
        """The width of the narrowest rendition in pixels."""
        return widths_of(self.name)[0]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """(MIME type, srcset) of the formats that some browsers lack, the smallest first."""
        return [(f"image/{form}", self.srcset(form)) for form in ("avif", "webp")]

    @property
    def jpeg_srcset(self) -> str:
        """The srcset of the format that every browser supports."""
        return self.srcset("jpg")

    def srcset(self, form: str) -> str:
        """Return the URLs of all widths in one format, as the value of `srcset`."""
        return ", ".join(f"{self.address(w, form)} {w}w" for w in widths_of(self.name))

    def address(self, width: int, form: str) -> str:
        """Return the URL of one rendition; `width` is in pixels."""
        return default_storage.url(rendition_name(self.name, width, form))


def picture_of(name: object) -> Picture | None:
    """Return the Picture of a stored name or its URL, or None for anything else."""
    stored = stored_name_in(str(name))
    return Picture(stored) if stored else None


def focus_classes(focus: str) -> str:
    """Return the CSS classes for a focal point such as "30 70": percent from left and top."""
    if not focus:
        return ""
    x, y = (round(int(part), -1) for part in focus.split())
    return f"focus-x-{x} focus-y-{y}"


def widths_of(stored: StoredName) -> list[int]:
    """Return the widths of a picture's renditions in pixels; none is wider than the picture."""
    return [width for width in WIDTHS if width < stored.width] + (
        [stored.width] if stored.width <= WIDTHS[-1] else []
    )


def rendition_name(stored: StoredName, width: int, form: str) -> str:
    """Return the name of a rendition in the default storage."""
    return f"renditions/{stored.stem}-{width}.{form}"


def make_renditions(name: str) -> None:
    """Create the missing renditions of a stored picture; raise ValueError for another name."""
    stored = stored_name_in(name)
    if stored is None:
        raise ValueError(f"{name} is not the name of a stored picture")
    with decoding:
        missing = [
            (width, form)
            for width in widths_of(stored)
            for form in FORMATS
            if not default_storage.exists(rendition_name(stored, width, form))
        ]
        if not missing:
            return
        with default_storage.open(name) as file:
            master = _in_srgb(Image.open(file))
        for width in sorted({width for width, _ in missing}, reverse=True):
            scaled = _scaled(master, width)
            for form in [form for other, form in missing if other == width]:
                store_once(rendition_name(stored, width, form), _encode(scaled, form))


def remove_renditions(name: str) -> None:
    """Delete the renditions of a stored picture; the picture itself stays."""
    if stored := stored_name_in(name):
        for width in widths_of(stored):
            for form in FORMATS:
                default_storage.delete(rendition_name(stored, width, form))


def make_if_missing(name: str) -> bool:
    """Create a rendition if it is valid but missing; return whether it exists now.

    This is for pictures that were restored from a backup, or are older than the renditions.
    """
    match = NAME.fullmatch(name)
    stored = stored_name_in(f"{match['master']}.webp") if match else None
    if not match or not stored or int(match["width"]) not in widths_of(stored):
        return False
    if default_storage.exists(name):
        return True
    master = f"{stored.stem}.webp"
    if not default_storage.exists(master):
        return False
    make_renditions(master)
    return default_storage.exists(name)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Convert a picture to sRGB; one without a usable colour profile stays as it is."""
    picture.load()
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, srgb) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _encode(picture: Image.Image, form: str) -> bytes:
    if form == "jpg" and picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, **FORMATS[form]())
    return buffer.getvalue()
