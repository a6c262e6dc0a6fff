"""Sitemaps (sitemaps.org protocol 0.9) with images and news, robots.txt, llms.txt and the key of
IndexNow.

There is one sitemap of stories for each month of publication. So each is one range of an index, and
no stories have to be counted.
"""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from founders.models import Company, Founder
from stories.models import Series, Story, Tag
from stories.planning.calendar import next_month
from stories_project.page_cache.cached_views import cached_page
from stories_project.page_cache.surrogate_keys import note_end
from stories_project.publication.current import current

MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)
# The protocol allows no more URLs in one file.
MOST_URLS = 50_000
MOST_NEWS = 1000
NEWS_AGE = timedelta(days=2)
STORIES_IN_LLMS = 50
SERIES_IN_LLMS = 50


@cached_page()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps: one for each month since the first story, founders, tags, and others."""
    times = Story.objects.published().newest_first().values_list("publish_at", flat=True)
    first, last = times.last(), times.first()
    months = _months(first, last) if first and last else []
    parts = [reverse("sitemap_month", args=[f"{m:%Y-%m}"]) for m in reversed(months)]
    kinds = ("founders", "tags", "series", "pages")
    parts += [reverse(f"sitemap_{kind}") for kind in kinds]
    return _xml(request, "sitemap_index", parts=parts)


@cached_page()
@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """List the stories of a month ("2026-01"), the newest first, with their covers."""
    if not MONTH.fullmatch(month):
        raise Http404("There is no such month")
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
    stories = (
        Story.objects.published()
        .of_month(start)
        .only("slug", "cover", "modified_at", "publish_at", "unpublish_at")[:MOST_URLS]
    )
    return _xml(request, "sitemap", stories=stories)


@cached_page()
@require_safe
def founders(request: HttpRequest) -> HttpResponse:
    """List the page of lives, the approved founders and their companies, if there are some."""
    people = list(Founder.objects.approved().by_name().only("slug")[: MOST_URLS - 1])
    left = MOST_URLS - 1 - len(people)
    rows = [*people, *Company.objects.public().order_by("folded_name", "pk").only("slug")[:left]]
    return _xml(request, "sitemap", paths=[reverse("lives")] if people else [], rows=rows)


@cached_page()
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """List the tags of public stories."""
    return _xml(request, "sitemap", rows=Tag.objects.in_use().by_name().only("slug")[:MOST_URLS])


@cached_page()
@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """List the pages about the publication."""
    names = ("home", "about", "privacy", *(["imprint"] if current().imprint else []))
    return _xml(request, "sitemap", paths=[reverse(name) for name in names])


@cached_page()
@require_safe
def series(request: HttpRequest) -> HttpResponse:
    """List the series with a public story."""
    rows = Series.objects.in_use().by_title().only("slug")[:MOST_URLS]
    return _xml(request, "sitemap", rows=rows)


@cached_page()
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """List the stories of the last two days, in the format of Google News."""
    since = timezone.now() - NEWS_AGE
    recent = Story.objects.published().filter(publish_at__gte=since).newest_first()
    stories = list(recent[:MOST_NEWS])
    if stories:
        note_end(cast(datetime, stories[-1].publish_at) + NEWS_AGE)
    return _xml(request, "sitemap_news", stories=stories)


@cached_page()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Serve robots.txt, which tells crawlers what not to visit."""
    return _text(request, "robots")


@cached_page()
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Serve llms.txt, which lists the newest stories and the series (llmstxt.org)."""
    stories = Story.objects.published().newest_first().for_cards()[:STORIES_IN_LLMS]
    series = Series.objects.in_use().by_title().only("title", "slug")[:SERIES_IN_LLMS]
    return _text(request, "llms", stories=stories, series=series)


@cached_page()
@require_safe
def index_now_key(request: HttpRequest, key: str) -> HttpResponse:
    """Serve the key of IndexNow, by which search engines know that our pings are ours."""
    if not settings.INDEXNOW_KEY or key != settings.INDEXNOW_KEY:
        raise Http404("There is no such key")
    return HttpResponse(key, content_type="text/plain; charset=utf-8")


def _xml(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"stories/{template}.xml", context, "application/xml; charset=utf-8")


def _text(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"stories/{template}.txt", context, "text/plain; charset=utf-8")


def _months(first: datetime, last: datetime) -> list[datetime]:
    """Return the first moment of each month from that of `first` to that of `last`."""
    month, months = timezone.localtime(first).replace(day=1, hour=0, minute=0), []
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months
