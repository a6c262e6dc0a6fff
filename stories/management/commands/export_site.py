from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.moving.exporting import Export
from stories.moving.foreign_export import WRITERS, ForeignExport
from stories_project.publication.current import in_its_language, in_its_zone


class Command(BaseCommand):
    help = "Write the site as files: for import_stories, for WordPress or for Ghost."

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

        parser.add_argument(
            "--format",
            choices=["markdown", *WRITERS],
            default="markdown",
            dest="system",
            help="Markdown, which import_stories reads, or what another system imports",
        )

    @in_its_zone()
    @in_its_language()
    def handle(
        self, *, directory: Path, everything: bool, history: bool, system: str, **options: Any
    ) -> None:
        """Write the files with a progress bar, and say how many of which kind."""
        if history and (not everything or system != "markdown"):
            raise CommandError(
                "The history has texts that readers never saw, and only Markdown has a place for "
                "it. If it may leave: --all --history"
            )
        if system == "markdown":
            self._export(Export(directory, everything=everything, history=history))
        else:
            self._export(ForeignExport(directory, system, everything=everything))

    def _export(self, export: Export | ForeignExport) -> None:
        try:
            self._write(export)
        except OSError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as stopped:
            self.stderr.write("Stopped. This is not a whole export: run it again.")
            raise SystemExit(130) from stopped
        self.stdout.write(f"Written: {export.directory} ({export.summary}).")

    def _write(self, export: Export | ForeignExport) -> None:
        with tqdm(total=export.total(), unit="file", disable=None, file=self.stderr) as progress:
            for count in export.run():
                progress.update(count)
