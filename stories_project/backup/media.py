"""The stored files that belong to a backup. What can be made again is left out."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from django.core.files.storage import default_storage

from stories_project.backup.archive import PIECE
from stories_project.pictures.uploads import store_once
from stories_project.pictures.whole_files import UNFINISHED

LEFT_OUT = {"renditions", "sharing", UNFINISHED}


def stored() -> Iterator[str]:
    """Yield the names of the stored files, sorted within each folder."""
    try:
        yield from _below("")
    except FileNotFoundError:
        return  # Nothing was stored yet.


def is_stored(name: str) -> bool:
    """Whether there is a file of this name."""
    return default_storage.exists(name)


def read(name: str) -> Iterator[bytes]:
    """Yield the content of a stored file."""
    with default_storage.open(name) as file:
        while piece := file.read(PIECE):
            yield piece


def restore(name: str, pieces: Iterable[bytes]) -> None:
    """Store a file under this name, unless it is stored already: names hold a hash."""
    store_once(name, b"".join(pieces))


def _below(folder: str) -> Iterator[str]:
    folders, files = default_storage.listdir(folder)
    # Beside the folders, there is only what /readyz has just written.
    for name in sorted(files) if folder else ():
        yield str(PurePosixPath(folder, name))
    for name in sorted(folders):
        if folder or name not in LEFT_OUT:
            yield from _below(str(PurePosixPath(folder, name)))
