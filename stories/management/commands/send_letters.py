from typing import Any

from django.core.management.base import BaseCommand

from stories.following.sending import send_all


class Command(BaseCommand):
    help = "Send the letters to followers that are due, and end. `manage.py work` does it too."

    def handle(self, **options: Any) -> None:
        """Send, within the limit a minute, and say how many."""
        self.stdout.write(f"Letters handled: {send_all():,}.")
