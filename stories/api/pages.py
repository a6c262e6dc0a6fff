"""Parts of lists, each with the URL of the next one."""

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from stories.api.cursors import cursor_of


def each(describe: Callable[[Any], Any]) -> Callable[[Sequence[Any]], list[Any]]:
    """Return a function that describes rows one by one."""
    return lambda rows: [describe(row) for row in rows]


def place_of_story(story: Any) -> tuple[str, int]:
    """Return where a story stands in a list of the newest, for its cursor."""
    return story.publish_at.astimezone(UTC).isoformat(), story.pk


def place_of_name(row: Any) -> tuple[str, int]:
    """Return where a founder or a tag stands in a list by name, for its cursor."""
    return row.folded_name, row.pk


def place_of_title(series: Any) -> tuple[str, int]:
    """Return where a series stands in a list by title, for its cursor."""
    return series.folded_title, series.pk


def page_of(
    request: HttpRequest,
    rows: Sequence[Any],
    limit: int,
    describe: Callable[[Sequence[Any]], list[Any]],
    place: Callable[[Any], tuple[str, int]],
) -> dict[str, Any]:
    """Return a `Page` of the first `limit` rows; one row more says that another page follows."""
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        query = request.GET.copy()
        query["cursor"] = cursor_of(*place(shown[-1]))
        following = f"{settings.SITE_URL}{request.path}?{query.urlencode()}"
    return {"items": describe(shown), "next": following}
