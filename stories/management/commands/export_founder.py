from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.moderating.person import Person, export


class Command(BaseCommand):
    help = "Write everything that is held about a founder to a ZIP file, which only you may read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("slug", help="the address of the founder, present or former")
        parser.add_argument("--output", type=Path, help="the file; if unset, SLUG.zip here")

    def handle(self, slug: str, output: Path | None, **options: Any) -> None:
        """Write the file, and print where it is."""
        path = output or Path(f"{slug}.zip")
        try:
            export(Person.with_slug(slug), path)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except OSError as error:
            raise CommandError(f"{path} was not written: {error.strerror}.") from error
        self.stdout.write(f"Written: {path}")
