"""What a link in a text may lead to: stories, founders and tags that readers see."""

from typing import Any

from django.db.models import QuerySet
from django.http import JsonResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.admin.permissions import DeskRequest, of_stories, story_path
from stories.models import Story, Tag
from stories_project.cache_headers import never_store

OF_EACH_KIND = 5
LONGEST_TEXT = 100


def urls() -> list[URLPattern]:
    """Return the URL patterns."""
    return [story_path("mentions/", mentions, "mentions")]


@require_safe
@of_stories("view")
def mentions(request: DeskRequest) -> JsonResponse:
    """Return {"found": [{kind, label, address}]} for a text that somebody types after "[["."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    stories = Story.objects.published().newest_first()
    if text:
        stories = Story.objects.published().titled(text)
    founders, tags = Founder.objects.approved(), Tag.objects.in_use()
    if text:
        founders, tags = founders.beginning_with(text), tags.containing(text)
    kinds: tuple[tuple[str, QuerySet[Any]], ...] = (
        (_("Story"), stories),
        (_("Founder"), founders),
        (_("Tag"), tags.shortest_first()),
    )
    found = [
        {"kind": kind, "label": str(row), "address": row.get_absolute_url()}
        for kind, rows in kinds
        for row in rows[:OF_EACH_KIND]
    ]
    return never_store(JsonResponse({"found": found}))
