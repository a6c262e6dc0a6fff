"""A Redis server of a test's own, which it may kill."""

import shutil
import signal
import subprocess

import pytest

from tests.running_site import free_port, wait_for


class Redis:
    def __init__(self, host="127.0.0.1"):
        self.host = host
        self.port = free_port()
        self.start()

    @property
    def url(self):
        return f"redis://{self.host}:{self.port}/0"

    def start(self):
        """Start the server, and wait until it accepts connections."""
        command = ["redis-server", "--port", str(self.port), "--save", ""]
        command += ["--bind", self.host, "--protected-mode", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        wait_for(self.port, self.host)

    def hang(self):
        """Stop the process where it is: connections stay open, and get no answer."""
        self.process.send_signal(signal.SIGSTOP)

    def kill(self):
        self.process.kill()
        self.process.wait()

    remove = kill


@pytest.fixture
def redis():
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    redis = Redis()
    yield redis
    redis.kill()
