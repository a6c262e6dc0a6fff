"""The one way of an upload into the library: its file, its renditions, and its row."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from stories_project.library.models import StoredPicture
from stories_project.pictures.renditions import make_renditions
from stories_project.pictures.upload_quota import uploader_of
from stories_project.pictures.uploads import store_image

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_TITLE = 200


def keep_upload(upload: File, folder: str, *, with_renditions: bool = True) -> str:
    """Store an uploaded picture with its renditions and its row, and return its name.

    Without renditions, the first request for one of them makes them. A picture that was uploaded
    before keeps its row. Raises ValidationError with a sentence for the editor.
    """
    name = store_image(upload, folder)
    if with_renditions:
        make_renditions(name)
    _touch(name, upload, uploader_of(upload))
    if not default_storage.exists(name):
        # It was deleted as unused just before this upload said that somebody wants it.
        store_image(upload, folder)
        make_renditions(name)
    return name


def _touch(name: str, upload: File, by: "User | None") -> None:
    """Make the row of a picture, or note in it that it was uploaded again."""
    row = StoredPicture.named(name)
    values = {
        **{"folder": row.folder, "width": row.width, "height": row.height},
        **{"bytes": default_storage.size(name), "uploaded_by": by},
        "title": title_of(upload.name or ""),
    }
    if not StoredPicture.objects.get_or_create(name=name, defaults=values)[1]:
        StoredPicture.objects.filter(name=name).update(last_uploaded_at=timezone.now())


def title_of(file_name: str) -> str:
    """Return a first title for a picture: the name of its file, as words."""
    stem = PurePosixPath(file_name.replace("\\", "/")).stem
    return " ".join(stem.replace("_", " ").split())[:LONGEST_TITLE]
