"""The pictures of an export: stored under their own names, since texts and rows name them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy
from PIL import Image

from stories.moving.site_files import MEDIA
from stories_project.pictures.uploads import STORED_NAME, store_once
from stories_project.text.front_matter import BadFile

NOT_OURS = gettext_lazy(
    "This is not a picture that export_site has written: its content is another one."
)


def pictures(directory: Path) -> Iterator[Path]:
    """Yield the paths of the pictures of an export, sorted."""
    yield from sorted(path for path in (directory / MEDIA).glob("*/*.webp") if path.is_file())


def store_picture(path: Path, directory: Path) -> None:
    """Store a picture under its name. Raises BadFile if it is not what its name says.

    It is not encoded again, so it has to be what the site stores: a WebP file of this size, with
    the hash of its content in its name, and without metadata that names a place or a camera.
    """
    name = path.relative_to(directory / MEDIA).as_posix()
    match = STORED_NAME.fullmatch(name)
    if not match or path.is_symlink() or path.stat().st_size > settings.IMAGE_MAX_BYTES:
        raise BadFile(str(NOT_OURS))
    content = path.read_bytes()
    if not path.stem.startswith(hashlib.sha256(content).hexdigest()[:32]):
        raise BadFile(str(NOT_OURS))
    try:
        with Image.open(path, formats=["WEBP"]) as picture:
            is_right = picture.size == (int(match["width"]), int(match["height"]))
            has_metadata = bool({"exif", "xmp"} & picture.info.keys())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadFile(str(NOT_OURS)) from error
    if not is_right or has_metadata:
        raise BadFile(str(NOT_OURS))
    store_once(name, content)


def name_in(value: object) -> str:
    """Return the name of the stored picture that a path in the front matter means, or nothing."""
    match = STORED_NAME.search(str(value or ""))
    return match.group() if match and str(value).endswith(match.group()) else ""
