"""HTTP requests to URLs that somebody has typed: only to public addresses, and never for long.

A host name is resolved once, and the connection goes to an IP address that was checked, so no
second answer of a name server can lead elsewhere. No redirect is followed, and no proxy is asked.
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Event, Timer
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from stories_project.page_cache.posting import NotDelivered

# Seconds: for one step of the network, and for the whole request once connected.
STEP, LONGEST = 5.0, 10.0
# How much of an answer is read, in bytes.
LONGEST_ANSWER = 500
# IPv6 addresses that stand for IPv4 addresses (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")


class Answer(NamedTuple):
    """The status and the beginning of an answer."""

    status: int
    start: str


class Destination(NamedTuple):
    """Where a request goes: `path` has the query string too."""

    is_encrypted: bool
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the Destination of a URL. Raises ValueError."""
        parts = urlsplit(url)
        is_encrypted = parts.scheme == "https"
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        port = parts.port or (443 if is_encrypted else 80)
        return cls(is_encrypted, parts.hostname or "", port, path)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a POST request, and return the Answer, whatever its status.

    Raises NotDelivered with a sentence for administrators if there is none.
    """
    try:
        to = Destination.of(url)
        if not to.is_encrypted and not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES:
            raise NotDelivered(_("The address does not begin with https://."))
        with _connected(to) as sock, _hung_up_after(sock):
            return _ask(sock, to, body, headers)
    except TimeoutError:
        raise NotDelivered(_("No answer within %(s)s seconds.") % {"s": int(LONGEST)}) from None
    except ssl.SSLError:
        raise NotDelivered(_("The certificate of the host cannot be trusted.")) from None
    except (OSError, HTTPException, ValueError):
        raise NotDelivered(_("The host cannot be reached.")) from None


def is_public(address: str) -> bool:
    """Whether an IP address is one that everybody can reach, and not of a private network."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if inner := ip.ipv4_mapped or ip.sixtofour:
            return is_public(str(inner))
        if ip in TRANSLATED or ip.teredo:
            return False
    return ip.is_global and not ip.is_multicast


@contextmanager
def _connected(to: Destination) -> Iterator[socket.socket]:
    """Connect to an IP address of the host, if all of them may be asked; close it at the end."""
    found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_rest, address in found]
    if not (settings.WEBHOOKS_TO_PRIVATE_ADDRESSES or all(map(is_public, addresses))):
        raise NotDelivered(_("The host is in a private network, and is not asked."))
    with socket.create_connection((addresses[0], to.port), timeout=STEP) as sock:
        if not to.is_encrypted:
            yield sock
            return
        context = ssl.create_default_context()
        with context.wrap_socket(sock, server_hostname=to.host) as encrypted:
            yield encrypted


@contextmanager
def _hung_up_after(sock: socket.socket) -> Iterator[None]:
    """Hang up if the block takes too long, and raise TimeoutError: each byte may be in time."""
    is_late = Event()

    def hang_up() -> None:
        is_late.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(LONGEST, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException) as error:
        if is_late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _ask(sock: socket.socket, to: Destination, body: bytes, headers: Mapping[str, str]) -> Answer:
    kind = HTTPSConnection if to.is_encrypted else HTTPConnection
    connection = kind(to.host, to.port, timeout=STEP)
    connection.sock = sock
    connection.request("POST", to.path, body, dict(headers))
    with connection.getresponse() as answer:
        start = answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
    return Answer(answer.status, start.replace("\0", "")[:LONGEST_ANSWER])
