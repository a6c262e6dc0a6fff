"""Problem details: what is wrong with a request, as JSON (RFC 9457)."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import ValidationError

from stories.views.missing import Whereabouts
from stories_project.page_cache.surrogate_keys import MISSING, note

MEDIA_TYPE = "application/problem+json"


class BadCursor(Exception):
    """A cursor that we have never given out."""


class Problem(Schema):
    """What is wrong. `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str


def problem(status: int, detail: str) -> HttpResponse:
    """Return the answer to a request with which something is wrong."""
    title = HTTPStatus(status).phrase
    body = Problem(type="about:blank", title=title, status=status, detail=detail)
    options = {"ensure_ascii": False}
    return JsonResponse(
        body.model_dump(), status=status, content_type=MEDIA_TYPE, json_dumps_params=options
    )


def missing(where: Whereabouts, view: str) -> HttpResponse:
    """Answer for a slug at which nothing is public: 301 to the same view, 410 or 404."""
    note(MISSING)
    if slug := where.present_slug():
        response = problem(301, _("This has another address now."))
        response["Location"] = reverse(view, args=[slug])
        return response
    if where.was_public():
        return problem(410, _("This was withdrawn, and is not public any more."))
    return problem(404, _("There is nothing at this address."))


def bad_parameters(error: ValidationError) -> HttpResponse:
    """Answer for parameters that are not as the OpenAPI document says."""
    sentences = [
        _("“%(parameter)s”: %(what)s.")
        % {"parameter": wrong["loc"][-1], "what": wrong["msg"].rstrip(".")}
        for wrong in error.errors
    ]
    return problem(400, " ".join(sentences))
