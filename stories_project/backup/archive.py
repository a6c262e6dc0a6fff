"""The file of a backup: a ZIP archive (with ZIP64, so of any size) and a manifest.

`manifest.json` has the format, the time, the applied migrations, and for each other member its
size in bytes and its SHA-256. Members are `rows/<app>.<model>.jsonl` and `media/<name>`.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as zlib_error

FORMAT = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 200_000_000
PIECE = 1 << 20
# Nothing that leaves its folder: no part of a name begins with a dot.
SAFE_NAME = re.compile(r"rows/[a-z_]+\.[a-z_]+\.jsonl|media(/[\w-][\w.-]*)+", re.ASCII)
DAMAGED = "is damaged, or is no backup"


class BadArchive(ValueError):
    """Says in a sentence why a file cannot be restored."""


class Writer:
    """Writes an archive beside its final name, and gives it that name when it is complete.

    What is packed already is noted in a list, member by member. If the archive is not completed,
    both files stay, and the next Writer of the same path goes on with what is noted and whole.
    """

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.path, self.about = path, about
        self.part = path.with_name(f"{path.name}.part")
        self.noted = path.with_name(f"{path.name}.part.list")
        self.members: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        """Raise FileExistsError rather than replace a file."""
        if self.path.exists():
            raise FileExistsError(17, "There is such a file already", str(self.path))
        if self.part.exists() and (notes := self._notes()):
            self._go_on(notes)
        else:
            self._begin()
        return self

    def begin_again(self) -> None:
        """Forget what an interrupted Writer has left."""
        self.archive.close()
        self.file.close()
        self._begin()

    def _begin(self) -> None:
        self.members.clear()
        for file in (self.part, self.noted):
            file.unlink(missing_ok=True)
            file.touch(mode=0o600)
        self._open("w")

    def _open(self, mode: Literal["w", "a"]) -> None:
        self.file = self.part.open("r+b")
        self.archive = ZipFile(self.file, mode, ZIP_DEFLATED, compresslevel=3)

    def _notes(self) -> list[dict[str, Any]]:
        """Return the notes; the last one may be cut, and is left out then."""
        try:
            lines = self.noted.read_text().split("\n")[:-1]
            return [json.loads(line) for line in lines]
        except (OSError, ValueError):
            return []

    def _go_on(self, notes: list[dict[str, Any]]) -> None:
        """Open the archive after the last noted member; begin again if one is not whole."""
        os.truncate(self.part, notes[-1]["end"])
        self._open("a")
        for note in notes:
            info = ZipInfo(note["name"], tuple(note["date"]))
            info.compress_size = info.file_size = note["size"]
            info.CRC, info.header_offset = note["crc"], note["offset"]
            self.archive.filelist.append(info)
            self.archive.NameToInfo[info.filename] = info
            self.members[info.filename] = {"size": note["size"], "sha256": note["sha256"]}
        try:
            is_whole = all(self._is_whole(name) for name in self.members)
        except (BadZipFile, EOFError, OSError):
            is_whole = False
        if not is_whole:
            self.begin_again()

    def _is_whole(self, name: str) -> bool:
        with self.archive.open(name) as member:
            digest = file_digest(cast(Any, member), "sha256")
        return digest.hexdigest() == self.members[name]["sha256"]

    def _note(self, info: ZipInfo) -> None:
        """Note a member that is complete and in the file."""
        self.file.flush()
        note = {
            **{"name": info.filename, "date": info.date_time, "crc": info.CRC},
            **{"offset": info.header_offset, "end": self.archive.start_dir},
            **self.members[info.filename],
        }
        with self.noted.open("a") as file:
            file.write(json.dumps(note) + "\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the manifest; after an error, keep what can be used again."""
        if kind is None:
            manifest = {"format": FORMAT, **self.about, "members": self.members}
            self.archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        self.archive.close()
        self.file.close()
        if kind is None:
            self.part.rename(self.path)
        if kind is None or not self._notes():
            self.part.unlink(missing_ok=True)
            self.noted.unlink(missing_ok=True)

    def add(self, name: str, pieces: Iterable[bytes], *, is_packed: bool = False) -> int:
        """Write a member, and return the number of its pieces.

        What is packed already, as pictures are, is stored as it is.
        """
        digest, size, count = sha256(), 0, 0
        info = ZipInfo(name)
        info.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
        with self.archive.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
                count += 1
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}
        if is_packed:
            self._note(info)
        return count


class Reader:
    """An archive whose manifest fits what is in it. Raises BadArchive where it does not."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = ZipFile(path)
            manifest = self.archive.getinfo(MANIFEST)
            if manifest.file_size > LONGEST_MANIFEST:
                raise BadArchive(f"{path} {DAMAGED}: its list of contents is too long.")
            self.manifest = json.loads(self.archive.read(MANIFEST))
            self.members = {str(k): dict(v) for k, v in self.manifest["members"].items()}
        except BadArchive:
            raise
        except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, zlib_error) as error:
            raise BadArchive(f"{path} {DAMAGED}.") from error
        self.path = path
        if self.manifest.get("format") != FORMAT:
            raise BadArchive(f"{path} was written by another release, in another format.")
        self._compare_names()

    def _compare_names(self) -> None:
        infos = {info.filename: info for info in self.archive.infolist()}
        if (
            len(infos) != len(self.archive.infolist())
            or infos.keys() - {MANIFEST} != self.members.keys()
        ):
            raise BadArchive(f"{self.path} {DAMAGED}: files are missing, or do not belong to it.")
        for name, member in self.members.items():
            if not SAFE_NAME.fullmatch(name):
                raise BadArchive(f"{self.path} {DAMAGED}: {name[:80]!r} is no name of a backup.")
            if infos[name].file_size != member.get("size"):
                raise BadArchive(f"{self.path} {DAMAGED}: {name} has another size than it should.")

    @property
    def size(self) -> int:
        """The size in bytes of what the archive holds, unpacked."""
        return sum(member["size"] for member in self.members.values())

    def names(self, folder: str) -> list[str]:
        """Return the names of the members in a folder, sorted."""
        return sorted(name for name in self.members if name.startswith(f"{folder}/"))

    def verify(self) -> Iterator[int]:
        """Read everything and compare it with the manifest; yield the number of bytes read."""
        for name in self.members:
            for piece in self.pieces(name):
                yield len(piece)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the content of a member. Raises BadArchive at its end if it is not what it was."""
        digest = sha256()
        try:
            with self.archive.open(name) as member:
                while piece := member.read(PIECE):
                    digest.update(piece)
                    yield piece
        except (BadZipFile, EOFError, NotImplementedError, zlib_error, OSError) as error:
            raise BadArchive(f"{self.path} {DAMAGED}: {name} cannot be read.") from error
        if digest.hexdigest() != self.members[name].get("sha256"):
            raise BadArchive(f"{self.path} {DAMAGED}: {name} is not what it was.")

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member, checked as `pieces` does."""
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            yield rest
