"""POST requests to the URLs of webhooks: with TLS, and only to public addresses."""

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from stories_project import public_web
from stories_project.page_cache.posting import NotDelivered

# How much of an answer is kept, in bytes.
LONGEST_ANSWER = 500


class Answer(NamedTuple):
    """The status and the beginning of an answer."""

    status: int
    start: str


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a POST request, and return the Answer, whatever its status.

    Raises NotDelivered with a sentence for administrators if there is none.
    """
    is_private_allowed = settings.WEBHOOKS_TO_PRIVATE_ADDRESSES
    if not url.startswith("https://") and not is_private_allowed:
        raise NotDelivered(_("The address does not begin with https://."))
    try:
        answer = public_web.ask(
            "POST",
            url,
            body,
            headers,
            most_bytes=LONGEST_ANSWER,
            is_private_allowed=is_private_allowed,
        )
    except public_web.NoAnswer as failure:
        raise NotDelivered(str(failure)) from None
    return Answer(answer.status, answer.content.decode("utf-8", "replace").replace("\0", ""))
