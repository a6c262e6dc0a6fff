"""The production server that is measured, and the memory that it needs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stories.bench.processes import free_port, running, wait_for
from stories_project import env
from stories_project.serving import server as production_server

PROC = Path("/proc")
KIB_A_MIB = 1024


@dataclass(frozen=True)
class Server:
    """A running server: its process id, and its port on 127.0.0.1."""

    pid: int
    port: int


@contextmanager
def serving(name: str, folder: Path, workers: int, **variables: str) -> Iterator[Server]:
    """Run a production server with some changed environment variables; its log is in the folder."""
    port, log = free_port(), folder / f"{name}.log"
    command = production_server.command(port, workers)
    with running(command, log, env.changed(DEBUG="off", **variables)) as process:
        wait_for(process, port, log)
        yield Server(process.pid, port)


def memory_mib(pid: int) -> list[float] | None:
    """Return the PSS of a process and of all its descendants in MiB; None without /proc.

    The proportional set size counts a page that n processes share as 1/n in each of them. See
    https://www.kernel.org/doc/html/latest/filesystems/proc.html (smaps_rollup).
    """
    if not (PROC / "self" / "smaps_rollup").exists():
        return None
    return [_pss_mib(process) for process in [pid, *_descendants(pid)]]


def _descendants(pid: int) -> list[int]:
    children = [
        int(child)
        for task in (PROC / str(pid) / "task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return children + [below for child in children for below in _descendants(child)]


def _pss_mib(pid: int) -> float:
    with suppress(ProcessLookupError, FileNotFoundError):  # It may have ended meanwhile.
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / KIB_A_MIB
    return 0.0
