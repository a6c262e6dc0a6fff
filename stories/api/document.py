"""The OpenAPI document: what can be asked, and what is answered (https://spec.openapis.org/)."""

from functools import cache
from typing import Any

from django.conf import settings

from stories.api.endpoints import api
from stories.api.problems import MEDIA_TYPE
from stories_project.publication.current import current

PREFIX = "/api/"
RENDERED = "application/json"


def document() -> dict[str, Any]:
    """Return the OpenAPI document of this site."""
    info = {**_document()["info"], "title": f"{current().name}: API"}
    return {**_document(), "info": info, "servers": [{"url": settings.SITE_URL}]}


def query_parameters(name: str) -> tuple[str, ...]:
    """Return the query parameters that an operation knows."""
    [operation] = [found for found in _operations() if found["operationId"] == name]
    return tuple(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query")


def _operations() -> list[dict[str, Any]]:
    return [path["get"] for path in _document()["paths"].values()]


@cache
def _document() -> dict[str, Any]:
    """Return the document without what administrators can change."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for path in made["paths"].values():
        for status, answer in path["get"]["responses"].items():
            if int(status) >= 300:
                answer["content"] = {MEDIA_TYPE: answer["content"][RENDERED]}
    return made
