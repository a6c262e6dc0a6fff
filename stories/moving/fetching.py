"""Pictures fetched from the web: only from public addresses, and with limits.

The host name is resolved once, and the connection goes to the address that was checked. So a name
cannot lead to one address when it is checked and to another when it is used.
"""

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

TIMEOUT = 10.0
MOST_REDIRECTS = 3
MOST_FETCHED = 100_000
AGENT = "HowTheyBegan-import"
# The ports that a URL may name, and those that are connected.
PORTS = {"http": 80, "https": 443}
CONNECTED = dict(PORTS)
REDIRECTS = {301, 302, 303, 307, 308}


class NotFetched(Exception):
    """Why a picture was not fetched, as a sentence."""


class Fetcher:
    """Fetches pictures, and remembers what failed: a host that is gone costs its time once."""

    def __init__(self) -> None:
        self.fetched = 0
        self._gone: set[str] = set()

    def fetch(self, url: str) -> bytes:
        """Return the content at a URL. Raises NotFetched."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise NotFetched("It redirects too often.")

    def _ask(self, url: str) -> bytes | str:
        """Return the content at a URL, or the URL to which it redirects."""
        host = _host(url)
        if host in self._gone:
            raise NotFetched(f"{host} does not answer.")
        self.fetched += 1
        if self.fetched > MOST_FETCHED:
            raise NotFetched(f"More than {MOST_FETCHED:,} pictures are fetched already.")
        connection = _connection(url)
        try:
            path = urlsplit(url)
            target = quote(path.path or "/", safe="/%:@!$&'()*+,;=~-._")
            query = f"?{quote(path.query, safe='/%:@!$&()*+,;=?~-._')}" if path.query else ""
            connection.request("GET", target + query, headers={"User-Agent": AGENT})
            return _read(connection.getresponse())
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, OSError):
                self._gone.add(host)
            raise NotFetched(f"{host} does not answer.") from error
        finally:
            connection.close()


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_usual = parts.scheme in PORTS and parts.port in (None, PORTS[parts.scheme])
    except ValueError as error:
        raise NotFetched("Its address is not one of the web.") from error
    if not is_usual or not parts.hostname or parts.username:
        raise NotFetched("Its address is not one of the web.")
    return parts.hostname


def _connection(url: str) -> HTTPConnection:
    """Return a connection to the checked address of the host of a URL."""
    parts, host = urlsplit(url), _host(url)
    address = public_address(host)
    if parts.scheme == "http":
        connection: HTTPConnection = HTTPConnection(host, timeout=TIMEOUT)
    else:
        connection = HTTPSConnection(host, timeout=TIMEOUT, context=ssl.create_default_context())

    def connect(_: object, timeout: float, source: object = None) -> socket.socket:
        return socket.create_connection((address, CONNECTED[parts.scheme]), timeout)

    connection._create_connection = connect  # type: ignore[attr-defined]
    return connection


def public_address(host: str) -> str:
    """Return an IP address of a host. Raises NotFetched if any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(f"There is no host {host}.") from error
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    if not addresses or not all(map(_is_public, addresses)):
        raise NotFetched(f"{host} is not on the public internet.")
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ip_address(address)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return inner.is_global and ip.is_global and not ip.is_multicast


def _read(answer: HTTPResponse) -> bytes | str:
    location = answer.getheader("Location")
    if answer.status in REDIRECTS and location:
        return location
    if answer.status != 200:
        raise NotFetched(f"The server answers with status {answer.status}.")
    content = answer.read(settings.IMAGE_MAX_BYTES + 1)
    if len(content) > settings.IMAGE_MAX_BYTES:
        raise NotFetched("It is larger than a picture may be.")
    return content
