"""Answers for a URL at which nothing is public: moved (301), gone (410) or not found (404)."""

import logging
import re
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from founders.models import Company, Founder
from stories.models import Series, Story, StoryPastSlug, Tag
from stories.search.finding import similar
from stories.search.results import SearchForm
from stories_project.page_cache.surrogate_keys import MISSING, note

MOST_LETTERS_SEARCHED = 200
STORIES_OFFERED = 3
DETAIL_PATH = re.compile("/(?:stories|founders|tags|series)/(?P<slug>.+)")

log = logging.getLogger(__name__)


class Whereabouts(NamedTuple):
    """What may have been at a slug at which nothing is public now.

    `moved` finds the row with its present slug, and `public_before` rows that were public.
    """

    moved: QuerySet
    public_before: tuple[QuerySet, ...] = ()

    def present_slug(self) -> str | None:
        """Return the present slug of what has moved, or None."""
        row = self.moved.first()
        return row.slug if row else None

    def was_public(self) -> bool:
        """Whether something was public at the slug."""
        return any(rows.exists() for rows in self.public_before)


def story_at(slug: str) -> Whereabouts:
    """Return the Whereabouts of a story."""
    withdrawn = Story.objects.withdrawn().filter(slug=slug)
    past = StoryPastSlug.objects.filter(slug=slug)
    return Whereabouts(Story.objects.published().filter(past_slugs__slug=slug), (withdrawn, past))


def founder_at(slug: str) -> Whereabouts:
    """Return the Whereabouts of a founder."""
    hidden = Founder.objects.hidden().filter(slug=slug)
    past = Founder.objects.filter(past_slugs__slug=slug)
    return Whereabouts(Founder.objects.approved().filter(past_slugs__slug=slug), (hidden, past))


def tag_at(slug: str) -> Whereabouts:
    """Return the Whereabouts of a tag; one without public stories was never public."""
    return Whereabouts(Tag.objects.in_use().filter(past_slugs__slug=slug))


def company_at(slug: str) -> Whereabouts:
    """Return the Whereabouts of a company; one without approved founders was never public."""
    return Whereabouts(Company.objects.public().filter(past_slugs__slug=slug))


def series_at(slug: str) -> Whereabouts:
    """Return the Whereabouts of a series; one without public stories was never public."""
    return Whereabouts(Series.objects.in_use().filter(past_slugs__slug=slug))


def no_story(request: HttpRequest, slug: str, to: str = "story") -> HttpResponse:
    """Answer for a slug without a public story; redirect to the view `to` if the story moved."""
    return moved_or_gone(request, story_at(slug), to, "stories/withdrawn.html")


def no_founder(request: HttpRequest, slug: str, to: str = "founder") -> HttpResponse:
    """Answer for a slug without a public founder; redirect to the view `to` if they moved."""
    return moved_or_gone(request, founder_at(slug), to, "founders/hidden.html")


def no_tag(request: HttpRequest, slug: str, to: str = "tag") -> HttpResponse:
    """Answer for a slug without a tag in use; redirect to the view `to` if the tag moved."""
    return moved_or_gone(request, tag_at(slug), to)


def no_company(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer for a slug without a public company; redirect if the company moved."""
    return moved_or_gone(request, company_at(slug), "company")


def no_series(request: HttpRequest, slug: str, to: str = "series") -> HttpResponse:
    """Answer for a slug without a series in use; redirect to the view `to` if it moved."""
    return moved_or_gone(request, series_at(slug), to)


def moved_or_gone(
    request: HttpRequest, where: Whereabouts, to: str, template: str = ""
) -> HttpResponse:
    """Answer for a slug that is not public now, but may have been.

    Redirects (301) to the view `to` if something has moved. Answers 410 with `template` if
    something was public. Raises Http404 otherwise.
    """
    note(MISSING)
    if slug := where.present_slug():
        return redirect(to, slug, permanent=True)
    if where.was_public():
        newest = Story.objects.published().newest_first().for_cards()[:STORIES_OFFERED]
        return render(request, template, {"form": SearchForm(), "newest": newest}, status=410)
    raise Http404("There is no such page")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404. For the path of a story, founder, tag or series, search for words of its slug.

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
    keys = similar(words)[:STORIES_OFFERED]
    cards = Story.objects.published().for_cards().in_bulk(keys)
    return [cards[key] for key in keys if key in cards]
