"""A small HTTP server that notes what it is asked, and answers as a test wants it."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class RecordingServer:
    """`requests` are (method, path, headers, body); `answers` are used up one a request.

    An answer is (status, body); after the last one, each request is answered as `usual` says.
    """

    def __init__(self, port):
        self.port, self.address = port, f"http://127.0.0.1:{port}"
        self.requests, self.answers = [], []
        self.usual = (200, b'{"success": true}')
        self.headers, self.delay = {}, 0

    def answer(self, request):
        self.requests.append(request)
        time.sleep(self.delay)
        return self.answers.pop(0) if self.answers else self.usual


@contextmanager
def recording_server():
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = server.answer((self.command, self.path, dict(self.headers), body))
            self.send_response(status)
            for header in server.headers.items():
                self.send_header(*header)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{server.address}/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PURGE = answer  # noqa: N815

        def log_message(self, *arguments):
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = RecordingServer(listener.server_port)
    thread = threading.Thread(target=listener.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
