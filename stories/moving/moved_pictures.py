"""The pictures of moved stories: found in the files or fetched, and stored like an upload."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from stories.moving.fetching import Fetcher, NotFetched
from stories.moving.foreign_story import ForeignStory, Losses, Source
from stories_project.library.uploading import keep_upload
from stories_project.pictures.renditions import make_renditions
from stories_project.text.front_matter import BadFile


@dataclass
class MovedPictures:
    """Finds and stores the pictures of a source. Without a fetcher, only those in its files.

    With `dry_run`, pictures are looked for in the files, and neither fetched nor stored.
    """

    source: Source
    fetcher: Fetcher | None = None
    dry_run: bool = False

    def place(self, address: str, story: ForeignStory, losses: Losses) -> str | None:
        """Store a picture of a text and return its URL here, or None if it cannot be had."""
        upload = self.upload(address, story, losses)
        if self.dry_run or upload is None:
            return address if upload or self._would_fetch(address) else None
        try:
            name = keep_upload(upload, "images")
            make_renditions(name)
        except ValidationError as error:
            _leave_out(address, " ".join(error.messages), losses)
            return None
        return default_storage.url(name)

    def upload(
        self, address: str, story: ForeignStory, losses: Losses
    ) -> SimpleUploadedFile | None:
        """Return a picture as an upload, or None if it cannot be had; `losses` says why."""
        try:
            content = self.source.picture(address, story)
            if content is None and self.fetcher and not self.dry_run:
                content = self.fetcher.fetch(address)
        except (BadFile, NotFetched) as error:
            _leave_out(address, str(error), losses)
            return None
        if content is None:
            if not self._would_fetch(address):
                sentence = _("The picture %(address)s is not among the files.")
                losses.add(sentence % {"address": address})
            return None
        return SimpleUploadedFile(_file_name(address), content)

    def _would_fetch(self, address: str) -> bool:
        return self.fetcher is not None and address.startswith(("http://", "https://"))


def _leave_out(address: str, reason: str, losses: Losses) -> None:
    sentence = _("The picture %(address)s is left out: %(reason)s")
    losses.add(sentence % {"address": address, "reason": reason})


def _file_name(address: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(address).path)).name[-100:] or "picture"
    except ValueError:
        return "picture"
