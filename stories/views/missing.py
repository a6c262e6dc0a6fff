"""What is answered where nothing public is found: moved (301), gone (410), or not found (404)."""

import logging
import re

from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import redirect, render

from founders.models import Founder
from stories.models import Story, StoryPastSlug, Tag
from stories.search.finding import search
from stories.search.results import SearchForm

LONGEST_ADDRESS_READ = 200
NAMED = re.compile("/(?:stories|founders|tags)/(?P<name>.+)")

log = logging.getLogger(__name__)


def no_story(request, slug, to="story"):
    """Answer for the address of a story that is not public; a moved one is at the view `to`."""
    return moved_or_gone(
        request,
        Story.objects.published().filter(past_slugs__slug=slug),
        Story.objects.withdrawn().filter(slug=slug),
        StoryPastSlug.objects.filter(slug=slug),
        template="stories/withdrawn.html",
        to=to,
    )


def no_founder(request, slug, to="founder"):
    """Answer for the address of a founder who is not public; a moved one is at the view `to`."""
    return moved_or_gone(
        request,
        Founder.objects.approved().filter(past_slugs__slug=slug),
        Founder.objects.hidden().filter(slug=slug),
        Founder.objects.filter(past_slugs__slug=slug),
        template="founders/hidden.html",
        to=to,
    )


def no_tag(request, slug, to="tag"):
    """Answer for the address of a tag without a public story; a moved one is at the view `to`."""
    return moved_or_gone(request, Tag.objects.in_use().filter(past_slugs__slug=slug), to=to)


def moved_or_gone(request, moved, *was_public, to, template=None):
    """Answer for an address that is not public now but may have been once.

    301 to the row that `moved` finds, in one hop, at its address of the view `to`; 410 with a page
    where any of `was_public` finds one; raises Http404 otherwise.
    """
    if row := moved.first():
        return redirect(to, row.slug, permanent=True)
    if any(rows.exists() for rows in was_public):
        newest = Story.objects.published().newest_first().for_cards()[:3]
        return render(request, template, {"form": SearchForm(), "newest": newest}, status=410)
    raise Http404("There is no such page")


def not_found(request, exception):
    """Answer for an address where nothing is (404); of a story or a founder, with what is like it.

    Whoever tries other addresses is a machine more often than not, and gets no search.
    """
    context = {"form": SearchForm()}
    if lost := NAMED.match(request.path):
        words = re.sub(r"[-_/.]", " ", lost["name"])[:LONGEST_ADDRESS_READ]
        try:
            context["stories"] = _cards(search(words).stories[:3])
        except DatabaseError:
            log.exception("No search for what may have been meant")
    return render(request, "404.html", context, status=404)


def _cards(keys):
    cards = Story.objects.published().for_cards().in_bulk(keys)
    return [cards[key] for key in keys if key in cards]
