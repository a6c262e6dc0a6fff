from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.moving.importer import Importer, Result


class Command(BaseCommand):
    help = "Import stories from the Markdown files below a directory."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the directory and two options."""
        parser.add_argument("directory", type=Path)
        parser.add_argument(
            "--approve-founders",
            action="store_true",
            help="approve new and pending founders, instead of leaving them to a moderator",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="report what an import would do, and change nothing",
        )

    def handle(
        self, *, directory: Path, approve_founders: bool, dry_run: bool, **options: Any
    ) -> None:
        """Import each file and print one line about it; exit with status 1 if a file failed."""
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a directory.")
        importer = Importer(directory, approve_founders=approve_founders, dry_run=dry_run)
        counts: Counter[Result] = Counter()
        with tqdm(importer.files(), unit="story", disable=None, file=self.stderr) as progress:
            for path in progress:
                outcome = importer.import_file(path)
                counts[outcome.result] += 1
                with progress.external_write_mode(file=self.stderr):
                    self.stdout.write(str(outcome))
        summary = ", ".join(f"{counts[result]} {result}" for result in Result)
        self.stdout.write(f"{summary}{' (dry run: nothing was changed)' if dry_run else ''}")
        if counts[Result.FAILED]:
            raise SystemExit(1)
