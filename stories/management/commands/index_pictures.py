from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from stories.moderating.present_pictures import index_everything, is_done


class Command(BaseCommand):
    help = "List in the media library what is stored already. Safe to stop and to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="do nothing if it is done already")

    def handle(self, *, once: bool, **options: Any) -> None:
        """Index with progress, and say how much was read."""
        if once and is_done():
            return
        with tqdm(unit=" files and texts", disable=None) as progress:
            for count in index_everything():
                progress.update(count)
        self.stdout.write(f"Files and texts read for the media library: {progress.n:,}.")
