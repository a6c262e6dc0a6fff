from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.moving.importer import Importer, Result
from stories.moving.site_files import Manifest
from stories.moving.site_import import SiteImporter
from stories.moving.workers import WorkerDied
from stories_project.publication.current import in_its_language, in_its_zone

MOST_JOBS = 64


class Command(BaseCommand):
    help = "Import stories from the Markdown files below a directory, or what export_site wrote."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the directory and the options."""
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
        parser.add_argument(
            "--jobs",
            type=int,
            default=1,
            metavar="N",
            help="prepare the next files in N more processes; the report is the same",
        )

    @in_its_zone()
    @in_its_language()
    def handle(
        self,
        *,
        directory: Path,
        approve_founders: bool,
        dry_run: bool,
        jobs: int,
        **options: Any,
    ) -> None:
        """Import each file and print one line about it; exit with status 1 if a file failed."""
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a directory.")
        if not 1 <= jobs <= MOST_JOBS:
            raise CommandError(f"--jobs is a number from 1 to {MOST_JOBS}.")
        try:
            reads = SiteImporter if Manifest.of(directory) else Importer
        except ValueError as error:
            raise CommandError(str(error)) from error
        importer = reads(directory, approve_founders=approve_founders, dry_run=dry_run)
        counts: Counter[Result] = Counter()
        try:
            self._import(importer, jobs, counts)
        except WorkerDied as died:
            self._summarise(counts, dry_run)
            raise CommandError(
                "One of the processes that prepare files has died, perhaps because the memory is "
                "full. The stories above are imported. Import again with --jobs 1."
            ) from died
        except KeyboardInterrupt as stopped:
            self._summarise(counts, dry_run)
            self.stderr.write("Stopped. The stories above are imported; import again to go on.")
            raise SystemExit(130) from stopped
        self._summarise(counts, dry_run)
        if counts[Result.FAILED]:
            raise SystemExit(1)

    def _import(self, importer: Importer, jobs: int, counts: Counter[Result]) -> None:
        files = importer.files()
        with (
            closing(importer.import_files(files, jobs)) as outcomes,
            tqdm(
                outcomes, total=len(files), unit="story", disable=None, file=self.stderr
            ) as progress,
        ):
            for outcome in progress:
                counts[outcome.result] += 1
                with progress.external_write_mode(file=self.stderr):
                    self.stdout.write(str(outcome))

    def _summarise(self, counts: Counter[Result], dry_run: bool) -> None:
        summary = ", ".join(f"{counts[result]} {result}" for result in Result)
        self.stdout.write(f"{summary}{' (dry run: nothing was changed)' if dry_run else ''}")
