import sys
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories_project.accounts.invitations import address_for
from stories_project.accounts.making import make_account

DEMO = "admin@example.org"


class Command(BaseCommand):
    help = "Make the first administrator of a new site, and print where to choose the password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments; what is missing is asked for."""
        parser.add_argument("--email", help="the e-mail address of the administrator")
        parser.add_argument("--username", default="", help="if not given, the part before the @")

    def handle(self, *, email: str | None, username: str, **options: Any) -> None:
        """Make the account, unless there is an administrator already."""
        # The administrator of the demo shares a password with three others.
        known = User.objects.filter(is_superuser=True, is_active=True).exclude(email=DEMO)
        if administrator := known.first():
            self.stdout.write(f"{administrator} is an administrator already. Nothing was changed.")
            return
        if not email and not sys.stdin.isatty():
            raise CommandError("Say who: --email you@example.org")
        try:
            user = make_account(email or input("Your e-mail address: ").strip(), username)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Made the administrator {user}. Choose a password within three days:")
        self.stdout.write(address_for(user))
