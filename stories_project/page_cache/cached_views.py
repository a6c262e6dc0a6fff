"""Which views are kept whole, and which query parameters make another page."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve

LONGEST_PATH, LONGEST_QUERY = 500, 300

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def cached_page(*parameters: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Decorate a view whose answer is the same for everybody, and may be kept whole.

    The view sees these query parameters only. So what an address answers depends on nothing that
    the cache ignores: other parameters, cookies, and every other header.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def seeing_its_parameters(
            request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            request.GET = QueryDict(canonical_query(request.GET, parameters))
            return view(request, *args, **kwargs)

        seeing_its_parameters.known_parameters = parameters  # type: ignore[attr-defined]
        return seeing_its_parameters

    return decorate


def canonical_query(query: QueryDict, parameters: tuple[str, ...]) -> str:
    """Return the query string with only these parameters, each once, in this order."""
    known = QueryDict(mutable=True)
    for name in parameters:
        if name in query:
            known[name] = str(query[name])
    return known.urlencode()


def known_parameters(path: str) -> tuple[str, ...] | None:
    """Return the query parameters of a path's view, or None if its answers are not kept."""
    return _known_parameters(path) if len(path) <= LONGEST_PATH else None


@lru_cache(maxsize=4096)
def _known_parameters(path: str) -> tuple[str, ...] | None:
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return None
    return getattr(view, "known_parameters", None)
