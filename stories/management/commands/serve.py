from typing import Any

from django.core.checks import Tags, run_checks
from django.core.management.base import BaseCommand, CommandParser

from stories_project import production_server


class Command(BaseCommand):
    help = "Run the production server. `make serve` prepares the site first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the port and the number of worker processes."""
        parser.add_argument("--port", type=int, default=8000, help="8000 if not given")
        parser.add_argument(
            "--workers",
            type=int,
            default=production_server.WORKERS,
            help=f"worker processes, {production_server.WORKERS} if not given",
        )

    def handle(self, *, port: int, workers: int, **options: Any) -> None:
        """Serve until a signal ends this process; say first what the settings lack."""
        for message in run_checks(tags=[Tags.security], include_deployment_checks=True):
            if str(message.id).startswith("stories_project."):
                self.stderr.write(f"==> {message.msg} {message.hint}")
        production_server.serve(port, workers)
