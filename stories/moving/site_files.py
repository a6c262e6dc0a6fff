"""The files of an export: which folder holds what, and how a row becomes a Markdown file.

`docs/moving.md` documents the format for readers of these files.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import yaml

FORMAT = 1
MANIFEST = "export.json"
PUBLICATION = "publication.json"
DELETED = "deleted.jsonl"
START_HERE = "start_here.json"
COMPANIES, FOUNDERS, TAGS, STORIES = "companies", "founders", "tags", "stories"
SERIES, REVISIONS, MEDIA = "series", "revisions", "media"
FOLDERS = (COMPANIES, FOUNDERS, TAGS, STORIES, SERIES, REVISIONS, MEDIA)
# A file name may have 255 bytes, and a slug 200 characters of any script.
LONGEST_NAME = 180
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True)
class Manifest:
    """What an export holds: also what readers do not see, and also the history."""

    everything: bool = False
    history: bool = False

    @classmethod
    def of(cls, directory: Path) -> Self | None:
        """Return the Manifest of a directory, or None if `export_site` has not written it.

        Raises ValueError for an export of a later format, and for a broken one.
        """
        try:
            values = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise ValueError(f"{MANIFEST} is not one that this release can read.")
        return cls(values.get("everything") is True, values.get("history") is True)

    def write(self, directory: Path) -> None:
        """Write the Manifest."""
        values = {"format": FORMAT, "everything": self.everything, "history": self.history}
        write(directory / MANIFEST, json_of(values))


def file_name(slug: str, suffix: str) -> str:
    """Return a name for the file of a slug that is its own on every file system.

    A slug that is too long, or that some file systems cannot tell from another one in lower case,
    is followed by a part of its hash.
    """
    if slug == slug.lower() and len(slug.encode()) <= LONGEST_NAME:
        return f"{slug}{suffix}"
    short = slug.lower().encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{short}~{sha256(slug.encode()).hexdigest()[:12]}{suffix}"


def markdown_file(values: Mapping[str, Any], body: str) -> str:
    """Return a Markdown file with front matter; empty values are left out."""
    kept = {key: value for key, value in values.items() if value not in (None, "", [], False)}
    head = yaml.dump(kept, Dumper=DUMPER, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{head}---\n{body}\n" if body else f"---\n{head}---\n"


def json_of(value: Any) -> str:
    """Return a value as JSON that people can read."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def lines_of(values: Iterable[Any]) -> str:
    """Return values as JSON, one on each line."""
    return "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return what `lines_of` wrote; nothing if there is no such file. Raises ValueError."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def time_of(moment: datetime | None) -> str:
    """Return a time as ISO 8601 in UTC, or an empty text."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def time_in(value: Any) -> datetime | None:
    """Return the time that `time_of` wrote, or None. Raises ValueError for any other text."""
    moment = datetime.fromisoformat(value) if value else None
    if moment and moment.tzinfo is None:
        raise ValueError(f"{value} has no time zone.")
    return moment


def write(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    unfinished = path.with_name(f".{path.name[:80]}.unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    unfinished.replace(path)
