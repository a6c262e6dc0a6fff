from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.moderating.purging import Purge
from stories_project.text.full_text_index import forget_deleted_words


class Command(BaseCommand):
    help = (
        "Remove a passage from all stories, old revisions, autosaves, profiles and suggestions, "
        "from the search and the caches. Cannot be undone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("passage", nargs="?", help="as it was typed, Markdown included")
        parser.add_argument("--file", type=Path, help="a text file with the passage instead")
        parser.add_argument("--replacement", default="", help="what stands in its place")
        parser.add_argument("--reason", default="", help="kept in the audit log; needed with --yes")
        parser.add_argument("--yes", action="store_true", help="purge; without it, only count")

    def handle(self, **options: Any) -> None:
        """Count where the passage is, and remove it with --yes."""
        try:
            purge = Purge(self._passage(options), options["replacement"])
            if not options["yes"]:
                self._tell(purge.count())
                self.stdout.write("Nothing is purged yet. Say --yes to do it; it cannot be undone.")
                return
            if not options["reason"].strip():
                raise CommandError("Say why with --reason: the audit log keeps it.")
            self._tell(purge.run(options["reason"]))
            forget_deleted_words()
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write("Purged. Backups still have it: see docs/operating.md.")

    def _passage(self, options: dict[str, Any]) -> str:
        if options["passage"]:
            return str(options["passage"])
        if options["file"] is None:
            raise CommandError("Say which passage, or give a file with it: --file.")
        try:
            return str(options["file"].read_text())
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error

    def _tell(self, counts: dict[str, int]) -> None:
        self.stdout.write(", ".join(f"{name}: {count:,}" for name, count in counts.items()))
