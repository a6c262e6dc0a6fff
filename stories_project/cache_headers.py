from typing import TypeVar

from django.http import HttpResponseBase

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


def never_store(response: AnyResponse) -> AnyResponse:
    """Return the response with headers against caches, search engines and the Referer header."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response


def never_store_form(response: AnyResponse) -> AnyResponse:
    """Return the response, which has a form, with the same headers.

    Its own site gets the Referer header: without it, browsers send `Origin: null` with the form,
    and the CSRF check refuses that.
    """
    never_store(response)["Referrer-Policy"] = "same-origin"
    return response
