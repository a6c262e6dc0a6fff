"""A small web server, and results to report."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from stories.bench.keep_alive import Endpoint


class Handler(BaseHTTPRequestHandler):
    """Answers each path with its own text, with two exceptions."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/lost":
            self.close_connection = True
            return
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/elsewhere")
            body = b""
        else:
            self.send_response(404 if self.path == "/missing" else 200)
            body = f"{self.path} for {self.headers['Host']}".encode()
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Print nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True


@pytest.fixture
def endpoint():
    """A small server, as an Endpoint."""
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Endpoint(server.server_port, ("Host: example.org",))
        server.shutdown()
        thread.join()
