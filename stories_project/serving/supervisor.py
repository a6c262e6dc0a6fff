"""Hold the listening socket, and keep a server running that answers on it.

The socket outlives every server. So no connection is refused while a server is replaced: it waits
in the queue of the socket. This file imports nothing of the site: the process stays small, and a
new release is loaded by a new server.

    SIGTERM, SIGINT  end the server when it has answered what it has accepted
    SIGHUP           start a new server from the files as they are now; then end the old one

A service manager may hold the socket instead:
https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
"""

import argparse
import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

BACKLOG = 1024
# A number of <linux/prctl.h>: this process inherits what its children leave behind.
PR_SET_CHILD_SUBREAPER = 36
# Of a socket that a service manager holds.
FIRST_PASSED_FD = 3
# All in seconds.
LONGEST_START = 120.0
LONGEST_END = 60.0
LONGEST_FAREWELL = 2.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A server that lived as long has not failed at its start.
STEADY_AFTER = 60.0
POLL = 0.5


class Server:
    """A running server, and whether it has said that all of its workers answer."""

    def __init__(self, command: list[str], listener: socket.socket) -> None:
        self._ready, ready = os.pipe()
        fds = (listener.fileno(), ready)
        numbers = ["--listener", str(fds[0]), "--ready", str(fds[1])]
        self.process = subprocess.Popen([*command, *numbers], pass_fds=fds)  # noqa: S603
        os.close(ready)
        self.born_at = time.monotonic()
        self.must_end_at = 0.0

    def wait_until_ready(self) -> bool:
        """Return whether it answers; False if it ended before, or took too long."""
        readable: list[int] = []
        # A worker that is stopped keeps the pipe open when its server has died.
        while (
            not readable and not self.has_ended and time.monotonic() < self.born_at + LONGEST_START
        ):
            readable, _, _ = select.select([self._ready], [], [], POLL)
        is_ready = bool(readable and os.read(self._ready, 1))
        os.close(self._ready)
        return is_ready

    def status(self) -> int:
        """Return its status if it ends now: positive if it failed, negative if it was killed."""
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(LONGEST_FAREWELL)
        return 0

    @property
    def has_ended(self) -> bool:
        """Whether its process is gone."""
        return self.process.poll() is not None

    def end(self) -> None:
        """Ask it to answer what it has accepted, and to end."""
        self.must_end_at = time.monotonic() + LONGEST_END
        self.process.terminate()

    def kill_if_late(self) -> None:
        """Kill it if it was asked to end long ago."""
        if time.monotonic() > self.must_end_at:
            self.process.kill()


class Orphans:
    """The workers whose server has died. They were told to end, and belong to this process now."""

    def __init__(self) -> None:
        self._must_end_at: dict[int, float] = {}
        with suppress(AttributeError, OSError):  # not Linux
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)

    def bury(self, servers: set[int], patience: float = LONGEST_END) -> None:
        """Wake those that are stopped, and kill those that should have ended; not the servers."""
        for pid in _children() - servers:
            if pid not in self._must_end_at:
                self._must_end_at[pid] = time.monotonic() + patience
                os.kill(pid, signal.SIGCONT)
            else:
                # One that was stopped may have given an earlier signal to a thread that waits.
                os.kill(pid, signal.SIGTERM)
            if time.monotonic() >= self._must_end_at[pid]:
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _children() -> set[int]:
    pid = os.getpid()
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:  # not Linux
        return set()


class Supervisor:
    """Keeps one server running. `command` starts it."""

    def __init__(self, command: list[str], listener: socket.socket) -> None:
        self._command = command
        self._listener = listener
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._leaving: list[Server] = []
        self._orphans = Orphans()
        self._pause = SHORTEST_PAUSE

    def run(self) -> int:
        """Serve until a signal ends this process; return its status."""
        for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(asked, self._remember)
        server = self._start()
        if server.wait_until_ready():
            say("Ready.")
        elif server.status() > 0:
            # What keeps the first server from starting is a mistake of the operator.
            return server.status()
        while True:
            number = self._next_signal()
            if number == signal.SIGHUP:
                server = self._replace(server)
            elif number:
                return self._end(server)
            elif server.has_ended:
                server = self._start_again(server)
            self._bury()
            self._orphans.bury({s.process.pid for s in (server, *self._leaving)})

    def _remember(self, number: int, frame: Any) -> None:
        self._signals.put(number)

    def _next_signal(self) -> int:
        """Return the number of the next signal, or 0 if there is none for a moment."""
        try:
            return self._signals.get(timeout=POLL)
        except Empty:
            return 0

    def _start(self) -> Server:
        return Server(self._command, self._listener)

    def _replace(self, old: Server) -> Server:
        """Return a new server that answers; the old one goes on if none does."""
        say("Starting a new server.")
        new = self._start()
        if not new.wait_until_ready():
            say("The new server did not start, see above. The old one goes on.")
            new.process.kill()
            new.process.wait()
            return old
        old.end()
        self._leaving.append(old)
        say("The new server answers; the old one ends.")
        return new

    def _start_again(self, dead: Server) -> Server:
        """Return a server in place of one that has ended, later each time if it ends at once."""
        is_steady = time.monotonic() > dead.born_at + STEADY_AFTER
        self._pause = SHORTEST_PAUSE if is_steady else min(2 * self._pause, LONGEST_PAUSE)
        say(f"The server has ended. Another one starts in {self._pause:g} s.")
        deadline = time.monotonic() + self._pause
        while time.monotonic() < deadline and self._signals.empty():
            self._orphans.bury({leaving.process.pid for leaving in self._leaving})
            time.sleep(0.2)
        server = self._start()
        if server.wait_until_ready():
            say("Ready.")
        return server

    def _end(self, server: Server) -> int:
        server.end()
        self._leaving.append(server)
        while self._leaving:
            self._bury()
            time.sleep(0.02)
        self._orphans.bury(set(), patience=0)
        return 0

    def _bury(self) -> None:
        """Forget the servers that have ended, and kill those that should have."""
        self._leaving = [server for server in self._leaving if not server.has_ended]
        for server in self._leaving:
            server.kill_if_late()


def say(text: str) -> None:
    """Write a line to the log."""
    sys.stderr.write(f"==> {text}\n")
    sys.stderr.flush()


def listen(host: str, port: int) -> socket.socket:
    """Return the socket of the service manager, or one of our own that listens."""
    if os.environ.pop("LISTEN_PID", "") == str(os.getpid()):
        return socket.socket(fileno=FIRST_PASSED_FD)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def main() -> int:
    """Run the supervisor with the arguments of the command line; the rest starts the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    options, command = parser.parse_known_args()
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        say(f"Cannot listen on {options.host}:{options.port}: {os.strerror(error.errno or 0)}.")
        return 1
    try:
        return Supervisor(command, listener).run()
    finally:
        # What the workers have counted.
        shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
