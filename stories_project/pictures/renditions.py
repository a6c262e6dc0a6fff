"""What readers get of a stored picture: five widths in three formats, made once, when it is stored.

A rendition's name follows from the picture's: a page knows all addresses, the size and the colour
that stands there meanwhile without asking anything. https://html.spec.whatwg.org/#the-picture-element
"""

import re
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from threading import Lock

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from stories_project.pictures.uploads import StoredName, stored_name_in

WIDTHS = (320, 640, 960, 1280, 1920)
FORMATS = {
    "avif": partial(dict, format="AVIF", quality=55, speed=8),
    "webp": partial(dict, format="WEBP", quality=78, method=4),
    "jpg": partial(dict, format="JPEG", quality=80, progressive=True, optimize=True),
}
NAME = re.compile(
    r"renditions/(?P<master>[a-z]+/[0-9a-f]{32}[-0-9a-fx]*)-(?P<width>\d+)\.(?P<format>avif|webp|jpg)"
)
# The width that everybody can show who knows nothing of the others.
PLAIN_WIDTH = 960
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Picture:
    """A picture as a page shows it; `templates/_picture.html` writes it down."""

    name: StoredName

    @property
    def width(self):
        """Pixels of the stored picture, which tell its proportions."""
        return self.name.width

    @property
    def height(self):
        """Pixels of the stored picture."""
        return self.name.height

    @property
    def colour(self):
        """The colour that stands where the picture will, as six hexadecimal digits."""
        return self.name.colour

    @property
    def src(self):
        """The address for whoever knows no other format or width."""
        fitting = [width for width in widths_of(self.name) if width <= PLAIN_WIDTH]
        return self.address(fitting[-1], "jpg")

    @property
    def largest(self):
        """The address of the widest rendition, as JPEG."""
        return self.address(widths_of(self.name)[-1], "jpg")

    @property
    def sources(self):
        """(MIME type, srcset) of the formats that not everybody knows, the smallest first."""
        return [(f"image/{form}", self.srcset(form)) for form in ("avif", "webp")]

    @property
    def jpeg_srcset(self):
        """Every address in the format that everybody knows."""
        return self.srcset("jpg")

    def srcset(self, form):
        """Return every address in a format with its width."""
        return ", ".join(f"{self.address(w, form)} {w}w" for w in widths_of(self.name))

    def address(self, width, form):
        """Return the address of one rendition."""
        return default_storage.url(rendition_name(self.name, width, form))


def picture_of(name):
    """Return the Picture of a stored name or of its address, or None where it is neither."""
    stored = stored_name_in(str(name))
    return Picture(stored) if stored else None


def focus_classes(focus):
    """Return the CSS classes for a focal point, "30 70" in percent from left and top."""
    if not focus:
        return ""
    x, y = (round(int(part), -1) for part in focus.split())
    return f"focus-x-{x} focus-y-{y}"


def widths_of(stored):
    """Return the widths that a picture has: no rendition is wider than it."""
    return [width for width in WIDTHS if width < stored.width] + (
        [stored.width] if stored.width <= WIDTHS[-1] else []
    )


def rendition_name(stored, width, form):
    """Return the name of a rendition in the storage."""
    return f"renditions/{stored.stem}-{width}.{form}"


def make_renditions(name):
    """Make those renditions of a stored picture that are missing."""
    stored = stored_name_in(name)
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
            _save(rendition_name(stored, width, form), _encode(scaled, form))


def make_if_missing(name):
    """Make a rendition that a page may name and the storage lacks; whether there is one now.

    For pictures that came from elsewhere: out of a backup, or from before there were renditions.
    """
    match = NAME.fullmatch(name)
    stored = match and stored_name_in(f"{match['master']}.webp")
    if not stored or int(match["width"]) not in widths_of(stored):
        return False
    if default_storage.exists(name):
        return True
    master = f"{stored.stem}.webp"
    with _one_at_a_time:
        if not default_storage.exists(master):
            return False
        make_renditions(master)
    return default_storage.exists(name)


def _in_srgb(picture):
    """Return a picture in the colours of the web; what its profile cannot tell stays as it is."""
    picture.load()
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    try:
        return ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _scaled(picture, width):
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _encode(picture, form):
    if form == "jpg" and picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, **FORMATS[form]())
    return buffer.getvalue()


def _save(name, content):
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
