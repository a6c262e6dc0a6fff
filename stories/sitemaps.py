"""Sitemaps (sitemaps.org protocol 0.9), with images, and the one of news.

Stories are parted by the month they were published in: each part is one range of an index, and
nothing has to be counted.
"""

import re
from datetime import datetime, timedelta

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.models import Story, Tag
from stories.planning.calendar import next_month

MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)
# What the protocol allows in one file.
MOST = 50_000
MOST_NEWS = 1000
NEWS_LASTS = timedelta(days=2)
SHOWN_TO_MODELS = 50


@require_safe
def index(request):
    """List the sitemaps: one a month since the first story, one of founders, one of tags."""
    published = Story.objects.published().order_by("publish_at")
    first, last = published.first(), published.last()
    months = _months(first.publish_at, last.publish_at) if first else []
    parts = [reverse("sitemap_month", args=[f"{m:%Y-%m}"]) for m in reversed(months)]
    parts += [reverse("sitemap_founders"), reverse("sitemap_tags")]
    return _xml(request, "sitemap_index", parts=parts)


@require_safe
def month(request, month):
    """List the stories of a month, the newest first, with their covers."""
    if not MONTH.fullmatch(month):
        raise Http404("There is no such month")
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
    stories = (
        Story.objects.published()
        .filter(publish_at__gte=start, publish_at__lt=next_month(start))
        .newest_first()
        .only("slug", "cover", "modified_at", "publish_at", "unpublish_at")[:MOST]
    )
    return _xml(request, "sitemap", stories=stories)


@require_safe
def founders(request):
    """List the approved founders."""
    return _xml(request, "sitemap", rows=Founder.objects.approved().only("slug")[:MOST])


@require_safe
def tags(request):
    """List the tags of public stories."""
    return _xml(request, "sitemap", rows=Tag.objects.in_use().only("slug")[:MOST])


@require_safe
def news(request):
    """List the stories of the last two days, as news search engines want them."""
    since = timezone.now() - NEWS_LASTS
    stories = Story.objects.published().filter(publish_at__gte=since).newest_first()[:MOST_NEWS]
    return _xml(request, "sitemap_news", stories=stories)


@require_safe
def robots(request):
    """Tell robots where to look, and where not to."""
    return _text(request, "robots")


@require_safe
def llms(request):
    """Tell language models what is here, and where to read it as Markdown (llmstxt.org)."""
    stories = Story.objects.published().newest_first().for_cards()[:SHOWN_TO_MODELS]
    return _text(request, "llms", stories=stories)


def _xml(request, template, **context):
    return render(request, f"stories/{template}.xml", context, "application/xml; charset=utf-8")


def _text(request, template, **context):
    return render(request, f"stories/{template}.txt", context, "text/plain; charset=utf-8")


def _months(first, last):
    """Return the beginnings of the months from one moment to another."""
    month, months = timezone.localtime(first).replace(day=1, hour=0, minute=0), []
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months
