"""Run a whole site in processes of its own, for tests that the test client cannot do."""

import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
# These override the environment and .env: empty means SQLite in the site's own folder, and no Redis.
OVERRIDES = {
    **{"DATABASE_URL": "", "CACHE_URL": "", "EMAIL_URL": "dummymail://"},
    **{"CDN_URL": "", "INDEXNOW_KEY": "", "WEBSUB_HUB": ""},
}
SECONDS_TO_START = 60


# Linux gives these ports to nobody by itself. A free one above them could be taken by an outgoing
# connection before the server has started.
PORTS = range(20_000, 32_000)


def free_port():
    """Return the number of a port that nobody listens on."""
    while True:
        port = random.choice(PORTS)  # noqa: S311
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def wait_for(port, host="127.0.0.1"):
    """Wait until somebody listens on a port. Raises TimeoutError."""
    for _ in range(20 * SECONDS_TO_START):
        with suppress(OSError):
            return socket.create_connection((host, port), timeout=1).close()
        time.sleep(0.05)
    raise TimeoutError(f"Nobody listens on {host}:{port}")


@cache
def prepared():
    """Return a folder with a prepared database and static files, made once in each process."""
    folder = tempfile.mkdtemp(prefix="prepared-")
    atexit.register(shutil.rmtree, folder)
    site = {"DATA_DIR": folder, "DEBUG": "", "TRIAL_ADDRESS": "http://127.0.0.1:1"}
    command = [sys.executable, "manage.py", "prepare"]
    env = os.environ | OVERRIDES | site
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return folder


class Site:
    """A site that keeps its database and media in a folder, and listens on a free port.

    `environment` holds further environment variables. Nothing is started yet. The static files are
    collected; the database is migrated if it is SQLite.
    """

    def __init__(self, folder, **environment):
        shutil.copytree(prepared(), folder, dirs_exist_ok=True)
        self.port = str(free_port())
        self.address = f"http://127.0.0.1:{self.port}"
        own = OVERRIDES | {"DATA_DIR": str(folder), "DEBUG": "on", "SITE_URL": self.address}
        self.env = os.environ | own | environment
        self.log = Path(folder) / "server.log"
        self._known_workers = set()

    def manage(self, *command):
        """Run a management command and return its output. Raises CalledProcessError if it fails."""
        command = [sys.executable, "manage.py", *command]
        result = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        return result.stdout

    def start(self):
        """Start the development server, and wait until it answers. Raises TimeoutError."""
        self._serve([sys.executable, "manage.py", "runserver", "--noreload", self.port])

    def start_for_readers(self):
        """Start the production server with production settings, as `make serve` does."""
        self.env |= {"DEBUG": "", "TRIAL_ADDRESS": self.address, "PORT": self.port}
        self._serve(["make", "--no-print-directory", "serve"])
        self._wait_until(lambda: "==> Ready." in self.log.read_text())

    def workers(self):
        """Return the process ids of the production server's workers."""
        found = [worker for server in self.servers() for worker in _children(server)]
        self._known_workers.update(found)
        return found

    def servers(self):
        """Return the process ids of the production servers: usually one, below the supervisor.

        It has also adopted the workers whose server has died.
        """
        return [pid for pid in _children(self.supervisor()) if pid not in self._known_workers]

    def supervisor(self):
        """Return the process id of the supervisor, which `make` has started."""
        return _children(self.process.pid)[0]

    def kill(self):
        """Kill all processes of the site at once, like a power cut."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _serve(self, command):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                cwd=ROOT,
                env=self.env,
                start_new_session=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until(self._answers)

    def _answers(self):
        with suppress(OSError), urlopen(f"{self.address}/healthz"):  # noqa: S310
            return True

    def _wait_until(self, is_true):
        for _ in range(10 * SECONDS_TO_START):
            if is_true():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.kill()
        raise TimeoutError(f"The site did not start: {self.log.read_text()[-2000:]}")


def _children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
