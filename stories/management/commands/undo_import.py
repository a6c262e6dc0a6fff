from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.models import ImportRun
from stories.moving.undoing import undo
from stories_project.publication.current import in_its_language


class Command(BaseCommand):
    help = "Take an import back: see docs/moving.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the number of the import."""
        parser.add_argument("run", type=int, help="the number that import_from has printed")

    @in_its_language()
    def handle(self, *, run: int, **options: Any) -> None:
        """Undo the import, and print one line about each story."""
        found = ImportRun.objects.filter(pk=run).first()
        if found is None:
            raise CommandError(f"There is no import {run}.")
        found.go_to(ImportRun.State.UNDOING)
        progress = tqdm(undo(found), unit="story", disable=None, file=self.stderr)
        for line in progress:
            with progress.external_write_mode(file=self.stderr):
                self.stdout.write(f"{line.name}: {line.detail}")
        found.go_to(ImportRun.State.UNDONE)
        self.stdout.write("The import is undone.")
