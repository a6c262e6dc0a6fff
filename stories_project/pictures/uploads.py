"""Uploaded pictures: verified by decoding, made safe, stored under the hash of their content."""

import hashlib
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from PIL import Image, ImageOps

ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
ACCEPT_ATTRIBUTE = "image/jpeg,image/png,image/webp,image/avif,image/gif"
LONGEST_SIDE = 3200
STORED_NAME = re.compile(
    r"(?P<stem>(?P<folder>[a-z]+)/[0-9a-f]{32}-(?P<width>[1-9]\d*)x(?P<height>[1-9]\d*)"
    r"(?:-(?P<colour>[0-9a-f]{6}))?)\.webp"
)
# Where a name from before there were colours tells none.
NO_COLOUR = "8a8178"


@dataclass(frozen=True)
class StoredName:
    """What the name of a stored picture tells: its size in pixels and its mean colour."""

    stem: str
    width: int
    height: int
    colour: str


def store_image(upload, folder):
    """Store an uploaded picture and return its name in the default storage.

    `upload` is a Django File. The first frame is turned upright, scaled to at most 3,200 pixels on
    its longest side, and written anew as WebP, which leaves EXIF and GPS behind. The name carries
    the hash of the content, the size in pixels and the mean colour, so that the same picture is
    stored once and a page knows all that without opening it. Raises ValidationError with a sentence
    for the editor.
    """
    name, content = _prepare(upload, folder)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name


def stored_name(upload, folder):
    """Return the name that `store_image` would give, and raise what it would raise."""
    return _prepare(upload, folder)[0]


def is_stored(name, folder):
    """Whether the name is that of a picture `store_image` has put into the folder."""
    match = STORED_NAME.fullmatch(name)
    return bool(match) and match["folder"] == folder and default_storage.exists(name)


def stored_name_in(address):
    """Return the StoredName in the name or the address of a stored picture, or None."""
    match = STORED_NAME.fullmatch("/".join(PurePosixPath(address).parts[-2:]))
    if not match:
        return None
    colour = match["colour"] or NO_COLOUR
    return StoredName(match["stem"], int(match["width"]), int(match["height"]), colour)


def _prepare(upload, folder):
    """Return the name under which a picture is stored, and the bytes that are."""
    picture = _decode(upload)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    content = _encode(picture)
    digest = hashlib.sha256(content).hexdigest()[:32]
    size = f"{picture.width}x{picture.height}"
    return f"{folder}/{digest}-{size}-{_mean_colour(picture)}.webp", content


def _decode(upload):
    if upload.size > settings.IMAGE_MAX_BYTES:
        limit = filesizeformat(settings.IMAGE_MAX_BYTES)
        raise ValidationError(f"This picture is larger than {limit}. Save it smaller first.")
    try:
        upload.seek(0)
        with warnings.catch_warnings():
            # The size is judged below, by our own limit, before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=ACCEPTED_FORMATS)
        _refuse_too_many_pixels(picture)
        return _flatten(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError:
        _refuse(settings.IMAGE_MAX_PIXELS)
    except (OSError, SyntaxError, ValueError, IndexError, EOFError) as error:
        raise ValidationError(
            "This file is not a picture that can be read. Use JPEG, PNG, WebP, AVIF or GIF."
        ) from error


def _refuse_too_many_pixels(picture):
    if picture.width * picture.height > settings.IMAGE_MAX_PIXELS:
        _refuse(settings.IMAGE_MAX_PIXELS)


def _refuse(limit):
    raise ValidationError(
        f"This picture has more than {limit // 1_000_000} million pixels. Save it smaller first."
    )


def _flatten(picture):
    """Return the picture in RGB or RGBA, with its colour profile where that still applies."""
    profile = picture.info.get("icc_profile") if picture.mode in {"RGB", "RGBA"} else None
    flat = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    flat.info = {"icc_profile": profile}
    return flat


def _mean_colour(picture):
    return bytes(picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))).hex()


def _encode(picture):
    buffer = BytesIO()
    profile = picture.info["icc_profile"]
    picture.save(buffer, "WEBP", quality=88, method=4, icc_profile=profile)
    return buffer.getvalue()
