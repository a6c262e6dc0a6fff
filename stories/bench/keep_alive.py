"""A small HTTP/1.1 client: many requests on a few connections that are kept open, in one thread.

It measures nothing but the server: a request is one prepared text, and an answer is cut out of
what arrives. It understands answers with a Content-Length, which all pages of the site have.
"""

import re
import selectors
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from math import inf
from time import perf_counter

BYTES_AT_ONCE = 262_144
SECONDS_TO_ANSWER = 30
NO_ANSWER = 0
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Endpoint:
    """Where requests go: a port of 127.0.0.1; and what each of them says, such as the host."""

    port: int
    headers: tuple[str, ...] = ("Host: 127.0.0.1",)

    def request(self, path: str) -> bytes:
        """Return a GET request for a path."""
        return "\r\n".join([f"GET {path} HTTP/1.1", *self.headers, "", ""]).encode()


@dataclass(frozen=True)
class Answer:
    """One answer. `status` is NO_ANSWER if the connection was lost or nothing came in time."""

    path: str
    status: int
    seconds: float
    head: bytes = b""
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the value of a header, or an empty text."""
        found = re.search(rf"\r\n{name}: *([^\r]*)".encode(), self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else ""


class Connection:
    """A connection that waits for the answer to one request at a time."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        address = ("127.0.0.1", self.endpoint.port)
        return socket.create_connection(address, timeout=SECONDS_TO_ANSWER)

    def ask(self, path: str) -> None:
        """Send a request."""
        self.path, self.received, self.size = path, bytearray(), 0
        self.started_at = perf_counter()
        # If the server has closed the connection, `receive` finds out.
        with suppress(OSError):
            self.socket.sendall(self.endpoint.request(path))

    def receive(self) -> Answer | None:
        """Take in what has arrived; return the Answer if it is complete."""
        try:
            data = self.socket.recv(BYTES_AT_ONCE)
        except OSError:
            data = b""
        if not data:
            return self.failure()
        self.received += data
        if not self.size and (end := self.received.find(b"\r\n\r\n")) >= 0:
            length = CONTENT_LENGTH.search(self.received, 0, end)
            if not length:
                return self.failure()
            self.head_size = end + 4
            self.size = self.head_size + int(length[1])
        return self._answer() if self.size and len(self.received) >= self.size else None

    def failure(self) -> Answer:
        """Return the Answer that means: there was none."""
        return Answer(self.path, NO_ANSWER, perf_counter() - self.started_at)

    def _answer(self) -> Answer:
        seconds = perf_counter() - self.started_at
        head, body = self.received[: self.head_size], self.received[self.head_size :]
        return Answer(self.path, int(head[9:12]), seconds, bytes(head), bytes(body))


def exchange(
    endpoint: Endpoint, paths: Iterable[str], connections: int, seconds: float | None = None
) -> Iterator[Answer]:
    """Request the paths in their order, each as soon as a connection is free; yield the Answers.

    Ends when all paths are answered, or after so many seconds; what is not answered then is left
    out. A connection that fails is opened again. Raises OSError if nothing listens.
    """
    deadline = perf_counter() + seconds if seconds else inf
    waiting = iter(paths)
    with selectors.DefaultSelector() as selector:
        try:
            for path in islice(waiting, connections):
                _open(selector, endpoint, path)
            while selector.get_map() and perf_counter() < deadline:
                yield from _arrived(selector, endpoint, waiting, deadline)
        finally:
            for key in list(selector.get_map().values()):
                _close(selector, key.data)


def _arrived(
    selector: selectors.BaseSelector, endpoint: Endpoint, waiting: Iterator[str], deadline: float
) -> Iterator[Answer]:
    """Yield the answers that have arrived, and use each connection for the next path."""
    wait = min(SECONDS_TO_ANSWER, max(0, deadline - perf_counter()))
    events = selector.select(wait)
    if not events and wait == SECONDS_TO_ANSWER:
        for key in list(selector.get_map().values()):
            _close(selector, key.data)
            yield key.data.failure()
    for key, _ in events:
        connection = key.data
        if answer := connection.receive():
            yield answer
            path = next(waiting, None)
            if path and answer.status:
                connection.ask(path)
                continue
            _close(selector, connection)
            if path:
                _open(selector, endpoint, path)


def _open(selector: selectors.BaseSelector, endpoint: Endpoint, path: str) -> None:
    connection = Connection(endpoint)
    selector.register(connection.socket, selectors.EVENT_READ, connection)
    connection.ask(path)


def _close(selector: selectors.BaseSelector, connection: Connection) -> None:
    selector.unregister(connection.socket)
    connection.socket.close()
