"""A mail server of a test's own: it keeps what it is given, and refuses, falls silent or stops."""

import socketserver
import threading
import time
from email import message_from_bytes, policy

from tests.running_site import free_port


class Handler(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a client needs that sends; one e-mail after the other."""

    def handle(self):
        owner = self.server.owner
        with owner.lock:
            owner.connections += 1
        self._say("220 mail")
        recipient = ""
        while line := self._line():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                self._say(owner.refused.get(recipient, "250 taken"))
            elif verb == b"DATA":
                self._say("354 go on")
                text = self._text()
                if text is None or owner.is_cut:
                    return
                with owner.lock:
                    owner.taken.append((recipient, text))
                self._say(owner.answer_to_text)
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say(owner.answer_to_sender if verb == b"MAIL" else "250 mail")

    def _line(self):
        line = self.rfile.readline(100_000)
        while line and self.server.owner.is_silent:
            time.sleep(0.1)
        return line

    def _text(self):
        """Return the text of an e-mail, or None if its sender has gone before the end."""
        lines = []
        while line := self._line():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b"..") else line)
        return None

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False


class MailServer:
    """`taken` are the recipients and texts of its e-mails; `refused` the answers to recipients.

    With `is_cut`, it hangs up after a text, as one that dies.
    """

    def __init__(self):
        self.port, self.lock = free_port(), threading.Lock()
        self.taken, self.refused, self.connections = [], {}, 0
        self.answer_to_text, self.answer_to_sender = "250 taken", "250 go on"
        self.is_cut = self.is_silent = False
        self.start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self):
        return [recipient for recipient, _ in self.taken]

    @property
    def messages(self):
        return [message_from_bytes(text, policy=policy.default) for _, text in self.taken]

    def start(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.owner = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
