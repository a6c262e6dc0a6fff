"""Imports what `export_site` has written: founders, tags, stories, series, history and addresses.

A story comes in as it was, so the checklist of the desk is not applied: readers saw it already.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from founders.models import Founder
from stories.moving import site_files as files
from stories.moving.importer import Importer, Outcome, Result
from stories.moving.preparing import prepare
from stories.moving.site_companies import store_company, store_ventures
from stories.moving.site_pictures import pictures, store_picture
from stories.moving.site_publication import take_over_publication
from stories.moving.site_rows import (
    continue_numbering,
    merge_founders,
    store_founder,
    store_tag,
    text_of,
    texts_of,
)
from stories.moving.site_series import store_series
from stories.moving.site_start_here import take_over_start_here
from stories.moving.site_stories import Rest, StoredStory, finish, store_deleted
from stories.moving.workers import Workers
from stories_project.text import front_matter
from stories_project.text.front_matter import BadFile, Document

BROKEN = (BadFile, ValidationError, DatabaseError, UnicodeError, ValueError, KeyError, TypeError)


class SiteImporter(Importer):
    """Imports an export, each file in its own transaction; a dry run is one that is undone."""

    def __init__(self, directory: Path, **options: Any) -> None:
        super().__init__(directory, **options)
        self.rest: list[Rest] = []
        # {slug of a merged founder: slug of the kept one}.
        self.merged: dict[str, str] = {}
        # The highest primary key of a deleted story.
        self.highest = 0

    def files(self) -> list[Path]:
        """Return the paths of the files in the order in which they are imported."""
        folders = (files.COMPANIES, files.FOUNDERS, files.TAGS, files.STORIES, files.SERIES)
        return [path for folder in folders for path in sorted((self.directory / folder).glob("*"))]

    def import_files(self, paths: Sequence[Path], jobs: int = 1) -> Generator[Outcome, None, None]:
        """Import all files and yield an Outcome for each of `paths`, and for what has failed."""
        with transaction.atomic() if self.dry_run else nullcontext():
            yield from self._import_all(paths, jobs)
            if self.dry_run:
                transaction.set_rollback(True)

    def _import_all(self, paths: Sequence[Path], jobs: int) -> Iterator[Outcome]:
        for path in () if self.dry_run else pictures(self.directory):
            yield from self._failure(path, partial(store_picture, directory=self.directory))
        yield from self._failure(self.directory / files.PUBLICATION, take_over_publication)
        stories = [path for path in paths if path.parent.name == files.STORIES]
        series = [path for path in paths if path.parent.name == files.SERIES]
        for path in [path for path in paths if path not in {*stories, *series}]:
            yield self.import_file(path)
        merge_founders(self.merged)
        for path, document in self._prepared(stories, jobs):
            yield self.import_file(path, document)
        for path in series:
            yield self.import_file(path)
        for rest in self.rest:
            yield from self._failure(rest.revisions, partial(finish, rest))
        yield from self._failure(self.directory / files.START_HERE, take_over_start_here)
        yield from self._failure(self.directory / files.DELETED, self._deleted)
        continue_numbering(self.highest)

    def _prepared(self, paths: Sequence[Path], jobs: int) -> Iterator[tuple[Path, Document | None]]:
        """Yield the files of stories, parsed and rendered by other processes if there are some."""
        if jobs == 1:
            yield from ((path, None) for path in paths)
            return
        work = partial(prepare, directory=self.directory, stores_covers=False)
        with Workers(jobs) as workers:
            for path, prepared in workers.in_order(work, paths):
                yield path, prepared.hand_over() if prepared else None

    def import_file(self, path: Path, document: Document | None = None, **_changes: Any) -> Outcome:
        """Import one file and return its Outcome; a bad file changes nothing."""
        name = str(path.relative_to(self.directory))
        work = {
            files.COMPANIES: self._company,
            files.FOUNDERS: self._founder,
            files.TAGS: self._tag,
            files.SERIES: self._series,
        }
        try:
            document = document or front_matter.read(path)
            with transaction.atomic():
                return work.get(path.parent.name, self._story)(name, document)
        except BROKEN as error:
            return _failed(name, error)

    def _failure(self, path: Path, work: Callable[[Path], None]) -> Iterator[Outcome]:
        """Do something with a file in a transaction; yield an Outcome if it fails."""
        try:
            with transaction.atomic():
                work(path)
        except BROKEN as error:
            yield _failed(str(path.relative_to(self.directory)), error)

    def _founder(self, name: str, document: Document) -> Outcome:
        is_new = not Founder.objects.filter(slug=text_of(document.values, "slug")).exists()
        founder, is_changed = store_founder(document, has_pictures=not self.dry_run)
        is_changed |= store_ventures(founder, document.values.get("ventures") or [])
        if self.approve_founders and founder.is_waiting:
            founder.approve()
            is_changed = True
        if other := text_of(document.values, "merged_into"):
            self.merged[founder.slug] = other
        return _outcome(name, founder.get_absolute_url(), is_new=is_new, is_changed=is_changed)

    def _company(self, name: str, document: Document) -> Outcome:
        company, is_new, is_changed = store_company(document)
        return _outcome(name, company.get_absolute_url(), is_new=is_new, is_changed=is_changed)

    def _tag(self, name: str, document: Document) -> Outcome:
        tag, is_new, is_changed = store_tag(document)
        return _outcome(name, tag.get_absolute_url(), is_new=is_new, is_changed=is_changed)

    def _series(self, name: str, document: Document) -> Outcome:
        series, is_new, is_changed = store_series(document)
        return _outcome(name, series.get_absolute_url(), is_new=is_new, is_changed=is_changed)

    def _story(self, name: str, document: Document) -> Outcome:
        self._refuse_duplicate_slug(text_of(document.values, "slug"), name, document)
        founders = self._founders(texts_of(document.values, "founders"), document)
        revisions = self.directory / files.REVISIONS / Path(name).with_suffix(".jsonl").name
        stored = StoredStory(document, founders, revisions, has_pictures=not self.dry_run)
        form = stored.form()
        if not form.is_valid():
            return self._refusal(form, name, document)
        note = _("From %(file)s") % {"file": Path(name).name}
        is_changed = stored.store(form.content, note=note[:300])
        if rest := stored.rest:
            self.rest.append(rest)
        address = stored.story.get_absolute_url()
        return _outcome(name, address, is_new=stored.is_new, is_changed=is_changed)

    def _deleted(self, path: Path) -> None:
        for line in files.read_lines(path):
            self.highest = max(self.highest, store_deleted(line))


def _outcome(name: str, address: str, *, is_new: bool, is_changed: bool) -> Outcome:
    if not is_changed:
        return Outcome(name, Result.UNCHANGED, address)
    return Outcome(name, Result.CREATED if is_new else Result.UPDATED, address)


def _failed(name: str, error: Exception) -> Outcome:
    if isinstance(error, BadFile):
        return Outcome(name, Result.FAILED, error.reason, error.line)
    if isinstance(error, ValidationError):
        return Outcome(name, Result.FAILED, " ".join(error.messages))
    if isinstance(error, DatabaseError | UnicodeError):
        return Outcome(
            name, Result.FAILED, _("The database refused it: %(error)s") % {"error": error}
        )
    sentence = _("This is not what export_site writes: %(error)s")
    return Outcome(name, Result.FAILED, sentence % {"error": error})
