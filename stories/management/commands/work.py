from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django_tasks.signals import task_finished

from stories.following.sending import sending_letters
from stories.notifying.daily import Daily
from stories_project.background.failures import forget_success
from stories_project.background.worker import Saying


class Command(BaseCommand):
    help = (
        "Do the work that requests leave behind, such as e-mail, and send letters to followers,"
        " until a signal ends it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--once", action="store_true", help="end when nothing is left to do")

    def handle(self, *, once: bool, **options: Any) -> None:
        """Say that a worker runs, work, and send the daily e-mails in their hour."""
        task_finished.connect(forget_success, dispatch_uid="forget what is done")
        with Saying(), Daily(), sending_letters(is_kept_up=not once):
            call_command("db_worker", batch=once, startup_delay=not once)
