"""The URL patterns of the API: every address is kept by the page cache, and open to every site."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from stories.api.document import PREFIX, document, query_parameters
from stories.api.endpoints import api
from stories.api.problems import problem
from stories_project.page_cache.cached_views import cached_page
from stories_project.page_cache.surrogate_keys import MISSING, note

READ = ("GET", "HEAD")
# Scripts of other sites may read everything (https://fetch.spec.whatwg.org/#http-cors-protocol).
FOR_EVERY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}
BEFORE_READING = {
    "Access-Control-Allow-Methods": ", ".join(READ),
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
View = Callable[..., Any]


def urls() -> list[URLPattern]:
    """Return the URL patterns of the API, with the prefix."""
    patterns: list[Any] = api.urls[0]
    ours = [pattern for pattern in patterns if pattern.name != "api-root"]
    return [
        *(_public(str(p.pattern), p.callback, p.name, *query_parameters(p.name)) for p in ours),
        _public("openapi.json", _openapi, "api_openapi"),
        _public("<path:anything>/", _nothing, "api_nothing"),
    ]


def _public(route: str, view: View, name: str, *parameters: str) -> URLPattern:
    return path(PREFIX.lstrip("/") + route, cached_page(*parameters)(_readable(view)), name=name)


def _readable(view: View) -> View:
    """Return a view that answers GET and HEAD, scripts of other sites included."""

    @csrf_exempt  # nothing is written; another method is refused as JSON, like everything here
    def reading(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=BEFORE_READING)
        elif request.method not in READ:
            response = problem(405, _("This API can only be read."))
            response["Allow"] = ", ".join(READ)
        else:
            response = _as_get(view, request, *arguments, **named)
        for name, value in FOR_EVERY_SITE.items():
            response[name] = value
        return response

    return reading


def _as_get(view: View, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
    """Let a view that knows GET answer HEAD too: the server leaves out the body."""
    method, request.method = request.method, "GET"
    try:
        response: HttpResponse = view(request, *arguments, **named)
    finally:
        request.method = method
    return response


def _openapi(request: HttpRequest) -> JsonResponse:
    """Serve the OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def _nothing(request: HttpRequest, anything: str) -> HttpResponse:
    """Answer 404 for every other address below /api/."""
    note(MISSING)
    return problem(404, _("There is nothing at this address."))
