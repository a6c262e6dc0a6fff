from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from founders.models import Founder
from stories.management.commands.backup import read
from stories.models import Story
from stories_project.backup.archive import BadArchive, Reader
from stories_project.backup.backing_up import restore


class Command(BaseCommand):
    help = "Restore a backup, on SQLite or PostgreSQL. All or nothing; it is verified first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, help="what manage.py backup has written")
        parser.add_argument(
            "--replace", action="store_true", help="replace what this site holds now"
        )

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        """Verify the file, and restore it."""
        holds = (model.objects.exists() for model in (Story, Founder, User))
        if not replace and any(holds):
            raise CommandError(
                "This site is not empty. Back it up first, and say --replace: everything that it "
                "holds will be replaced."
            )
        done = 0
        try:
            archive = Reader(file)
            read(archive)
            with tqdm(desc="Rows and files", unit="", unit_scale=True, disable=None) as bar:
                for count in restore(archive):
                    done += count
                    bar.update(count)
        except (BadArchive, OSError) as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(f"Restored: {done:,} rows and files. Everybody signs in again.")
