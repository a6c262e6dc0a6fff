from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from tqdm import tqdm

from stories.moderating.present_pictures import index_everything
from stories.moderating.unused_pictures import (
    delete_if_unused,
    named_in,
    places,
    probably_unused,
)
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record
from stories_project.library.models import KEPT_AFTER_UPLOAD


class Command(BaseCommand):
    help = (
        "Find pictures that no text, revision, autosave or suggestion uses, and delete them with"
        " --delete. What was uploaded in the last day stays. Safe to stop and to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--delete", action="store_true", help="delete, and not only count")

    def handle(self, *, delete: bool, **options: Any) -> None:
        """Read all texts with progress, delete if asked to, and say how many and how much."""
        started = timezone.now()
        self._follow("files and texts", index_everything())
        sizes = self._unused(started)
        if not delete:
            self._say("Unused pictures", sizes)
            if sizes:
                self.stdout.write("Nothing is deleted yet. Add --delete.")
            return
        deleted = self._delete(sizes, started)
        if deleted:
            what = f"deleted {len(deleted):,} unused pictures"
            record(AuditEntry.Kind.PURGE, what, by=COMMAND_LINE)
        self._say("Unused pictures deleted", deleted)

    def _unused(self, started: datetime) -> dict[str, int]:
        """Return {name: bytes} of the pictures that nothing names."""
        rows = probably_unused(started).order_by().values_list("name", "bytes")
        sizes = {name: size or 0 for name, size in rows.iterator()}
        for place in places() if sizes else ():
            with tqdm(desc=place[0].__name__, unit="row", disable=None) as progress:
                for count, found in named_in(place, set(sizes)):
                    progress.update(count)
                    for name in found:
                        del sizes[name]
        return sizes

    def _delete(self, sizes: dict[str, int], started: datetime) -> dict[str, int]:
        before = started - KEPT_AFTER_UPLOAD
        deleted = {}
        for name in tqdm(sizes, unit="picture", disable=None):
            size = delete_if_unused(name, started, uploaded_before=before)
            if size is not None:
                deleted[name] = size
        return deleted

    def _follow(self, unit: str, steps: Any) -> None:
        with tqdm(unit=f" {unit}", disable=None) as progress:
            for count in steps:
                progress.update(count)

    def _say(self, what: str, sizes: dict[str, int]) -> None:
        with_nbsp = filesizeformat(sum(sizes.values()))
        self.stdout.write(f"{what}: {len(sizes):,} ({with_nbsp.replace(chr(0xA0), ' ')}).")
