"""Rows of the media library for the pictures, and their uses, of before there was one.

Each step is small and says how far it came, so that it can be stopped and run again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q

from founders.models import Founder
from stories.models import Revision, Story
from stories.writing.pictures_of_story import STORY, note_pictures, shown_by
from stories_project.library.models import Indexed, StoredPicture
from stories_project.library.uses import (
    PUBLICATION,
    note_old,
    note_publication,
    shown_by_publication,
)
from stories_project.pictures.uploads import STORED_NAME, stored_in
from stories_project.publication.current import newest_revision
from stories_project.publication.models import PublicationRevision

FOLDERS = ("covers", "images", "portraits", "publication")
FILES = "files"
AT_ONCE = 500


def is_done() -> bool:
    """Whether everything that was there has rows."""
    return Indexed.objects.filter(what=FILES).exists()


def index_everything() -> Iterator[int]:
    """Make the rows that are missing; yield the number of files and texts of each step."""
    for folder in FOLDERS:
        yield from index_files(folder)
    yield from _each(Story.objects.select_related("working_revision"), _index_story)
    yield from _each(Revision.objects.all(), _index_revision)
    yield from _each(Founder.objects.exclude(Q(portrait="") & Q(biography="")), _index_founder)
    yield from _each(PublicationRevision.objects.all(), _index_publication)
    Indexed.objects.update_or_create(what=FILES)


def index_files(folder: str) -> Iterator[int]:
    """Make the rows that the stored files of a folder lack; yield the number of each step."""
    names = (name for name in stored_in(folder) if STORED_NAME.fullmatch(name))
    while batch := list(islice(names, AT_ONCE)):
        known = set(StoredPicture.objects.filter(name__in=batch).values_list("name", flat=True))
        missing = [row for name in batch if name not in known for row in _row_of(name)]
        StoredPicture.objects.bulk_create(missing, ignore_conflicts=True)
        _measure(known)
        yield len(batch)


def _row_of(name: str) -> Iterator[StoredPicture]:
    """Yield the row of a stored file, unless it was deleted just now."""
    row = StoredPicture.named(name)
    try:
        row.bytes = default_storage.size(name)
        row.uploaded_at = row.last_uploaded_at = _stored_at(name)
    except OSError:
        if default_storage.exists(name):
            raise
        return
    yield row


def _measure(names: Iterable[str]) -> None:
    """Fill in the bytes of rows that a text has made."""
    for row in StoredPicture.objects.filter(name__in=names, bytes=None):
        StoredPicture.objects.filter(pk=row.pk).update(bytes=default_storage.size(row.name))


def _stored_at(name: str) -> datetime:
    return default_storage.get_modified_time(name)


def _each(rows: Any, index: Any) -> Iterator[int]:
    """Index the rows of a model that are newer than the last one that was indexed."""
    what = rows.model._meta.model_name
    mark, _ = Indexed.objects.get_or_create(what=what)
    while batch := list(rows.filter(pk__gt=mark.key).order_by("pk")[:AT_ONCE]):
        for row in batch:
            index(row)
        mark.key = batch[-1].pk
        mark.save(update_fields=["key"])
        yield len(batch)


def _index_story(story: Story) -> None:
    if story.working_revision or shown_by(story.cover.name or "", story.body):
        note_pictures(story)


def _index_revision(revision: Revision) -> None:
    content = revision.content
    note_old(STORY, revision.story_id, shown_by(content.cover, content.body))


def _index_founder(founder: Founder) -> None:
    founder.note_pictures()


def _index_publication(revision: PublicationRevision) -> None:
    if revision == newest_revision():
        note_publication(revision.publication)
    else:
        note_old(*PUBLICATION, shown_by_publication(revision.publication))
