"""The public URLs behind surrogate keys such as "story-12", as they are when they are told.

Everything is read from the database at that moment. What the keys were written for may have been
withdrawn or hidden since, and nothing that readers cannot see may go out.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import Resolver404, resolve, reverse

from founders.models import Founder
from stories.models import Series, Story, StoryPastSlug, Tag
from stories.models.listing import NEWEST
from stories_project.page_cache.surrogate_keys import kind_of

FORMATS = ("atom", "json")


def urls_of_stories(keys: Collection[str]) -> list[str]:
    """Return the URLs under which readers see the stories, or saw them before.

    The second ones answer 410 or redirect now, and search engines should know that. A story that
    was withdrawn by its time has kept its slug, if nobody has edited it since.
    """
    pks = _numbers(keys, "story")
    ended = Story.objects.withdrawn().filter(modified_at__lte=F("unpublish_at"))
    slugs = {
        *Story.objects.published().filter(pk__in=pks).values_list("slug", flat=True),
        *ended.filter(pk__in=pks).values_list("slug", flat=True),
        *StoryPastSlug.objects.filter(story_id__in=pks).values_list("slug", flat=True),
    }
    return sorted(settings.SITE_URL + reverse("story", args=[slug]) for slug in slugs)


def last_public_slug(story: int) -> str:
    """Return the slug under which readers last saw a story that is not public; empty without any.

    As in `urls_of_stories`, a slug that was written since the withdrawal is nobody's business.
    """
    past = StoryPastSlug.objects.filter(story_id=story).order_by("-pk").values_list("slug")
    ended = Story.objects.withdrawn().filter(pk=story, modified_at__lte=F("unpublish_at"))
    row = ended.values_list("slug").first() or past.first()
    return row[0] if row else ""


def page_at(url: str) -> tuple[str, str]:
    """Return the name of the view and the slug to which a URL of ours leads; empty if to none."""
    try:
        parts, site = urlsplit(url), urlsplit(settings.SITE_URL)
        match = resolve(unquote(parts.path))
    except (ValueError, Resolver404):
        return "", ""
    is_ours = parts.scheme in ("http", "https") and parts.netloc.lower() == site.netloc.lower()
    return (match.url_name or "", match.kwargs.get("slug", "")) if is_ours else ("", "")


def urls_of_feeds(keys: Collection[str]) -> list[str]:
    """Return the URLs of the feeds in which the stories stand, or stood before.

    Only those that readers can read now: of approved founders, of tags and series in use.
    """
    public = Story.objects.published().filter(pk__in=_numbers(keys, "story")).order_by()
    founders = {
        *_numbers(keys, "stories-of-founder"),
        *public.values_list("story_founders__founder_id", flat=True),
    }
    tags = {
        *_numbers(keys, "stories-of-tag"),
        *public.values_list("story_tags__tag_id", flat=True),
    }
    series = {
        *_numbers(keys, "stories-of-series"),
        *public.values_list("series_parts__series_id", flat=True),
    }
    return [
        *(_urls("feed") if NEWEST in keys or public.exists() else []),
        *_urls_of_rows("founder_feed", Founder.objects.approved().filter(pk__in=founders)),
        *_urls_of_rows("tag_feed", Tag.objects.in_use().filter(pk__in=tags)),
        *_urls_of_rows("series_feed", Series.objects.in_use().filter(pk__in=series)),
    ]


def _urls_of_rows(view: str, rows: QuerySet[Any]) -> list[str]:
    slugs = sorted(rows.order_by().values_list("slug", flat=True))
    return [url for slug in slugs for url in _urls(view, slug)]


def _urls(view: str, *slug: str) -> list[str]:
    return [settings.SITE_URL + reverse(f"{view}_{format}", args=slug) for format in FORMATS]


def _numbers(keys: Collection[str], kind: str) -> set[int]:
    """Return 12 for "story-12", of all keys of a kind."""
    return {int(key.rpartition("-")[2]) for key in keys if key != kind and kind_of(key) == kind}
