"""HTTP requests to the services that we tell of changes. What fails is said without any secret."""

from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT = 5.0
LONGEST_ANSWER = 20_000


class NotDelivered(Exception):
    """A service did not take what it was told. The message is a sentence for editors."""


class _NoRedirects(HTTPRedirectHandler):
    """Makes a redirect a failure: a token must not go to another host."""

    def redirect_request(self, *args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


def send(
    service: str, url: str, body: bytes | None, headers: Mapping[str, str], method: str = "POST"
) -> bytes:
    """Send a request and return the beginning of the answer.

    `service` is the name that editors know. Raises NotDelivered if the status is not 2xx, or if
    there is no answer within `TIMEOUT` seconds.
    """
    request = Request(url, body, dict(headers), method=method)  # noqa: S310  from the settings
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return answer.read(LONGEST_ANSWER)
    except HTTPError as error:
        error.close()
        raise NotDelivered(f"{service} answered with status {error.code}.") from None
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or isinstance(
            getattr(error, "reason", None), TimeoutError
        ):
            raise NotDelivered(f"{service} did not answer within {TIMEOUT:.0f} seconds.") from None
        raise NotDelivered(f"{service} cannot be reached.") from None
