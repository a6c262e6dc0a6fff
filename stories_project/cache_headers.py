from typing import TypeVar

from django.http import HttpResponseBase

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


def never_store(response: AnyResponse) -> AnyResponse:
    """Return the response with headers against caches, search engines and the Referer header."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
