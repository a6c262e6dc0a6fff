from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories_project.accounts.invitations import address_for
from stories_project.accounts.making import make_account


class Command(BaseCommand):
    help = "Make an account of an editor, or of another role, and print where to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("email", help="the e-mail address of the account")
        parser.add_argument("--username", default="", help="if not given, the part before the @")
        parser.add_argument("--role", default="Editor", help="Editor, Writer or Moderator")

    def handle(self, *, email: str, username: str, role: str, **options: Any) -> None:
        """Make the account."""
        try:
            user = make_account(email, username, role)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Made {user} ({role}). Give them this address; it works for three days:")
        self.stdout.write(address_for(user))
