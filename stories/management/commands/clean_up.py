from django.core.management import call_command
from django.core.management.base import BaseCommand

from stories.models import Suggestion


class Command(BaseCommand):
    help = "Delete what has expired: sessions, and e-mail addresses of senders. Run it once a day."

    def handle(self, **options: object) -> None:
        """Delete, and say how much."""
        forgotten = Suggestion.objects.forget_senders()
        call_command("clearsessions")
        self.stdout.write(f"E-mail addresses of senders deleted: {forgotten:,}. Sessions: cleared.")
