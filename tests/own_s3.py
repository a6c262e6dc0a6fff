"""A server that speaks S3, of a test's own, which it may kill."""

import signal
import subprocess
import sys
import urllib.request

import pytest

from tests.running_site import free_port, wait_for

BUCKET = "pictures"


class ObjectServer:
    def __init__(self):
        self.port = free_port()
        self.start()

    @property
    def address(self):
        """What MEDIA_STORAGE needs."""
        return f"s3+http://key:se%2Fcret@127.0.0.1:{self.port}/{BUCKET}?region=eu-central-1"

    def start(self):
        """Start the server with an empty bucket."""
        command = [sys.executable, "-m", "moto.server", "--port", str(self.port)]
        self.process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.port)
        self.ask("PUT", f"/{BUCKET}")

    def ask(self, method, path):
        """Return (status, headers) of a request without any signature, as a stranger sends it."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                return response.status, response.headers
        except urllib.error.HTTPError as error:
            return error.code, error.headers

    def fall_silent(self):
        """Accept connections, and answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def speak_again(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def object_server():
    server = ObjectServer()
    yield server
    server.kill()
