"""How the site is served in production. `manage.py serve` and `manage.py bench` both start this."""

import ctypes
import gc
import sys
from contextlib import suppress
from importlib import import_module

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from stories_project.env import BASE_DIR

WORKERS, THREADS_A_WORKER = 2, 4
APPLICATION = "stories_project.wsgi:application"
# A number of <malloc.h> in glibc, and how many heaps the threads of a process share.
M_ARENA_MAX, HEAPS = -8, 2


def command(port: int, workers: int = WORKERS) -> list[str]:
    """Return the command line that serves the site on a port of 127.0.0.1.

    Its first part is the path of this Python.
    """
    numbers = ["--port", str(port), "--workers", str(workers)]
    return [sys.executable, str(BASE_DIR / "manage.py"), "serve", *numbers]


def serve(port: int, workers: int) -> None:
    """Serve the site on a port of 127.0.0.1 with Granian, until a signal ends this process.

    The code is loaded before the worker processes are forked. So they share its memory, and one
    that replaces a dead one answers at once.
    """
    import_module(settings.ROOT_URLCONF)
    _prepare_to_fork()
    Granian(
        APPLICATION,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_A_WORKER,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


def _prepare_to_fork() -> None:
    """Keep what the workers share as it is, and keep what they must not share out of it."""
    connections.close_all()
    with suppress(AttributeError, OSError):  # another C library: each thread has its own heap
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)
    gc.collect()
    gc.freeze()
