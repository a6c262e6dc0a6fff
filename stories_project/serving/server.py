"""The server: Granian, with workers that are replaced when they end, hang or grow too large."""

import ctypes
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import mkdtemp
from threading import Thread
from typing import Any

import granian.wsgi
from django.conf import settings
from django.db import connections
from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.server.mp import MPServer, WorkerProcess

from stories_project import env
from stories_project.env import BASE_DIR
from stories_project.serving import supervisor
from stories_project.serving.heartbeats import BEAT_EVERY, Heartbeats
from stories_project.serving.supervisor import say

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  private to this account: mkdtemp
WORKERS, THREADS_A_WORKER = 2, 4
APPLICATION = "stories_project.wsgi:application"
# A number of <malloc.h> in glibc, and how many heaps the threads of a process share.
M_ARENA_MAX, HEAPS = -8, 2
# A number of <linux/prctl.h>: the signal that a process gets when its parent ends.
PR_SET_PDEATHSIG = 1
# All in seconds. A worker that is silent for so long is killed.
HUNG_AFTER = 30.0
# How long a worker that is to end may take for the requests that it has.
LONGEST_END = 30
# How long a worker that leaves has to notice it and to answer what it has accepted, in seconds.
TO_FINISH = 0.5
# A worker that ends earlier failed at its start: the next one waits a moment.
SHORTEST_LIFE, PAUSE = 5.0, 1.0
MEMORY_READ_EVERY = 15


def command(port: int, workers: int = WORKERS, host: str = "127.0.0.1") -> list[str]:
    """Return the command line that serves the site on a port.

    Its first part is the path of this Python.
    """
    numbers = ["--host", host, "--port", str(port), "--workers", str(workers)]
    return [sys.executable, str(BASE_DIR / "manage.py"), "serve", *numbers]


def command_of_supervisor(host: str, port: int, server: list[str]) -> list[str]:
    """Return the command line of the supervisor that starts servers with another one."""
    # Isolated and without site-packages: it needs neither, and the memory is for the site.
    python = [sys.executable, "-I", "-S", str(supervisor.__file__)]
    return [*python, "--host", host, "--port", str(port), *server]


def environment_of_supervisor() -> dict[str, str]:
    """Return the environment of the supervisor.

    It has nothing that .env has added: the next server reads that again. It names a new folder for
    the counters of the workers, in memory, where no full disk stops them; if none can be made, each
    worker counts alone. The supervisor deletes the folder.
    """
    memory = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    try:
        folder = mkdtemp(prefix="metrics-", dir=memory)
    except OSError:
        return env.AS_STARTED
    return {**env.AS_STARTED, "PROMETHEUS_MULTIPROC_DIR": folder}


def serve(listener: int, ready: int, workers: int) -> None:
    """Serve the site on a listening socket until a signal ends this process.

    When all workers answer, a byte is written to `ready`. Both are file descriptors. The code is
    loaded before the worker processes are forked. So they share its memory, and one that replaces
    a dead one answers at once.
    """
    _end_with_parent()
    import_module(settings.ROOT_URLCONF)
    _prepare_to_fork()
    Server(listener, ready, workers).serve()


class Server(MPServer):
    """Granian on a socket that exists already, with a watchdog.

    All workers accept from the one socket. So a worker that ends takes no waiting connection along,
    as it would if each had a socket of its own.
    """

    _shd: Any
    _sfd: Any

    def __init__(self, listener: int, ready: int, workers: int) -> None:
        super().__init__(
            APPLICATION,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS_A_WORKER,
            respawn_failed_workers=True,
            workers_kill_timeout=LONGEST_END,
            rss_sample_interval=MEMORY_READ_EVERY,
            websockets=False,
        )
        self.main_loop_interrupt: Any = Wake()
        self._listener = listener
        self._ready = ready
        self._heartbeats = Heartbeats(workers)
        # While the server itself is stopped, its workers may be as well: that is no hanging.
        self._woken_at, self._stopped_until = time.monotonic(), 0.0

    @property
    def _bind_addr_fmt(self) -> str:
        return f"file descriptor {self._listener}"

    def _init_shared_socket(self) -> None:
        holder: Any = SocketHolder
        self._shd = holder(self._listener, False, self.backlog)
        self._sfd, self._ssp, self._sso = self._listener, None, None
        # Granian reads this now. Given before, it would warn of connections that a worker with a
        # socket of its own loses.
        self.workers_rss = settings.WORKER_MEMORY_BYTES or None
        Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _spawn_worker(
        self, idx: int, target: Any, callback_loader: Any, *rest: Any
    ) -> WorkerProcess:
        self._heartbeats.forget(idx)
        load = partial(_load, self._heartbeats, idx, self._listener, callback_loader)
        return super()._spawn_worker(idx, target, load, *rest)

    def shutdown(self, exit_code: int = 0) -> None:
        """Let the workers answer what they have accepted, and end them.

        Granian may lose a connection that comes while it ends a worker. So first they accept no
        more, and the other server, or the backlog of the socket, has what comes.
        """
        self._heartbeats.leave()
        time.sleep(TO_FINISH)
        super().shutdown(exit_code)

    def _respawn_workers(self, workers: list[int], *args: Any, **kwargs: Any) -> None:
        """Replace workers. However often one ends, the site does not."""
        if any(time.monotonic() < self.wrks[idx].birth + SHORTEST_LIFE for idx in workers):
            time.sleep(PAUSE)
        super()._respawn_workers(workers, *args, **kwargs)
        self.respawned_wrks.clear()

    def _watch(self) -> None:
        """Kill workers that hang; say when all have begun to answer."""
        while True:
            time.sleep(BEAT_EVERY / 4)
            now = time.monotonic()
            if now > self._woken_at + HUNG_AFTER / 3:
                self._stopped_until = now
            self._woken_at = now
            self._watch_workers()

    def _watch_workers(self) -> None:
        workers = list(self.wrks)
        silences = [self._heartbeats.silence(worker.idx) for worker in workers]
        if self._ready >= 0 and len(workers) == self.workers and None not in silences:
            os.write(self._ready, b"1")
            os.close(self._ready)
            self._ready = -1
        for worker, silence in zip(workers, silences, strict=True):
            since = time.monotonic() - max(worker.birth, self._stopped_until)
            if min(since, since if silence is None else silence) > HUNG_AFTER:
                say(f"Worker {worker.idx + 1} hangs, and is replaced.")
                worker.inner.kill()
                self._heartbeats.beat(worker.idx)


class Wake:
    """An Event that a signal handler may set while another one, or the main thread, is in it.

    `threading.Event` waits for ever then: Ctrl-C and the supervisor both ask a server to end.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Wake who waits, now or later."""
        self._calls.put(None)

    def wait(self) -> None:
        """Return when it was set, until it is cleared."""
        self._calls.put(self._calls.get())

    def clear(self) -> None:
        """Forget that it was set."""
        with suppress(Empty):
            while True:
                self._calls.get_nowait()


def _load(heartbeats: Heartbeats, worker: int, listener: int, load: Callable[[], Any]) -> Any:
    """Load the application in a worker, and begin to beat."""
    # The handlers of the server are not for workers, and Granian's come later.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    _end_with_parent()
    application = load()
    leave = partial(_accept_no_more, listener)
    heartbeats.start(worker, THREADS_A_WORKER, str(granian.wsgi.__file__), leave)
    return application


def _accept_no_more(listener: int) -> None:
    """Put a socket to which nobody connects in place of the listening one, in this process only."""
    shared = os.fstat(listener)
    nobody = socket.create_server(("127.0.0.1", 0))
    nobody.setblocking(False)
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            if os.path.samestat(os.fstat(int(name)), shared):
                os.dup2(nobody.fileno(), int(name))


def _end_with_parent() -> None:
    """End this process when the one that started it ends, however that happens."""
    with suppress(AttributeError, OSError):  # not Linux
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _prepare_to_fork() -> None:
    """Keep what the workers share as it is, and keep what they must not share out of it."""
    connections.close_all()
    with suppress(AttributeError, OSError):  # another C library: each thread has its own heap
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)
    gc.collect()
    gc.freeze()
