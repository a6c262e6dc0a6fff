import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from stories.following.addresses import erase
from stories.models import Follower
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record


class Command(BaseCommand):
    help = "Print all that is held about a follower by e-mail, as JSON; or erase it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("address", help="the e-mail address")
        parser.add_argument("--erase", action="store_true", help="delete the address for good")

    def handle(self, *, address: str, **options: Any) -> None:
        """Print, or erase."""
        follower = Follower.objects.with_address(address).first()
        if follower is None:
            raise CommandError("Nobody follows with this address.")
        if options["erase"]:
            erase([address], by=COMMAND_LINE)
            self.stdout.write("Erased.")
            return
        what = f"exported all about a follower (follower {follower.pk})"
        record(AuditEntry.Kind.EXPORT, what, by=COMMAND_LINE)
        text = json.dumps(follower.held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        self.stdout.write(text)
