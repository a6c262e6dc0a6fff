"""Large files read piece by piece: rows of JSON, and a limit for what one row may hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import ijson
from django.utils.translation import gettext as _
from ijson.common import IncompleteJSONError, JSONError

from stories_project.text.front_matter import BadFile

# One entry of an export, with its text. A story here has half a million characters at most.
LARGEST_ENTRY = 32 * 2**20


class Bounded:
    """A file whose reader says after each entry that it has read one: `entry_read()`.

    Raises BadFile if an entry is larger than any story, before it fills the memory.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._since = file, 0

    def entry_read(self) -> None:
        """Begin to count again."""
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes."""
        content = self._file.read(size)
        self._since += len(content)
        if self._since > LARGEST_ENTRY:
            sentence = _("An entry of the file is larger than %(size)s MiB.")
            raise BadFile(sentence % {"size": LARGEST_ENTRY // 2**20})
        return content


def rows(file: IO[bytes], tables: frozenset[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (table, row) from an export of Ghost, for some tables, without holding the others.

    The tables are lists in `db[0].data` or in `data`. Raises BadFile for what is not JSON.
    """
    bounded = Bounded(file)
    prefixes = {f"{top}data.{t}.item": t for top in ("", "db.item.") for t in tables}
    builder, table = None, ""
    with _sentences():
        for prefix, event, value in ijson.parse(bounded, use_float=True):
            if builder is None:
                if event == "start_map" and prefix in prefixes:
                    builder, table = ijson.ObjectBuilder(), prefixes[prefix]
                    builder.event(event, value)
                elif event in {"end_map", "end_array"}:
                    bounded.entry_read()
                continue
            builder.event(event, value)
            if event == "end_map" and prefixes.get(prefix) == table:
                yield table, builder.value
                builder = None
                bounded.entry_read()


def value_at(file: IO[bytes], *prefixes: str) -> Any:
    """Return the first value at one of the prefixes, or None. Raises BadFile for no JSON."""
    bounded = Bounded(file)
    with _sentences():
        for prefix, event, value in ijson.parse(bounded, use_float=True):
            bounded.entry_read()
            if prefix in prefixes and event in {"string", "number"}:
                return value
    return None


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except IncompleteJSONError as error:
        sentence = _("The file is not whole, or not JSON: %(error)s.")
        raise BadFile(sentence % {"error": _short(error)}) from error
    except (JSONError, UnicodeError) as error:
        raise BadFile(_("The file is not JSON: %(error)s.") % {"error": _short(error)}) from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120].rstrip(".")
