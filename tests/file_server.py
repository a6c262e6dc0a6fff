"""Serves the files of a static site, as the simplest file server does."""

from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Server(ThreadingHTTPServer):
    # A browser opens many connections at once.
    request_queue_size = 128


class Files(SimpleHTTPRequestHandler):
    def __init__(self, *args, policy, **kwargs):
        self.policy = policy
        super().__init__(*args, **kwargs)

    def end_headers(self):
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def serving_files(directory, policy=""):
    """Serve the files in a directory with a Content-Security-Policy; yield the address."""
    handler = partial(Files, directory=str(directory), policy=policy)
    with Server(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
