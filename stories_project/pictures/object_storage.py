"""Pictures in S3-compatible object storage, for sites with several machines.

Nothing in the bucket is public: the site itself serves renditions under its own addresses, because
it knows who may see them at this moment. A browser keeps them for a year, and so does a content
delivery network.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

Value = TypeVar("Value")
Method = Callable[..., Value]


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Raise OSError for what a disk would raise it for: nothing can be stored or read now."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(errno.EIO, f"The object storage does not answer as it should: {error}") from (
            error
        )


def _like_a_disk(method: Method[Value]) -> Method[Value]:
    @wraps(method)
    def guarded(*args: Any, **kwargs: Any) -> Value:
        with _as_os_error():
            return method(*args, **kwargs)

    return guarded


class ObjectStorage(S3Storage):
    """A bucket that behaves as a folder: its errors are those of a disk, its addresses ours."""

    exists = _like_a_disk(S3Storage.exists)
    delete = _like_a_disk(S3Storage.delete)
    listdir = _like_a_disk(S3Storage.listdir)
    size = _like_a_disk(S3Storage.size)
    _save = _like_a_disk(S3Storage._save)

    @_like_a_disk
    def _open(self, name: str, mode: str = "rb") -> Any:
        """Open a file, which is read whole: the largest is an upload of 20 MB."""
        file = super()._open(name, mode)
        if "r" in mode:
            file.file  # noqa: B018  reads it, so that an error comes now
        return file

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Let nobody keep what is not a rendition, whoever reads the bucket."""
        is_rendition = name.startswith("renditions/")
        lifetime = "public, max-age=31536000, immutable" if is_rendition else "private, no-store"
        return {"CacheControl": lifetime}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address under which the site serves a file."""
        return settings.MEDIA_URL + filepath_to_uri(name).lstrip("/")
