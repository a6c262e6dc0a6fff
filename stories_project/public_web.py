"""HTTP requests to URLs that somebody has typed: only to public addresses, and never for long.

A host name is resolved once, and the connection goes to an IP address that was checked, so that a
second answer of a name server cannot lead elsewhere. No proxy is asked. After
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
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _

# Seconds: for one step of the network, and for a whole request once connected.
STEP, LONGEST = 5.0, 10.0
MOST_REDIRECTS = 4
REDIRECTS = {301, 302, 303, 307, 308}
# IPv6 addresses that stand for IPv4 addresses (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}
PATH, QUERY = "/%:@!$&'()*+,;=~-._", "/%:@!$&'()*+,;=?~-._"


class NoAnswer(Exception):
    """Why a host has not answered, as a sentence."""


class Answer(NamedTuple):
    """The status, the beginning of the content in bytes, and where a redirect leads, or ""."""

    status: int
    content: bytes
    location: str


class Destination(NamedTuple):
    """Where a request goes: `target` is the path with the query string."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the Destination of a URL. Raises NoAnswer for what is no address of the web."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (KeyError, ValueError):
            raise NoAnswer(_("This is not an address of the web.")) from None
        if not parts.hostname or parts.username:
            raise NoAnswer(_("This is not an address of the web."))
        query = f"?{quote(parts.query, safe=QUERY)}" if parts.query else ""
        return cls(parts.scheme, parts.hostname, port, quote(parts.path or "/", safe=PATH) + query)


def ask(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    most_bytes: int = 0,
    is_private_allowed: bool = False,
) -> Answer:
    """Send one request and return the Answer, whatever its status. No redirect is followed.

    At most `most_bytes` of the content are read. Raises NoAnswer.
    """
    to = Destination.of(url)
    try:
        with _connected(to, is_private_allowed) as sock, _hung_up_after(sock):
            return _exchange(sock, to, method, body, dict(headers or {}), most_bytes)
    except TimeoutError:
        sentence = _("%(host)s has not answered within %(seconds)s seconds.")
        raise NoAnswer(sentence % {"host": to.host, "seconds": int(LONGEST)}) from None
    except ssl.SSLError:
        sentence = _("The certificate of %(host)s cannot be trusted.")
        raise NoAnswer(sentence % {"host": to.host}) from None
    except (OSError, HTTPException, ValueError):
        raise NoAnswer(_("%(host)s cannot be reached.") % {"host": to.host}) from None


def get(url: str, headers: Mapping[str, str] | None = None, *, most_bytes: int = 0) -> Answer:
    """Return the Answer to a GET request, after at most `MOST_REDIRECTS`. Raises NoAnswer."""
    for _number in range(MOST_REDIRECTS + 1):
        answer = ask("GET", url, headers=headers, most_bytes=most_bytes)
        if not answer.location:
            return answer
        url = urljoin(url, answer.location)
    raise NoAnswer(_("It redirects too often."))


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
def _connected(to: Destination, is_private_allowed: bool) -> Iterator[socket.socket]:
    """Connect to an IP address of the host, if all of them may be asked; close it at the end."""
    found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_rest, address in found]
    if not (is_private_allowed or all(map(is_public, addresses))):
        raise NoAnswer(_("%(host)s is not on the public internet.") % {"host": to.host})
    with socket.create_connection((addresses[0], to.port), timeout=STEP) as sock:
        if to.scheme == "http":
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


def _exchange(
    sock: socket.socket,
    to: Destination,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
    most_bytes: int,
) -> Answer:
    kind = HTTPSConnection if to.scheme == "https" else HTTPConnection
    connection = kind(to.host, to.port, timeout=STEP)
    connection.sock = sock
    connection.request(method, to.target, body, headers)
    with connection.getresponse() as answer:
        location = answer.getheader("Location", "") if answer.status in REDIRECTS else ""
        return Answer(answer.status, answer.read(most_bytes) if most_bytes else b"", location)
