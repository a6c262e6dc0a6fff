"""Not too often from one address of the network."""

import logging
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache

log = logging.getLogger(__name__)


def is_over_limit(request, what, most, seconds):
    """Count a request, and return whether its sender has made more than `most` in some seconds.

    The address itself is kept nowhere, only a hash of it. A cache that fails lets everybody pass.
    """
    sender = request.META.get(settings.CLIENT_ADDRESS_VARIABLE, "").split(",")[-1].strip()
    digest = sha256(f"{settings.SECRET_KEY} {sender}".encode()).hexdigest()
    key = f"throttling:{what}:{digest[:32]}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) > most
    except Exception:
        log.exception("Cannot count requests")
        return False
