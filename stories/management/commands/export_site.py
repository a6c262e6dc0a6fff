from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.moving.exporting import Export
from stories_project.publication.current import in_its_zone


class Command(BaseCommand):
    help = "Write the site as Markdown files with front matter, which import_stories reads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "directory", type=Path, help="an empty directory, or one with an older export"
        )
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="also what readers do not see: drafts, schedules, withdrawn stories, all founders",
        )
        parser.add_argument(
            "--history", action="store_true", help="with --all: also every revision of each story"
        )

    @in_its_zone()
    def handle(self, *, directory: Path, everything: bool, history: bool, **options: Any) -> None:
        """Write the files with a progress bar, and say how many of which kind."""
        if history and not everything:
            raise CommandError(
                "The history has texts that readers never saw. If it may leave: --all --history"
            )
        export = Export(directory, everything=everything, history=history)
        try:
            self._write(export)
        except OSError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as stopped:
            self.stderr.write("Stopped. This is not a whole export: run it again.")
            raise SystemExit(130) from stopped
        kinds = [f"{count:,} in {folder}/" for folder, count in sorted(export.counts.items())]
        self.stdout.write(f"Written: {directory} ({', '.join(kinds)}).")

    def _write(self, export: Export) -> None:
        with tqdm(total=export.total(), unit="file", disable=None, file=self.stderr) as progress:
            for count in export.run():
                progress.update(count)
