"""A story on other sites: oEmbed, and the card that they show in a frame."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from stories.models import Story
from stories.reading.story_page import read_story
from stories.sharing.oembed import as_xml, describe
from stories.sharing.public_urls import page_at
from stories.views.missing import no_story, story_at
from stories_project.page_cache.cached_views import cached_page
from stories_project.page_cache.surrogate_keys import MISSING, note

LARGEST = 10_000


@cached_page()
@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the card of a story: the only page that other sites may show in a frame."""
    story = read_story(slug)
    if story is None:
        return no_story(request, slug, to="story_card")
    response: HttpResponse = _card(request, story)
    return response


def _for_frames(view: Any) -> Any:
    """Let other sites show the answers of a view in a frame."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


@_for_frames
def _card(request: HttpRequest, story: Story) -> HttpResponse:
    context = {"story": story, "founders": story.founders}
    response = render(request, "stories/card.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@cached_page("url", "format", "maxwidth", "maxheight")
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Say how to show the story at a URL: 404 for any other, 501 for an unknown format."""
    format = request.GET.get("format", "json")
    if format not in ("json", "xml"):
        return _error(501, _("This site answers in the formats json and xml."))
    try:
        limits = [_pixels(request, name) for name in ("maxwidth", "maxheight")]
    except ValueError:
        return _error(400, _("maxwidth and maxheight are numbers of pixels."))
    story = _story_at(request.GET.get("url", ""))
    if story is None:
        note(MISSING)
        return _error(404, _("There is no published story of this site at this address."))
    answer = describe(story, *limits)
    if format == "xml":
        return _open_to_all(HttpResponse(as_xml(answer), content_type="text/xml; charset=utf-8"))
    return _open_to_all(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}))


def _story_at(url: str) -> Story | None:
    """Return the published story at a URL, or at a former one."""
    view, slug = page_at(url)
    if view != "story":
        return None
    return read_story(slug) or read_story(story_at(slug).present_slug() or "")


def _pixels(request: HttpRequest, name: str) -> int | None:
    """Return a limit; None if there is none. Raises ValueError for what is no number."""
    value = request.GET.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value)):
        raise ValueError(name)
    return min(int(value), LARGEST)


def _error(status: int, sentence: str) -> HttpResponse:
    return _open_to_all(JsonResponse({"error": sentence}, status=status))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Let scripts of other sites read an answer."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
