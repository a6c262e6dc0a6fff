from argparse import ArgumentParser
from contextlib import suppress

from django.core.management.base import BaseCommand

from stories_project.page_cache.deliveries import targets
from stories_project.page_cache.delivery_worker import send_messages, worker_without_pages
from stories_project.page_cache.models import Delivery


class Command(BaseCommand):
    help = (
        "Tell the content delivery network, search engines, feed readers and webhooks what has "
        "changed. "
        "The server processes do this by themselves."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --watch."""
        parser.add_argument("--watch", action="store_true", help="Go on until you press Ctrl-C.")

    def handle(self, *, watch: bool, **options: object) -> None:
        """Deliver what is due, and say what has failed."""
        if not targets():
            self.stdout.write(
                "Nobody to tell: CDN_URL, INDEXNOW_KEY and WEBSUB_HUB are empty, WEBHOOKS is off."
            )
            return
        worker = worker_without_pages()
        if watch:
            with suppress(KeyboardInterrupt):
                worker.run()
            return
        worker.deliver_once()
        send_messages()
        told = Delivery.objects.filter(target__in=targets())
        failing = (told | Delivery.objects.for_receivers()).failing().count()
        self.stdout.write(f"Waiting to be tried again: {failing:,}.")
