"""Under which key the page of a request is kept: its path, and the parameters its view knows."""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import get_path_info
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host

from stories_project.page_cache.cached_page import Environ, Key
from stories_project.page_cache.cached_views import (
    LONGEST_QUERY,
    canonical_query,
    known_parameters,
)

SAFE_METHODS = {"GET", "HEAD"}
MOST_HOSTS = 100


class RequestKeys:
    """Finds the keys of requests, and remembers the hosts that ALLOWED_HOSTS allows."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()
        # The header in which a proxy says that the reader's connection is encrypted.
        self._secure_header, self._secure_value = settings.SECURE_PROXY_SSL_HEADER or ("", "")

    def of(self, environ: Environ) -> Key | None:
        """Return the key of a request's page, or None if the request is not for the cache."""
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return None
        if environ.get("HTTP_HOST") not in self._hosts and not self._knows_host(environ):
            return None
        if self._secure_header and environ.get(self._secure_header) != self._secure_value:
            return None
        query = environ.get("QUERY_STRING")
        return _key_with(query, environ) if query else environ["PATH_INFO"]

    def _knows_host(self, environ: Environ) -> bool:
        """Whether ALLOWED_HOSTS allows the host of a request; Django refuses any other."""
        host = environ.get("HTTP_HOST", "")
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return False
        if len(self._hosts) < MOST_HOSTS:
            self._hosts.add(host)
        return True


def _key_with(query: str, environ: Environ) -> Key | None:
    parameters = known_parameters(get_path_info(environ))
    if parameters is None:
        return None
    try:
        known = canonical_query(QueryDict(query), parameters)
    except SuspiciousOperation:
        return None
    if len(known) > LONGEST_QUERY:
        return None
    return (environ["PATH_INFO"], known) if known else environ["PATH_INFO"]
