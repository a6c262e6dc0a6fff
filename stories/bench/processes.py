"""Processes that a measurement starts, and that never outlive it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stories.bench.results import BenchError
from stories_project.env import BASE_DIR

Process = subprocess.Popen[bytes]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
SECONDS_TO_DIE = 1


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise KeyboardInterrupt for each signal that asks to stop, so that `finally` cleans up."""
    with _handling(_interrupt):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Postpone the signals that ask to stop until the block has ended."""
    postponed: list[int] = []
    with _handling(lambda number, frame: postponed.append(number)):
        yield
    if postponed:
        raise KeyboardInterrupt


@contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """Run a command as the leader of a process group of its own, and yield its Process.

    What it prints goes to the file `log`. At the end the whole group is stopped.
    """
    process = None
    try:
        with log.open("wb") as output, uninterrupted():
            process = subprocess.Popen(  # noqa: S603  our own command lines
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=env,
                cwd=BASE_DIR,
            )
        yield process
    finally:
        if process:
            with uninterrupted():
                _stop(process)


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(process: Process, port: int, log: Path) -> None:
    """Wait until something listens on a port; raise BenchError if the process ends before."""
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
    lines = log.read_text(errors="replace").strip().splitlines()
    raise BenchError(f"{log.stem} did not start. It printed: {' / '.join(lines[-3:])}")


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


@contextmanager
def _handling(handler: Any) -> Iterator[None]:
    previous = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _stop(process: Process) -> None:
    """Ask the group to stop, kill what is left of it, and wait until it is gone."""
    _send(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_STOP)
    deadline = time.monotonic() + SECONDS_TO_DIE
    while _send(process, signal.SIGKILL) and time.monotonic() < deadline:
        process.poll()
        time.sleep(0.01)
    process.wait()


def _send(process: Process, number: int) -> bool:
    """Send a signal to the group of a process; return whether there was any process in it."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
