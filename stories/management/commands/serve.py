import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from stories_project.serving import server


class Command(BaseCommand):
    help = "Run the production server."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define where the site is served, and the number of worker processes."""
        add = parser.add_argument
        add("--host", default="127.0.0.1", help="the IP address to listen on")
        add("--port", type=int, default=8000, help="8000 if not given")
        text = f"worker processes, {server.WORKERS} if not given"
        add("--workers", type=int, default=server.WORKERS, help=text)
        text = "apply migrations and collect the static files before, as manage.py prepare does"
        add("--prepare", action="store_true", help=text)
        # The supervisor says this to the servers that it starts: two file descriptors.
        add("--listener", type=int, help="a socket that listens already")
        add("--ready", type=int, help="where to say that the workers answer")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        """Say what the settings lack, and become the supervisor; or serve, if it asks for that."""
        if options["listener"] is not None:
            server.serve(options["listener"], options["ready"], workers)
            return
        if options["prepare"]:
            call_command("prepare")
        for message in run_checks(tags=[Tags.security], include_deployment_checks=True):
            if str(message.id).startswith("stories_project."):
                self.stderr.write(f"==> {message.msg} {message.hint}")
        self.stdout.write(f"==> {settings.SITE_URL} is served on {host}:{port}; stop with Ctrl-C")
        self.stdout.flush()
        # Not resolved: the path may be a link that leads to the next release later.
        manage = [sys.executable, str(Path(sys.argv[0]).absolute())]
        again = [*manage, "serve", "--workers", str(workers)]
        command = server.command_of_supervisor(host, port, again)
        os.execve(command[0], command, server.environment_of_supervisor())  # noqa: S606
