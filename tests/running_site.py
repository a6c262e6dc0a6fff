"""A site of its own in processes of its own: for what a test client cannot show."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
# Empty: a database of its own, whatever the environment or .env say.
OWN = {"DATABASE_URL": "", "CACHE_URL": "", "EMAIL_URL": "dummymail://"}
SECONDS_TO_START = 20


class Site:
    """A site with its data in a folder. Is not started, and has no tables, until it is told."""

    def __init__(self, folder, **environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        own = OWN | {"DATA_DIR": str(folder), "DEBUG": "on", "SITE_URL": self.address}
        self.env = os.environ | own | environment

    def manage(self, *command):
        """Run a command of the site, and return what it says."""
        command = [sys.executable, "manage.py", *command]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def start(self):
        """Serve as a developer does."""
        self._serve([sys.executable, "manage.py", "runserver", "--noreload", self.port])

    def start_for_readers(self):
        """Serve as `make serve` does, with the production server and settings."""
        self.env |= {"DEBUG": "", "TRIAL_ADDRESS": self.address, "PORT": self.port}
        self._serve(["make", "--no-print-directory", "serve"])

    def workers(self):
        """Return the process ids of the production server's workers: the children of its own."""
        return [worker for server in _children(self.process.pid) for worker in _children(server)]

    def kill(self):
        """End it as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _serve(self, command):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=self.env, start_new_session=True, **quiet
        )
        for _ in range(10 * SECONDS_TO_START):
            try:
                return urlopen(f"{self.address}/healthz")  # noqa: S310
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("The site did not start")


def _children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
