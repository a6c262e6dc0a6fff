import sys
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories_project.accounts.invitations import address_for
from stories_project.accounts.making import make_account
from stories_project.publication.current import current, save
from stories_project.publication.models import PublicationRevision
from stories_project.publication.values import LONGEST_NAME

DEMO = "admin@example.org"


class Command(BaseCommand):
    help = (
        "Name the publication, make the first administrator of a new site, and print where to"
        " choose the password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments; what is missing is asked for."""
        parser.add_argument("--email", help="the e-mail address of the administrator")
        parser.add_argument("--username", default="", help="if not given, the part before the @")

        parser.add_argument("--name", help="the name of the publication")

    def handle(self, *, email: str | None, username: str, name: str | None, **options: Any) -> None:
        """Name the publication, and make the account unless there is an administrator already."""
        self._name(name)
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

    def _name(self, name: str | None) -> None:
        """Name the publication; ask for the name if it has none and somebody can answer."""
        if name is None and sys.stdin.isatty() and not PublicationRevision.objects.exists():
            name = input(f"The name of the publication ({current().name}): ")
        name = (name or "").strip()
        if len(name) > LONGEST_NAME:
            raise CommandError(f"The name has more than {LONGEST_NAME} characters.")
        if name and name != current().name:
            save(replace(current(), name=name))
            self.stdout.write(
                f"The publication is called {name} now. Its page at the desk has more."
            )
