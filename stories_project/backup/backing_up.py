"""Write a backup of the whole site, verify one, and restore one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from stories_project.backup import media, rows
from stories_project.backup.archive import BadArchive, Reader, Writer

MEDIA = "media/"


def back_up(path: Path) -> Iterator[int]:
    """Write a backup, while the site serves; yield the number of rows and files of each step.

    A backup that was interrupted goes on with the files that it had. Rows are read as they are at
    one moment. Files are never changed once they are stored, so those that the rows name are there.
    Raises FileExistsError rather than replace a file.
    """
    about = {"made_at": timezone.now().isoformat(), "migrations": rows.migrations()}
    with Writer(path, about) as archive:
        if any(not media.is_stored(name) for name in _files_in(archive)):
            archive.begin_again()  # A file that is gone must not be in the backup.
        yield len(archive.members)
        yield from _add_files(archive)
        with rows.consistent():
            for model in rows.tables():
                lines = archive.add(_member_of(model), rows.written(model))
                yield lines - 1  # the first names the columns
            yield from _add_files(archive)  # those that were stored meanwhile


def _add_files(archive: Writer) -> Iterator[int]:
    for name in media.stored():
        if f"{MEDIA}{name}" not in archive.members:
            archive.add(f"{MEDIA}{name}", media.read(name), is_packed=True)
            yield 1


def _files_in(archive: Writer) -> list[str]:
    return [name.removeprefix(MEDIA) for name in archive.members if name.startswith(MEDIA)]


def restore(archive: Reader) -> Iterator[int]:
    """Replace everything that this site holds; yield the number of rows and files of each step.

    Verify the archive before. Raises BadArchive, and changes no row, if it is of another release or
    does not fit.
    """
    if archive.manifest.get("migrations") != rows.migrations():
        raise BadArchive(
            f"{archive.path} is of another release. Restore it with that one, and update then."
        )
    expected = {_member_of(model) for model in rows.tables()}
    if set(archive.names("rows")) != expected:
        raise BadArchive(f"{archive.path} has other tables than this release.")
    for name in archive.names("media"):
        media.restore(name.removeprefix(MEDIA), archive.pieces(name))
        yield 1
    try:
        yield from rows.replace_all(lambda model: archive.lines(_member_of(model)))
    except BadArchive:
        raise
    except (DatabaseError, ValueError, TypeError, ArithmeticError) as error:
        raise BadArchive(f"{archive.path} does not fit this site: {error}") from error


def differences(one: Reader, other: Reader) -> list[str]:
    """Return the names of the members that two archives do not have in common."""
    names = one.members.keys() | other.members.keys()
    return sorted(n for n in names if one.members.get(n) != other.members.get(n))


def _member_of(model: Any) -> str:
    return f"rows/{model._meta.label_lower}.jsonl"
