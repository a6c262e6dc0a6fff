"""How long a content delivery network may show a page, said with each answer.

The lifetime is computed when the answer goes out, and ends at the next transition of the site: a
page that was rendered an hour ago does not outlive it.
"""

from stories_project.page_cache.cached_page import CachedPage, StartResponse
from stories_project.page_cache.freshness import Freshness
from stories_project.page_cache.networks import Headers, Network

# All in seconds.
LONGEST = 86_400
WHILE_REVALIDATING, IF_ERROR = 60, 86_400
# If this process has not read the change log for so long, its pages may be older than a purge.
LATE = 2.0
NOT_AT_ALL = "max-age=0, no-store"


class Labels:
    """Adds to the answers what a network has to know of them."""

    def __init__(self, network: Network, freshness: Freshness) -> None:
        self._network = network
        self._freshness = freshness

    def of_page(self, page: CachedPage, now: float, start_response: StartResponse) -> StartResponse:
        """Return a `start_response` that adds the keys and the lifetime of a page.

        A page without keys says itself how long it may be kept, and stays as it is.
        """
        if not page.labels:
            return start_response
        lifetime = (self._network.lifetime_header, self._lifetime(page, now))

        def start(status: str, headers: Headers, *error: object) -> object:
            return start_response(status, [*headers, *page.labels, lifetime], *error)

        return start

    def of_others(self, start_response: StartResponse) -> StartResponse:
        """Return a `start_response` that keeps an answer out of the network.

        An answer that says how long it may be kept, such as a picture, stays as it is.
        """

        def start(status: str, headers: Headers, *error: object) -> object:
            if not any(_says_how_long(*header) for header in headers):
                headers = [*headers, (self._network.lifetime_header, NOT_AT_ALL)]
            return start_response(status, headers, *error)

        return start

    def _lifetime(self, page: CachedPage, now: float) -> str:
        if now - self._freshness.succeeded_at > LATE:
            return NOT_AT_ALL
        return lifetime(min(self._freshness.transition_at, page.ends_at) - now)


def lifetime(seconds: float) -> str:
    """Return the directives for a page that is right for so many more seconds, or for ever.

    It is shown for at most a day. If it is right for longer, it may be shown while a newer one is
    fetched, and while the site does not answer, but not beyond these seconds.
    """
    if seconds < 1:
        return NOT_AT_ALL
    directives = [f"max-age={int(min(LONGEST, seconds))}"]
    rest = seconds - LONGEST
    if rest >= 1:
        directives.append(f"stale-while-revalidate={int(min(WHILE_REVALIDATING, rest))}")
        directives.append(f"stale-if-error={int(min(IF_ERROR, rest))}")
    return ", ".join(directives)


def _says_how_long(name: str, value: str) -> bool:
    return name.lower() == "cache-control" and "max-age=" in value
