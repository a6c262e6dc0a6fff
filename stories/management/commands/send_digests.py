from django.core.management.base import BaseCommand
from django.utils import timezone

from stories.notifying.digests import send_digests


class Command(BaseCommand):
    help = "Remind of deadlines, and send the daily e-mails that are due. Safe to run often."

    def handle(self, **options: object) -> None:
        """Send, and say how many."""
        self.stdout.write(f"Daily e-mails sent: {send_digests(timezone.now()):,}.")
