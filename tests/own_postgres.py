"""A PostgreSQL server of a test's own, which it may stop and restart."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.running_site import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
# The server refuses to run as root.
ACCOUNT = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
OPTIONS = "-c fsync=off -c listen_addresses={} -c unix_socket_directories='' -p {}"


class Postgres:
    """A server below a temporary folder of its own; `clients` may connect without a password."""

    def __init__(self, host="127.0.0.1", clients="127.0.0.1/32"):
        self.host = host
        self.folder = Path(tempfile.mkdtemp(prefix="postgres"))
        if ACCOUNT:
            shutil.chown(self.folder, **ACCOUNT)
        self.port = free_port()
        self.url = f"postgres://postgres@{host}:{self.port}/postgres"
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync")
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {clients} trust\n")
        self.start()

    def start(self):
        options = OPTIONS.format(self.host, self.port)
        self._run("pg_ctl", "start", "--wait", f"--options={options}", f"--log={self.folder}/log")

    def stop(self):
        """Stop as a crash does: every connection is cut."""
        self._run("pg_ctl", "stop", "--mode=immediate")

    def processes(self):
        """Return the process ids of the server and of its connections."""
        first = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [int(pid) for pid in (first, *children)]

    def remove(self):
        subprocess.run(  # noqa: S603
            [PROGRAMS[-1] / "pg_ctl", "stop", "--mode=immediate", "-D", self.folder / "data"],
            check=False,
            capture_output=True,
            cwd="/",
            **ACCOUNT,
        )
        shutil.rmtree(self.folder)

    def _run(self, program, *arguments):
        command = [PROGRAMS[-1] / program, *arguments, "-D", self.folder / "data"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd="/", **silent, **ACCOUNT)  # noqa: S603


@pytest.fixture(scope="module")
def postgres():
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed")
    postgres = Postgres()
    yield postgres
    postgres.remove()
