"""Middleware: a path of another site leads to the story that has moved from there."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from stories.models import OldAddress, Story, StoryPastSlug
from stories.models.moved_story import LONGEST_PATH
from stories.search.results import SearchForm
from stories.views.missing import STORIES_OFFERED
from stories_project.page_cache.surrogate_keys import MISSING, note

log = logging.getLogger(__name__)


def lead_on(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Redirect what nobody else answers, if a story that readers see was there (301, one hop).

    Answers 410 if it was public here and is not any more. A story that was never public here stays
    not found: nothing says that it is stored.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        try:
            return _answer(request, request.path_info) or response
        except DatabaseError:
            log.exception("The search for an old address failed")
            return response

    return middleware


def short_address(request: HttpRequest, number: str) -> HttpResponse:
    """Answer for `/?p=12`, the short address of a post in WordPress, as for any old address.

    Raises Http404 if no story was there.
    """
    note(MISSING)
    answer = _answer(request, f"/?p={number}")
    if answer is None:
        raise Http404("There is no such page")
    return answer


def _answer(request: HttpRequest, path: str) -> HttpResponse | None:
    """Return the answer for an old address, or None if the path is none."""
    if len(path) > LONGEST_PATH or "\x00" in path:
        return None
    old = OldAddress.objects.at(path).first()
    if old is None:
        return None
    if story := Story.objects.published().filter(pk=old.story_id).only("slug").first():
        return redirect(story.get_absolute_url(), permanent=True)
    if not _was_public(old.story_id):
        return None
    newest = Story.objects.published().newest_first().for_cards()[:STORIES_OFFERED]
    context = {"form": SearchForm(), "newest": newest}
    return render(request, "stories/withdrawn.html", context, status=410)


def _was_public(story: int) -> bool:
    withdrawn = Story.objects.withdrawn().filter(pk=story)
    return withdrawn.exists() or StoryPastSlug.objects.filter(story=story).exists()
