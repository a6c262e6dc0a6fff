"""Which addresses the static site has, as the served site knows them."""

import re
from collections.abc import Iterator
from math import ceil
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Count, Min, QuerySet

from founders.forms import shown
from founders.lives import centuries_of
from founders.models import Company, Founder
from founders.models.company import MOST_VENTURES
from founders.views import FOUNDERS_A_PAGE
from stories.models import Series, Story, StoryFounder, StoryTag, Tag
from stories.static_site.asking import ask
from stories.views.lives import LIVES_A_PAGE
from stories.views.series import SERIES_A_PAGE
from stories.views.stories import STORIES_A_PAGE
from stories.views.tags import TAGS_A_PAGE
from stories_project.paths import path_to
from stories_project.publication.current import current

NOT_FOUND = "/404.html"
SITEMAP = "/sitemap.xml"
SINGLE = (
    *(
        "/",
        "/about/",
        "/privacy/",
        "/reading-list/",
        "/corrections/",
        "/feed/",
        "/feed.json",
        "/robots.txt",
        "/llms.txt",
    ),
    *(SITEMAP, "/sitemap-founders.xml", "/sitemap-tags.xml", "/sitemap-news.xml"),
    *("/sitemap-series.xml", "/sitemap-pages.xml", NOT_FOUND),
)
MONTHS = re.compile(r"/sitemap-\d{4}-\d{2}\.xml")
ROWS_AT_ONCE = 5000


def addresses() -> Iterator[str]:
    """Yield every address: a path, or a path with the query that its view knows."""
    yield from SINGLE
    yield from MONTHS.findall(ask(SITEMAP).text)
    if current().imprint:
        yield path_to("imprint")
    if settings.INDEXNOW_KEY:
        yield f"/{settings.INDEXNOW_KEY}.txt"
    public = Story.objects.published()
    yield from paged("/stories/", public.count(), STORIES_A_PAGE)
    yield from _founders()
    yield from _tags()
    yield from _series()
    for slug in _slugs(public):
        path = path_to("story", slug)
        yield from (path, f"{path.removesuffix('/')}.md", f"{path}card/")


def paged(path: str, rows: int, a_page: int, query: str = "") -> Iterator[str]:
    """Yield the address of each page of a list with so many rows; an empty list has one page."""
    for number in range(1, max(1, ceil(rows / a_page)) + 1):
        parts = [part for part in (query, f"page={number}" if number > 1 else "") if part]
        yield f"{path}?{'&'.join(parts)}" if parts else path


def _founders() -> Iterator[str]:
    approved = Founder.objects.approved()
    yield from paged("/founders/", approved.count(), FOUNDERS_A_PAGE)
    born = approved.by_birth()
    yield from paged("/lives/", born.count(), LIVES_A_PAGE)
    for century in centuries_of(approved):
        rows = born.born_in_century(century).count()
        yield from paged("/lives/", rows, LIVES_A_PAGE, f"century={century}")
    for company in Company.objects.public():
        ventures = list(company.ventures.of_approved()[:MOST_VENTURES])
        rows = Story.objects.published().of_ventures(ventures).count()
        yield from paged(company.get_absolute_url(), rows, STORIES_A_PAGE)
    for letter in Founder.objects.letters():
        rows = approved.under_letter(letter).count()
        yield from paged("/founders/", rows, FOUNDERS_A_PAGE, f"letter={quote(shown(letter))}")
    counts = _counts(StoryFounder.objects.published(), "founder")
    for pk, slug in approved.values_list("pk", "slug").iterator(ROWS_AT_ONCE):
        path = path_to("founder", slug)
        yield from paged(path, counts.get(pk, 0), STORIES_A_PAGE)
        yield from (f"{path}feed/", f"{path}feed.json")


def _tags() -> Iterator[str]:
    used = Tag.objects.in_use()
    count = used.count()
    for order in ("", "order=name"):
        yield from paged("/tags/", count, TAGS_A_PAGE, order)
    counts = _counts(StoryTag.objects.published(), "tag")
    for pk, slug in used.values_list("pk", "slug").iterator(ROWS_AT_ONCE):
        path = path_to("tag", slug)
        yield from paged(path, counts.get(pk, 0), STORIES_A_PAGE)
        yield from (f"{path}feed/", f"{path}feed.json")


def _series() -> Iterator[str]:
    used = Series.objects.in_use()
    yield from paged("/series/", used.count(), SERIES_A_PAGE)
    for slug in used.values_list("slug", flat=True).iterator(ROWS_AT_ONCE):
        path = path_to("series", slug)
        yield from (path, f"{path}feed/", f"{path}feed.json")


def _counts(rows: QuerySet[Any], column: str) -> dict[int, int]:
    """Return {primary key: number of public stories} for founders or tags."""
    counted = rows.order_by().values(column).annotate(number=Count("pk"))
    return dict(counted.values_list(column, "number"))


def _slugs(stories: QuerySet[Story]) -> Iterator[str]:
    """Yield the slugs, those of one founder together: their pages show the same cards."""
    stories = stories.annotate(founder=Min("story_founders__founder"))
    in_order = stories.order_by("founder", "publish_at", "pk")
    return iter(in_order.values_list("slug", flat=True).iterator(ROWS_AT_ONCE))
