"""Writes the stories for another system, with their pictures."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage

from stories.models import Story
from stories.moving import exported_html, ghost_out, wordpress_out
from stories.moving.export_values import Scope
from stories_project.backup import media
from stories_project.pictures.renditions import make_if_missing

STORIES_AT_ONCE = 200
Writer = type[wordpress_out.WordPressFile] | type[ghost_out.GhostFile]
WRITERS: dict[str, Writer] = {
    "wordpress": wordpress_out.WordPressFile,
    "ghost": ghost_out.GhostFile,
}


class ForeignExport:
    """An export for WordPress or Ghost, into an empty directory or one with an older export."""

    def __init__(self, directory: Path, system: str, *, everything: bool = False) -> None:
        self.directory = directory
        self.system = system
        self.writer = WRITERS[system]
        self.scope = Scope(everything)
        self.stories = 0

    def total(self) -> int:
        """Return how many stories there are, for a progress bar."""
        return self.scope.stories().count()

    @property
    def summary(self) -> str:
        """The number of stories that were written."""
        return f"{self.stories:,} stories for {self.system}"

    def run(self) -> Iterator[int]:
        """Write the file and the pictures; yield 1 after each story. Raises FileExistsError."""
        target = self.directory / self.writer.name
        self.directory.mkdir(parents=True, exist_ok=True)
        unfinished = self.directory / f".{self.writer.name}.unfinished"
        others = {path.name for path in self.directory.iterdir()}
        others -= {target.name, unfinished.name, "content"}
        if others:
            raise FileExistsError(f"{self.directory} has other files. Choose an empty directory.")
        with unfinished.open("w", encoding="utf-8", newline="\n") as out:
            for moved in self.writer(out).write(self._moved()):
                for name in moved.pictures if self.system == "ghost" else ():
                    self._copy(name)
                self.stories += 1
                yield 1
        unfinished.replace(target)

    def _moved(self) -> Iterator[exported_html.Moved]:
        keys = iter(list(self.scope.stories().values_list("pk", flat=True)))
        while batch := list(islice(keys, STORIES_AT_ONCE)):
            rows = Story.objects.filter(pk__in=batch).order_by("pk")
            yield from map(exported_html.moved, rows.for_export())

    def _copy(self, name: str) -> None:
        target = self.directory / ghost_out.path_of(name)
        if not target.exists() and make_if_missing(name) and default_storage.exists(name):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"".join(media.read(name)))
