"""The files of an export: a folder, or a ZIP archive. Nothing outside of it is read."""

import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol, cast

from django.utils.translation import gettext as _

from stories_project.text.front_matter import BadFile

MOST_FILES = 500_000
# More than this is no text with pictures: a bomb.
MOST_BYTES = 50 * 2**30
MOST_RATIO = 1000
HARMLESS = 2**20
MEMBER_ERRORS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError)


class Package(Protocol):
    """Files by their path with slashes, relative to the top folder."""

    name: str

    def names(self) -> Iterator[str]:
        """Return all paths, sorted, without hidden files."""

    def has(self, name: str) -> bool:
        """Whether there is a file at a path."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file. Raises BadFile if that is not possible."""

    def read(self, name: str, most: int) -> bytes:
        """Return the content. Raises BadFile if it has more than `most` bytes."""


class Folder:
    """The files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root.resolve(), root.resolve().name

    def names(self) -> Iterator[str]:
        """Return all paths, sorted, without hidden files."""
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if not _is_hidden(name) and self.has(name):
                yield name

    def has(self, name: str) -> bool:
        """Whether there is a file at a path; a link that leads out of the folder is none."""
        try:
            path = (self.root / name).resolve()
            return path.is_relative_to(self.root) and path.is_file()
        except (OSError, ValueError):
            return False

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file. Raises BadFile if that is not possible."""
        if not self.has(name):
            raise BadFile(_("There is no file %(name)s.") % {"name": name})
        try:
            return (self.root / name).open("rb")
        except OSError as error:
            raise _unreadable(name, error) from error

    def read(self, name: str, most: int) -> bytes:
        """Return the content. Raises BadFile if it has more than `most` bytes."""
        return _read(self, name, most)


class Archive:
    """The files of a ZIP archive; a folder that holds all of them is left out of their paths.

    Raises BadFile for a file that is no ZIP archive, for paths that climb out of it, and for
    more files or bytes than an export has.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.name = name or path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, ValueError, *MEMBER_ERRORS) as error:
            sentence = _("%(file)s is not a ZIP archive that can be read.")
            raise BadFile(sentence % {"file": self.name}) from error
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        _refuse_bomb(members)
        top = _top_folder([m.filename for m in members if not _is_hidden(m.filename)])
        self._members = {
            _safe(member.filename).removeprefix(top): member
            for member in members
            if not _is_hidden(member.filename)
        }

    def names(self) -> Iterator[str]:
        """Return all paths, sorted, without hidden files."""
        return iter(sorted(self._members))

    def has(self, name: str) -> bool:
        """Whether there is a file at a path."""
        return name in self._members

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file. Raises BadFile if that is not possible."""
        try:
            return cast(Any, self._zip.open(self._members[name]))
        except (KeyError, OSError, *MEMBER_ERRORS) as error:
            sentence = _("%(name)s cannot be read from the archive.")
            raise BadFile(sentence % {"name": name}) from error

    def read(self, name: str, most: int) -> bytes:
        """Return the content. Raises BadFile if it has more than `most` bytes."""
        return _read(self, name, most)


class SingleFile:
    """One file alone, such as the JSON of Ghost or the XML of WordPress."""

    def __init__(self, path: Path, name: str = "") -> None:
        self._path, self.name = path, name or path.name

    def names(self) -> Iterator[str]:
        """Return its name."""
        return iter([self.name])

    def has(self, name: str) -> bool:
        """Whether it has this name."""
        return name == self.name

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open it. Raises BadFile if that is not possible."""
        try:
            return self._path.open("rb")
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def read(self, name: str, most: int) -> bytes:
        """Return the content. Raises BadFile if it has more than `most` bytes."""
        return _read(self, name, most)


def files_at(path: Path, name: str = "") -> Package:
    """Return the files at a path: a folder, a ZIP archive, or one file alone.

    `name` is what an uploaded file was called. Raises BadFile if nothing is there.
    """
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise BadFile(_("There is no file or folder %(path)s.") % {"path": path})
    is_archive = (name or path.name).lower().endswith(".zip")
    return Archive(path, name) if is_archive else SingleFile(path, name)


def _unreadable(name: str, error: OSError) -> BadFile:
    sentence = _("%(name)s cannot be read: %(reason)s.")
    return BadFile(sentence % {"name": name, "reason": error.strerror})


def _read(package: Package, name: str, most: int) -> bytes:
    try:
        with package.open(name) as file:
            content = file.read(most + 1)
    except (OSError, zipfile.BadZipFile, EOFError, ValueError) as error:
        raise BadFile(_("%(name)s cannot be read.") % {"name": name}) from error
    if len(content) > most:
        sentence = _("%(name)s is larger than %(size)s MiB.")
        raise BadFile(sentence % {"name": name, "size": most // 2**20})
    return content


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part != ".." for part in name.split("/")) or (
        name.startswith("__MACOSX/")
    )


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or ":" in name:
        sentence = _("The archive has a file that climbs out of it: %(name)s.")
        raise BadFile(sentence % {"name": repr(name)})
    return name


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES:
        sentence = _("The archive has more than %(most)s files.")
        raise BadFile(sentence % {"most": f"{MOST_FILES:,}"})
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise BadFile(_("The archive has more than %(size)s GiB.") % {"size": MOST_BYTES // 2**30})
    for member in members:
        _safe(member.filename)
        if member.file_size > max(HARMLESS, member.compress_size * MOST_RATIO):
            sentence = _("%(name)s is packed more than %(ratio)s times: a bomb.")
            raise BadFile(sentence % {"name": member.filename, "ratio": MOST_RATIO})


def _top_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] for name in names}
    has_one = len(tops) == 1 and all("/" in name for name in names)
    # The folder of the posts is part of what an export looks like.
    return f"{tops.pop()}/" if has_one and not tops & {"posts", "_posts", "content"} else ""
