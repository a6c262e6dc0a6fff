"""Answers for a URL at which nothing is public: moved (301), gone (410) or not found (404)."""

import logging
import re
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from founders.models import Founder
from stories.models import Story, StoryPastSlug, Tag
from stories.search.finding import search
from stories.search.results import SearchForm
from stories_project.page_cache.surrogate_keys import MISSING, note

MOST_LETTERS_SEARCHED = 200
STORIES_OFFERED = 3
DETAIL_PATH = re.compile("/(?:stories|founders|tags)/(?P<slug>.+)")

log = logging.getLogger(__name__)


def no_story(request: HttpRequest, slug: str, to: str = "story") -> HttpResponse:
    """Answer for a slug without a public story; redirect to the view `to` if the story moved."""
    return moved_or_gone(
        request,
        Story.objects.published().filter(past_slugs__slug=slug),
        Story.objects.withdrawn().filter(slug=slug),
        StoryPastSlug.objects.filter(slug=slug),
        template="stories/withdrawn.html",
        to=to,
    )


def no_founder(request: HttpRequest, slug: str, to: str = "founder") -> HttpResponse:
    """Answer for a slug without a public founder; redirect to the view `to` if they moved."""
    return moved_or_gone(
        request,
        Founder.objects.approved().filter(past_slugs__slug=slug),
        Founder.objects.hidden().filter(slug=slug),
        Founder.objects.filter(past_slugs__slug=slug),
        template="founders/hidden.html",
        to=to,
    )


def no_tag(request: HttpRequest, slug: str, to: str = "tag") -> HttpResponse:
    """Answer for a slug without a tag in use; redirect to the view `to` if the tag moved."""
    return moved_or_gone(request, Tag.objects.in_use().filter(past_slugs__slug=slug), to=to)


def moved_or_gone(
    request: HttpRequest,
    moved: QuerySet,
    *was_public: QuerySet,
    to: str,
    template: str = "",
) -> HttpResponse:
    """Answer for a slug that is not public now, but may have been.

    Redirects (301) to the view `to` if `moved` finds the row with its present slug. Answers 410
    with `template` if any queryset in `was_public` finds a row. Raises Http404 otherwise.
    """
    note(MISSING)
    if row := moved.first():
        return redirect(to, row.slug, permanent=True)
    if any(rows.exists() for rows in was_public):
        newest = Story.objects.published().newest_first().for_cards()[:STORIES_OFFERED]
        return render(request, template, {"form": SearchForm(), "newest": newest}, status=410)
    raise Http404("There is no such page")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404. For the path of a story, a founder or a tag, search for the words of its slug.

    Other paths are mostly requested by bots, so they cost no search.
    """
    note(MISSING)
    context: dict[str, Any] = {"form": SearchForm()}
    if match := DETAIL_PATH.match(request.path):
        words = re.sub(r"[-_/.]", " ", match["slug"])[:MOST_LETTERS_SEARCHED]
        try:
            context["stories"] = _stories_like(words)
        except DatabaseError:
            log.exception("The search for similar stories failed")
    return render(request, "404.html", context, status=404)


def _stories_like(words: str) -> list[Story]:
    keys = search(words).stories[:STORIES_OFFERED]
    cards = Story.objects.published().for_cards().in_bulk(keys)
    return [cards[key] for key in keys if key in cards]
