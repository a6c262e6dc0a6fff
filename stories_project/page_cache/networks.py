"""Content delivery networks: how each is told the keys and the lifetime of a page, and purged.

The keys of a page go out with it, and a change purges by key. A browser never sees more than
`Cache-Control: no-cache`; the header that a network obeys is its own.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from django.conf import settings

from stories_project.env import NetworkAddress
from stories_project.page_cache.posting import NotDelivered, send
from stories_project.page_cache.surrogate_keys import EVERYTHING, kind_of

Headers = list[tuple[str, str]]


class Network(ABC):
    """What differs between the networks.

    `keys_a_call` is how many keys one purge may name, and `longest_keys` how many bytes the keys of
    one page may have.
    """

    name: str
    key_header = "Surrogate-Key"
    lifetime_header = "Surrogate-Control"
    separator = " "
    longest_keys = 16_000
    keys_a_call: int

    def __init__(self, address: NetworkAddress) -> None:
        self.address = address

    @abstractmethod
    def purge(self, keys: Collection[str]) -> None:
        """Make the network forget the pages with any of these keys, at most `keys_a_call`.

        Raises NotDelivered.
        """

    def keys(self, keys: Iterable[str]) -> Headers:
        """Return the header with the keys of a page; if they are too many, "story-any" and such."""
        value = self.separator.join(sorted({*keys, EVERYTHING}))
        if len(value) > self.longest_keys:
            kinds = {f"{kind_of(key)}-any" if kind_of(key) != key else key for key in keys}
            value = self.separator.join(sorted(kinds | {EVERYTHING}))
        return [(self.key_header, value)]


class Fastly(Network):
    """https://www.fastly.com/documentation/reference/api/purging/ (bulk purge by surrogate keys)"""

    name = "Fastly"
    keys_a_call = 256

    def purge(self, keys: Collection[str]) -> None:
        """Purge at once, not softly: a soft purge goes on showing what was withdrawn."""
        api = self.address.api or "https://api.fastly.com"
        headers = {
            "Fastly-Key": self.address.token,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        body = json.dumps({"surrogate_keys": sorted(keys)}).encode()
        send(self.name, f"{api}/service/{self.address.identifier}/purge", body, headers)


class Cloudflare(Network):
    """https://developers.cloudflare.com/cache/how-to/purge-cache/purge-by-tags/

    It obeys CDN-Cache-Control (RFC 9213).
    """

    name = "Cloudflare"
    key_header = "Cache-Tag"
    lifetime_header = "CDN-Cache-Control"
    separator = ","
    keys_a_call = 30

    def purge(self, keys: Collection[str]) -> None:
        """Purge by tag. Cloudflare says in the answer whether it did."""
        api = self.address.api or "https://api.cloudflare.com"
        headers = {
            "Authorization": f"Bearer {self.address.token}",
            "Content-Type": "application/json",
        }
        body = json.dumps({"tags": sorted(keys)}).encode()
        url = f"{api}/client/v4/zones/{self.address.identifier}/purge_cache"
        answer = send(self.name, url, body, headers)
        try:
            has_purged = json.loads(answer)["success"] is True
        except (ValueError, KeyError, TypeError):
            has_purged = False
        if not has_purged:
            raise NotDelivered(f"{self.name} did not say that it has purged.")


class Varnish(Network):
    """Varnish with vmod xkey, as docs/operating/varnish.vcl configures it.

    By default, Varnish refuses a header line of more than 8 KiB.
    """

    name = "Varnish"
    longest_keys = 8_000
    keys_a_call = 200

    def purge(self, keys: Collection[str]) -> None:
        """Purge by xkey."""
        headers = {"xkey": " ".join(sorted(keys))}
        send(self.name, f"{self.address.api}/", None, headers, method="PURGE")


NETWORKS: dict[str, Callable[[NetworkAddress], Network]] = {
    "fastly": Fastly,
    "cloudflare": Cloudflare,
    "varnish": Varnish,
}


def network() -> Network | None:
    """Return the network of the settings, or None if there is none."""
    return _network(settings.NETWORK) if settings.NETWORK else None


@lru_cache(maxsize=8)
def _network(address: NetworkAddress) -> Network:
    return NETWORKS[address.provider](address)
