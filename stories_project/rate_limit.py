"""Rate-limit by client IP address, or by account."""

import logging
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

log = logging.getLogger(__name__)


def is_over_limit(request: HttpRequest, what: str, most: int, seconds: int) -> bool:
    """Count a request; return whether its client has sent more than `most` in the current period.

    Periods have so many `seconds`. `what` names the thing that is limited, so that each has its own
    count. When the cache fails, every request is allowed.
    """
    return exceeds(client_of(address_of(request)), what, most, seconds)


def exceeds(who: str, what: str, most: int, seconds: int) -> bool:
    """Count something; return whether somebody has done it more than `most` times in this period.

    Only a keyed hash of `who` is stored.
    """
    digest = sha256(f"{settings.SECRET_KEY} {who}".encode()).hexdigest()
    key = f"rate_limit:{what}:{digest[:32]}:{int(time() // seconds)}"
    try:
        # Only one of many requests at once can add a number, in every kind of cache.
        first_free = cache.get(key, 0)
        for number in range(first_free, most):
            if cache.add(f"{key}:{number}", 1, timeout=seconds):
                cache.set(key, number + 1, timeout=seconds)
                return False
        return True
    except Exception:
        log.exception("Cannot count requests")
        return False


def address_of(request: HttpRequest) -> str:
    """Return the IP address of the client; an IPv4 address that is written as IPv6 is IPv4."""
    address = request.META.get(settings.CLIENT_ADDRESS_VARIABLE, "").split(",")[-1].strip()
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str((isinstance(ip, IPv6Address) and ip.ipv4_mapped) or ip)


def client_of(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the network of an IPv6 address.

    A provider gives each customer at least a /64 network, with 2^64 addresses to send from.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False) if isinstance(ip, IPv6Address) else ip)
