"""A file system on which a file is there whole or not at all.

A name holds the hash of its content, so a file that exists is taken for finished. If a full disk or
the end of the process stopped it half-way, every later upload of the same picture would find it.
"""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

UNFINISHED = "unfinished"


class WholeFiles(FileSystemStorage):
    """Writes a file under another name first, and then gives it its own."""

    def _save(self, name: str, content: Any) -> str:
        unfinished = f"{UNFINISHED}/{uuid4().hex}"
        try:
            super()._save(unfinished, content)  # type: ignore[misc]
            target = Path(self.path(name))
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(self.path(unfinished)).replace(target)
        finally:
            self.delete(unfinished)
        return name
