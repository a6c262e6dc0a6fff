"""Pictures fetched from the web: only from public addresses, and with limits."""

from django.conf import settings
from django.utils.translation import gettext as _

from stories_project import public_web

MOST_FETCHED = 100_000
HEADERS = {"User-Agent": "HowTheyBegan-import"}


class NotFetched(Exception):
    """Why a picture was not fetched, as a sentence."""


class Fetcher:
    """Fetches pictures, and remembers what failed: a host that is gone costs its time once."""

    def __init__(self) -> None:
        self.fetched = 0
        self._gone: dict[str, str] = {}

    def fetch(self, url: str) -> bytes:
        """Return the content at a URL. Raises NotFetched."""
        answer = self._ask(url)
        if answer.status != 200:
            sentence = _("The server answers with status %(status)s.")
            raise NotFetched(sentence % {"status": answer.status})
        if len(answer.content) > settings.IMAGE_MAX_BYTES:
            raise NotFetched(_("It is larger than a picture may be."))
        return answer.content

    def _ask(self, url: str) -> public_web.Answer:
        self.fetched += 1
        if self.fetched > MOST_FETCHED:
            sentence = _("More than %(most)s pictures are fetched already.")
            raise NotFetched(sentence % {"most": f"{MOST_FETCHED:,}"})
        host = ""
        try:
            host = public_web.Destination.of(url).host
            if host in self._gone:
                raise NotFetched(self._gone[host])
            return public_web.get(url, HEADERS, most_bytes=settings.IMAGE_MAX_BYTES + 1)
        except public_web.NoAnswer as error:
            if host:
                self._gone[host] = str(error)
            raise NotFetched(str(error)) from error
