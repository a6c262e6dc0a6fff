"""Pictures in S3-compatible object storage, for sites with several machines.

Nothing in the bucket is public: the site itself serves renditions under its own addresses, because
it knows who may see them at this moment. A browser keeps them for a year, and so does a content
delivery network.
"""

import errno
from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any, TypeVar

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    ReadTimeoutError,
)
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

Value = TypeVar("Value")
Method = Callable[..., Value]
NO_ANSWER = (ConnectTimeoutError, ReadTimeoutError, RetriesExceededError)
# In seconds: as long as the longest wait for an answer, so that only one thread waits at a time.
PAUSE = 10.0


def _like_a_disk(method: Method[Value]) -> Method[Value]:
    """Raise OSError where a disk would, and ask a silent storage seldom: see `may_be_asked`."""

    @wraps(method)
    def guarded(self: "ObjectStorage", *args: Any, **kwargs: Any) -> Value:
        if not self.may_be_asked():
            raise OSError(errno.EIO, "The object storage does not answer; it is asked again soon.")
        is_silent = False
        try:
            return method(self, *args, **kwargs)
        except (BotoCoreError, ClientError, RetriesExceededError) as error:
            is_silent = isinstance(error, NO_ANSWER)
            sentence = f"The object storage does not answer as it should: {error}"
            raise OSError(errno.EIO, sentence) from error
        finally:
            self.ask_again_at = monotonic() + PAUSE if is_silent else 0.0

    return guarded


class ObjectStorage(S3Storage):
    """A bucket that behaves as a folder: its errors are those of a disk, its addresses ours."""

    # By the steady clock, in seconds; 0: it answers.
    ask_again_at = 0.0

    exists = _like_a_disk(S3Storage.exists)
    delete = _like_a_disk(S3Storage.delete)
    listdir = _like_a_disk(S3Storage.listdir)
    size = _like_a_disk(S3Storage.size)
    get_modified_time = _like_a_disk(S3Storage.get_modified_time)
    _save = _like_a_disk(S3Storage._save)

    def may_be_asked(self) -> bool:
        """Whether the storage answers, as far as is known; one request in PAUSE seconds finds out.

        All others fail at once: otherwise, pictures would keep all threads of the server waiting.
        """
        now = monotonic()
        if now < self.ask_again_at:
            return False
        if self.ask_again_at:
            self.ask_again_at = now + PAUSE
        return True

    def get_default_settings(self) -> dict[str, Any]:
        """Ask once for the rest of a file that stops half way: five times would hold a request."""
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | {"transfer_config": TransferConfig(num_download_attempts=1)}

    @_like_a_disk
    def _open(self, name: str, mode: str = "rb") -> Any:
        """Open a file, which is read whole: the largest is an upload of 20 MB."""
        file = super()._open(name, mode)
        if "r" in mode:
            try:
                file.file  # noqa: B018  reads it, so that an error comes now
            except Exception:
                file.close()
                raise
        return file

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Let nobody keep what is not a rendition, whoever reads the bucket."""
        is_rendition = name.startswith("renditions/")
        lifetime = "public, max-age=31536000, immutable" if is_rendition else "private, no-store"
        return {"CacheControl": lifetime}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address under which the site serves a file."""
        return settings.MEDIA_URL + filepath_to_uri(name).lstrip("/")
