"""Delete the pictures that nothing uses: no text, no revision, no autosave, no suggestion.

The rows of the library say what is probably unused. Before anything is deleted, every column that
keeps texts is read (`PLACES`), because a deleted file cannot be brought back.
"""

from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from founders.models import Founder
from stories.models import Autosave, Revision, Story
from stories.moderating.purging import PLACES
from stories_project.library.models import (
    KEPT_AFTER_UPLOAD,
    StoredPicture,
    StoredPictureQuerySet,
)
from stories_project.library.uses import names_in
from stories_project.pictures.renditions import remove_renditions

ROWS_AT_ONCE = 200
Columns = tuple[type[Model], tuple[str, ...]]


def probably_unused(at: datetime | None = None) -> StoredPictureQuerySet:
    """Return the pictures without a use that nobody has uploaded in the last day.

    Portraits are left out: they are deleted with the person, and by `clean_up`.
    """
    old = StoredPicture.objects.uploaded_before((at or timezone.now()) - KEPT_AFTER_UPLOAD)
    return old.unused().exclude(folder="portraits")


def places(*, with_revisions: bool = True) -> Iterator[Columns]:
    """Yield (model, columns) of all texts and names of pictures, the longest tables first."""
    yield Story, ("cover", "body", "excerpt")
    yield Founder, ("portrait",)
    others = [place for place in PLACES.values() if place[0] is not StoredPicture]
    # Autosaves come last: their pictures were chosen most recently.
    others.sort(key=lambda place: (place[0] is not Revision, place[0] is Autosave))
    yield from (place for place in others if with_revisions or place[0] is not Revision)


def named_in(place: Columns, among: set[str]) -> Iterator[tuple[int, set[str]]]:
    """Yield (number of rows, those of some names that stand in them) for each step."""
    model, columns = place
    rows = model._base_manager.order_by().values_list(*columns)
    found: set[str] = set()
    for number, values in enumerate(rows.iterator(ROWS_AT_ONCE), start=1):
        found |= among.intersection(names_in(repr(values)))
        if number % ROWS_AT_ONCE == 0:
            yield ROWS_AT_ONCE, found
            found = set()
    yield 0, found


def is_named(name: str) -> bool:
    """Whether a text names a picture that the library takes for unused.

    Revisions are not read: the library has rows for theirs.
    """
    among = {name}
    return any(
        found for place in places(with_revisions=False) for _, found in named_in(place, among)
    )


def delete_if_unused(name: str, since: datetime, *, uploaded_before: datetime) -> int | None:
    """Delete a picture with its file, unless something has begun to use it; return its bytes.

    `since` is when the search for its uses began, `uploaded_before` protects what is newer. Returns
    None if it was kept. An upload of the same picture waits for the end, and stores it again.
    """
    with transaction.atomic():
        row = StoredPicture.objects.select_for_update().filter(name=name).first()
        if row is None or row.uses.exists() or row.last_uploaded_at >= uploaded_before:
            return None
        if _is_autosaved(name, since):
            return None
        row.delete()
        remove_renditions(name)
        default_storage.delete(name)
    return row.bytes or 0


def _is_autosaved(name: str, since: datetime) -> bool:
    saved = Autosave.objects.filter(saved_at__gte=since).values_list("content", flat=True)
    return any(name in names_in(repr(content)) for content in saved)
