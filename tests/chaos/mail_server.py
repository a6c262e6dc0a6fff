"""A mail server that takes everything, and may be stopped or silent."""

import socketserver
import threading
import time

from tests.running_site import free_port


class Handler(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a client needs that sends."""

    def handle(self):
        self._say("220 mail")
        is_text = False
        while line := self.rfile.readline(10_000):
            while self.server.owner.is_silent:
                time.sleep(0.1)
            if is_text:
                if line == b".\r\n":
                    is_text = False
                    self.server.owner.count += 1
                    self._say("250 taken")
            elif line.upper().startswith(b"DATA"):
                is_text = True
                self._say("354 go on")
            elif line.upper().startswith(b"QUIT"):
                return self._say("221 bye")
            else:
                self._say("250 mail")
        return None

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False


class MailServer:
    def __init__(self):
        self.port, self.count, self.is_silent = free_port(), 0, False
        self.start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def start(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.owner = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
