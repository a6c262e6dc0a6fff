"""Uploaded pictures: verified, encoded again, and stored under the hash of their content.

A small file in the storage keeps which picture an upload became, under the hash of the upload. So
the same bytes are decoded and encoded only once, by whatever process and with whatever database.
"""

import hashlib
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from threading import Lock
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
ACCEPT_ATTRIBUTE = "image/jpeg,image/png,image/webp,image/avif,image/gif"
LONGEST_SIDE = 3200
LONGEST_NAME = 200
STORED_NAME = re.compile(
    r"(?P<stem>(?P<folder>[a-z]+)/[0-9a-f]{32}-(?P<width>[1-9]\d*)x(?P<height>[1-9]\d*)"
    r"(?:-(?P<colour>[0-9a-f]{6}))?)\.webp"
)
# A process decodes one picture at a time: one of 50 megapixels takes some hundred MB meanwhile.
decoding = Lock()
# Raise it whenever the same upload becomes another picture.
PREPARATION_VERSION = 1
# For old names, which have no colour.
NO_COLOUR = "8a8178"


@dataclass(frozen=True)
class StoredName:
    """The parts of a stored picture's name: its size in pixels and its mean colour.

    `stem` is the name without its suffix; `colour` is six hexadecimal digits.
    """

    stem: str
    width: int
    height: int
    colour: str


def store_image(upload: File, folder: str) -> str:
    """Store an uploaded picture and return its name in the default storage.

    The first frame is turned upright, scaled to at most 3,200 pixels on its longest side, and
    encoded again as WebP, which removes EXIF and GPS data. The name holds the hash of the content,
    the size in pixels and the mean colour: the same picture is stored once, and a page knows its
    size and colour without opening it. Raises ValidationError with a sentence for the editor.
    """
    record = _record_of(upload, folder)
    if known := _known_name(record, folder):
        return known
    name, content = _prepare(upload, folder)
    store_once(name, content)
    default_storage.delete(record)
    store_once(record, name.encode())
    return name


def stored_name(upload: File, folder: str) -> str:
    """Return the name that `store_image` would return, without storing. Raises the same errors."""
    known = _known_name(_record_of(upload, folder), folder)
    return known or _prepare(upload, folder)[0]


def store_once(name: str, content: bytes) -> None:
    """Store a file under exactly this name, unless it is stored already.

    If another process stores it at the same moment, the storage chooses another name: that copy is
    deleted.
    """
    if default_storage.exists(name):
        return
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:
        default_storage.delete(stored)


def stored_in(folder: str) -> list[str]:
    """Return the names of the files in a folder; none if nothing was stored there yet."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in files]


def is_stored(name: str, folder: str) -> bool:
    """Whether `store_image` has stored a picture under this name in the folder."""
    match = STORED_NAME.fullmatch(name)
    return match is not None and match["folder"] == folder and default_storage.exists(name)


def stored_name_in(address: str) -> StoredName | None:
    """Return the StoredName in the name or URL of a stored picture, or None for anything else."""
    match = STORED_NAME.fullmatch("/".join(PurePosixPath(address).parts[-2:]))
    if not match:
        return None
    colour = match["colour"] or NO_COLOUR
    return StoredName(match["stem"], int(match["width"]), int(match["height"]), colour)


def _record_of(upload: File, folder: str) -> str:
    """Return the name of the file that keeps what this upload became in the folder.

    Raises ValidationError if the upload is too large to be read.
    """
    if upload.size > settings.IMAGE_MAX_BYTES:
        limit = filesizeformat(settings.IMAGE_MAX_BYTES)
        text = _("This picture is larger than %(limit)s. Save it smaller first.")
        raise ValidationError(text % {"limit": limit})
    upload.seek(0)
    digest = hashlib.sha256(upload.read()).hexdigest()
    return f"uploads/{PREPARATION_VERSION}/{folder}/{digest}"


def _known_name(record: str, folder: str) -> str | None:
    """Return the name in a record, if that picture is still stored."""
    try:
        with default_storage.open(record) as file:
            name = file.read(LONGEST_NAME).decode(errors="replace")
    except FileNotFoundError:
        return None
    return name if is_stored(name, folder) else None


def _prepare(upload: File, folder: str) -> tuple[str, bytes]:
    """Return the name and the content of the file to store."""
    with decoding:
        picture = _decode(upload)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        content = _encode(picture)
    digest = hashlib.sha256(content).hexdigest()[:32]
    size = f"{picture.width}x{picture.height}"
    return f"{folder}/{digest}-{size}-{_mean_colour(picture)}.webp", content


def _decode(upload: File) -> Image.Image:
    try:
        upload.seek(0)
        with warnings.catch_warnings():
            # Our own limit is checked below, before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=ACCEPTED_FORMATS)
        _refuse_too_many_pixels(picture)
        return _flatten(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError:
        _refuse(settings.IMAGE_MAX_PIXELS)
    except (OSError, SyntaxError, ValueError, IndexError, EOFError) as error:
        raise ValidationError(
            _("This file is not a picture that can be read. Use JPEG, PNG, WebP, AVIF or GIF.")
        ) from error


def _refuse_too_many_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > settings.IMAGE_MAX_PIXELS:
        _refuse(settings.IMAGE_MAX_PIXELS)


def _refuse(limit: int) -> NoReturn:
    raise ValidationError(
        _("This picture has more than %(millions)s million pixels. Save it smaller first.")
        % {"millions": limit // 1_000_000}
    )


def _flatten(picture: Image.Image) -> Image.Image:
    """Convert a picture to RGB or RGBA; keep its colour profile if it had that mode already."""
    profile = picture.info.get("icc_profile") if picture.mode in {"RGB", "RGBA"} else None
    flat = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    flat.info = {"icc_profile": profile}
    return flat


def _mean_colour(picture: Image.Image) -> str:
    return picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes().hex()


def _encode(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    profile = picture.info["icc_profile"]
    picture.save(buffer, "WEBP", quality=88, method=4, icc_profile=profile)
    return buffer.getvalue()
