"""A mail server that remembers what it was given, and refuses whom a test names."""

import socketserver
import threading
from email import message_from_bytes, policy

from tests.running_site import free_port


class Handler(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as letters need; one e-mail after the other."""

    def handle(self):
        sink = self.server.owner
        with sink.lock:
            sink.connections += 1
        self._say("220 sink")
        recipient, lines = "", None
        while line := self.rfile.readline(100_000):
            if lines is not None:
                if line != b".\r\n":
                    lines.append(line[1:] if line.startswith(b"..") else line)
                    continue
                taken, lines = b"".join(lines), None
                if sink.is_cut:
                    return
                with sink.lock:
                    sink.taken.append((recipient, taken))
                self._say(sink.answer_to_text)
                continue
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                self._say(sink.refused.get(recipient, "250 taken"))
            elif verb == b"DATA":
                lines = []
                self._say("354 go on")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say(sink.answer_to_sender if verb == b"MAIL" else "250 sink")

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False


class Sink:
    def __init__(self):
        self.port, self.lock = free_port(), threading.Lock()
        self.taken, self.refused, self.connections = [], {}, 0
        self.answer_to_text, self.answer_to_sender, self.is_cut = "250 taken", "250 go on", False
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.owner = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def recipients(self):
        return [recipient for recipient, _ in self.taken]

    @property
    def messages(self):
        return [message_from_bytes(text, policy=policy.default) for _, text in self.taken]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
