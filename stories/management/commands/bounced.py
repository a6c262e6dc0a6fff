import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stories.following.addresses import note_bounces
from stories_project.audit.recording import COMMAND_LINE


class Command(BaseCommand):
    help = "Send no more letters to addresses from which e-mail came back: one on each line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", help="the file with the addresses, or - for standard input")

    def handle(self, *, file: str, **options: Any) -> None:
        """Pause the followers, and say how many there were."""
        text = sys.stdin.read() if file == "-" else Path(file).read_text()
        count = note_bounces(text.split(), by=COMMAND_LINE)
        self.stdout.write(f"Followers paused: {count:,}.")
