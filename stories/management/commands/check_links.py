from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stories.reviewing.dead_links import check_due

MOST = 200


class Command(BaseCommand):
    help = "Find the links of public stories to other sites that lead nowhere. Run it every hour."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--most", type=int, default=MOST, help=f"check so many stories at once ({MOST})"
        )

    def handle(self, *, most: int, **options: Any) -> None:
        """Check, and say what was found."""
        checked = check_due(most)
        self.stdout.write(
            f"Stories checked: {checked.stories:,}. Links: {checked.links:,}. "
            f"Links that lead nowhere: {checked.dead:,}."
        )
