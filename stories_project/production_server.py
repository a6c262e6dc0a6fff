"""How the site is served in production. `manage.py serve` and `manage.py bench` both start this."""

import sys

WORKERS = 2
OPTIONS = "--interface wsgi --blocking-threads 4 --respawn-failed-workers --no-ws"
APPLICATION = "stories_project.wsgi:application"


def command(port: int, workers: int = WORKERS) -> list[str]:
    """Return the command line that serves the site on a port of 127.0.0.1 with Granian.

    Its first part is the path of this Python. Its worker processes are replaced when they die.
    """
    address = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    return [sys.executable, "-m", "granian", *OPTIONS.split(), *address, APPLICATION]
