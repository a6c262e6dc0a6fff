"""Writes the site as Markdown files, which `import_stories` reads again.

The order and the content of the files depend on nothing but the rows: equal sites write equal
bytes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db import connection

from stories.models import Revision, ScheduledUpdate, Story, StoryPastSlug
from stories.moving import site_files as files
from stories.moving.export_values import (
    Scope,
    company_values,
    founder_values,
    loaded,
    pictures_in,
    series_values,
    start_here,
    story_values,
    tag_values,
)
from stories.moving.revision_lines import Slugs, lines_of_revisions, lines_of_story
from stories.moving.site_files import file_name, lines_of, markdown_file, write
from stories_project.backup import media
from stories_project.backup.rows import consistent
from stories_project.publication.current import current

STORIES_AT_ONCE = 500
# Folders whose pictures all leave with `everything`, named by a text or not.
LIBRARY = ("covers", "images")
T = TypeVar("T")


class Export:
    """One export into a directory, which is empty or holds an older export.

    With `everything`, also drafts, scheduled and withdrawn stories and all founders; with
    `history`, all revisions.
    """

    def __init__(self, directory: Path, *, everything: bool = False, history: bool = False) -> None:
        self.directory = directory
        self.manifest = files.Manifest(everything, history)
        self.scope = Scope(everything)
        self.pictures: set[str] = set()
        self.written: set[Path] = set()

    def run(self) -> Iterator[int]:
        """Write all files, and delete those of an older export; yield the number of each step.

        Rows are read as they are at one moment. Raises FileExistsError for a directory with other
        files.
        """
        self._refuse_other_directory()
        # An interrupted export is no export.
        (self.directory / files.MANIFEST).unlink(missing_ok=True)
        (self.directory / f".{files.MANIFEST}").touch()
        with nullcontext() if connection.in_atomic_block else consistent():
            self._write(files.PUBLICATION, files.json_of(self._publication()))
            self._write(files.START_HERE, files.json_of(start_here(self.scope)))
            for step in (self._companies, self._tags, self._founders, self._stories):
                yield from step()
            yield from self._series()
            yield from self._deleted()
        yield from self._media()
        self._delete_old()
        self.manifest.write(self.directory)
        (self.directory / f".{files.MANIFEST}").unlink()

    def total(self) -> int:
        """Return about how many steps there are, for a progress bar."""
        scope = self.scope
        each = (scope.stories(), scope.founders(), scope.tags(), scope.series())
        return sum(rows.count() for rows in each)

    @property
    def summary(self) -> str:
        """The number of files that were written, by their folder."""
        names = (path.relative_to(self.directory) for path in self.written)
        counts = Counter(name.parts[0] for name in names if len(name.parts) > 1)
        return ", ".join(f"{count:,} in {folder}/" for folder, count in sorted(counts.items()))

    def _refuse_other_directory(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        is_ours = any(
            (self.directory / name).exists() for name in (files.MANIFEST, f".{files.MANIFEST}")
        )
        if not is_ours and any(self.directory.iterdir()):
            raise FileExistsError(
                f"{self.directory} has other files. Choose an empty directory, or one with an "
                "older export, which will be replaced."
            )

    def _publication(self) -> dict[str, Any]:
        values = current().as_values()
        self.pictures |= pictures_in(*(str(value) for value in values.values()))
        return values

    def _companies(self) -> Iterator[int]:
        for company in _each(self.scope.companies()):
            name = file_name(company.slug, ".md")
            self._write(f"{files.COMPANIES}/{name}", markdown_file(company_values(company), ""))
            yield 1

    def _tags(self) -> Iterator[int]:
        for tag in _each(self.scope.tags()):
            self.pictures |= pictures_in(tag.description)
            text = markdown_file(tag_values(tag), tag.description)
            self._write(f"{files.TAGS}/{file_name(tag.slug, '.md')}", text)
            yield 1

    def _founders(self) -> Iterator[int]:
        for founder in _each(self.scope.founders()):
            self.pictures |= pictures_in(founder.portrait.name, founder.biography)
            text = markdown_file(founder_values(founder, self.scope), founder.biography)
            self._write(f"{files.FOUNDERS}/{file_name(founder.slug, '.md')}", text)
            yield 1

    def _stories(self) -> Iterator[int]:
        slugs = Slugs.read() if self.scope.everything else None
        for stories in _batches(self.scope.stories()):
            if slugs:
                self._revisions(stories, slugs)
            for story in stories:
                self.pictures |= pictures_in(story.cover.name, story.body)
                text = markdown_file(story_values(story, self.scope), story.body)
                self._write(f"{files.STORIES}/{file_name(story.slug, '.md')}", text)
                yield 1

    def _series(self) -> Iterator[int]:
        for series in _each(self.scope.series()):
            self.pictures |= pictures_in(series.introduction)
            text = markdown_file(series_values(series), series.introduction)
            self._write(f"{files.SERIES}/{file_name(series.slug, '.md')}", text)
            yield 1

    def _revisions(self, stories: Sequence[Story], slugs: Slugs) -> None:
        """Write the revisions of some stories: all, or those that readers will see or may see."""
        if not self.manifest.history:
            stories = [story for story in stories if story.has_unpublished_changes]
        keys = [story.pk for story in stories]
        waiting = ScheduledUpdate.objects.filter(story__in=keys).select_related("by")
        updates = {update.story_id: update for update in waiting}
        rows = Revision.objects.filter(story__in=keys).select_related("author").order_by("pk")
        if not self.manifest.history:
            kept = {pk for s in stories for pk in (s.live_revision_id, s.working_revision_id) if pk}
            rows = rows.filter(pk__in=kept | {update.revision_id for update in updates.values()})
        by_story: dict[int, list[Revision]] = {}
        for row in rows.iterator(STORIES_AT_ONCE):
            by_story.setdefault(row.story_id, []).append(row)
        for story in stories:
            revisions = by_story.get(story.pk, [])
            if revisions:
                lines = lines_of_story(story, revisions, updates.get(story.pk), slugs)
                self._write_lines(f"{files.REVISIONS}/{file_name(story.slug, '.jsonl')}", lines)

    def _deleted(self) -> Iterator[int]:
        """Write what is left of deleted stories: their old addresses, and perhaps their history."""
        if not self.scope.everything:
            return
        stored = Story.objects.values("pk")
        lines: dict[int, dict[str, Any]] = {}
        gone = StoryPastSlug.objects.exclude(story__in=stored).order_by("story_id", "slug")
        for pk, slug in gone.values_list("story_id", "slug"):
            lines.setdefault(pk, {"id": pk}).setdefault("past_slugs", []).append(slug)
        if self.manifest.history:
            slugs, by_story = Slugs.read(), dict[int, list[Revision]]()
            rows = Revision.objects.exclude(story__in=stored).select_related("author")
            for row in rows.order_by("pk").iterator(STORIES_AT_ONCE):
                by_story.setdefault(row.story_id, []).append(row)
            for pk, revisions in by_story.items():
                found = lines_of_revisions(revisions, slugs)
                lines.setdefault(pk, {"id": pk})["revisions"] = found
        if lines:
            self._write_lines(files.DELETED, [lines[pk] for pk in sorted(lines)])
        yield 0

    def _media(self) -> Iterator[int]:
        if self.scope.everything:
            self.pictures |= {n for n in media.stored() if n.partition("/")[0] in LIBRARY}
        for name in sorted(self.pictures):
            target = self.directory / files.MEDIA / name
            if default_storage.exists(name):
                self.written.add(target)
                # A name holds the hash of its content.
                if not target.exists() or target.stat().st_size != default_storage.size(name):
                    _copy(name, target)
                yield 0

    def _write_lines(self, name: str, lines: Iterable[dict[str, Any]]) -> None:
        text = lines_of(lines)
        self.pictures |= pictures_in(text)
        self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        path = self.directory / name
        self.written.add(path)
        write(path, text)

    def _delete_old(self) -> None:
        """Delete the files of an older export that are not in this one."""
        (self.directory / files.DELETED).touch()
        old = [self.directory / files.DELETED]
        for folder in files.FOLDERS:
            old += [path for path in (self.directory / folder).rglob("*") if path.is_file()]
        for path in set(old) - self.written:
            path.unlink()


def _copy(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    with unfinished.open("wb") as file:
        for piece in media.read(name):
            file.write(piece)
    unfinished.replace(target)


def _each(rows: Any) -> Iterator[Any]:
    return iter(rows.iterator(STORIES_AT_ONCE))


def _batches(stories: Any) -> Iterator[list[Story]]:
    """Yield the stories in lists, each with all that its stories show."""
    keys = iter(list(stories.values_list("pk", flat=True)))
    while batch := list(islice(keys, STORIES_AT_ONCE)):
        yield list(loaded(Story.objects.filter(pk__in=batch).order_by("pk")))
