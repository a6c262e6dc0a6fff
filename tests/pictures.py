"""Pictures in the media library, and texts that show them."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from stories_project.library.models import PictureUse, StoredPicture
from stories_project.library.uploading import keep_upload
from tests.factories import picture


def make_picture(folder="images", *, size=(64, 36), days_ago=0, by=None, file="a.png", **fields):
    """Return the row of a picture that somebody has uploaded. Each size is another picture."""
    upload = picture(size=size, name=file)
    upload.uploaded_by = by
    row = StoredPicture.objects.get(name=keep_upload(upload, folder))
    for name, value in fields.items():
        setattr(row, name, value)
    row.last_uploaded_at = timezone.now() - timedelta(days=days_ago)
    row.full_clean()
    row.save()
    return row


def markdown_of(row, alt="A loom."):
    """Return the Markdown that shows a picture."""
    return f"![{alt}]({default_storage.url(row.name)})"


def body_with(*rows):
    """Return a text for a story that shows pictures."""
    return "## Prologue: Early\n\n" + "\n\n".join(map(markdown_of, rows)) + "\n\nLater."


def uses_of(row):
    """Return {(kind, key, place): "live", "working", "both" or "old"}."""
    words = {(1, 0): "live", (0, 1): "working", (1, 1): "both", (0, 0): "old"}
    return {
        (use.kind, use.key, use.place): words[use.is_live, use.is_working]
        for use in PictureUse.objects.filter(picture=row)
    }
