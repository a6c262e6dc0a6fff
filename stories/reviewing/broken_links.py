"""Finds the broken links of a story to pages of this site."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils import timezone

from founders.models import Founder
from stories.models import Series, Story, StoryContent, Tag
from stories_project.pictures.uploads import STORED_NAME
from stories_project.text.markdown import Facts

DETAIL_PAGE = re.compile(r"/(stories|founders|tags|series)/([^/]+)/", re.UNICODE)
MAX_LINKS = 500
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def broken_links(
    facts: Facts, content: StoryContent, also_public: frozenset[str] = frozenset()
) -> list[str]:
    """Return the links to this site that readers cannot open, as they stand in the body.

    `facts` are those of the body. A link to a story is valid if that story is public when this one
    is published, or if its slug is in `also_public`. Makes at most two queries for each kind of
    page.
    """
    links = list(dict.fromkeys(facts.links))[:MAX_LINKS]
    anchors = {heading.anchor for heading in facts.headings}
    own = {link: path for link in links if (path := _own_path(link)) is not None}
    slugs: dict[str, set[str]] = {kind: set() for kind in ("stories", "founders", "tags", "series")}
    for path in own.values():
        if (match := DETAIL_PAGE.fullmatch(path)) and "\x00" not in path:
            slugs[match[1]].add(match[2])
    slugs["stories"] -= also_public
    known = _known_slugs(slugs, content)
    known["stories"] |= also_public
    return [
        link
        for link in links
        if (link.startswith("#") and link[1:] not in anchors)
        or (link in own and not _leads_somewhere(own[link], known))
    ]


def _own_path(link: str) -> str | None:
    """Return the path of a link to this site, or None for other sites and for anchors."""
    if link.startswith("#"):
        return None
    if link.startswith(f"{settings.SITE_URL}/"):
        link = link.removeprefix(settings.SITE_URL)
    if SCHEME.match(link):
        return None
    try:
        return urlsplit(link).path
    except ValueError:
        return link


def _known_slugs(slugs: Mapping[str, set[str]], content: StoryContent) -> dict[str, set[str]]:
    """Return {kind: slugs} of the pages that readers can open once the story is public."""
    now = timezone.now()
    moment = max(now, content.publish_at or now)
    public: dict[str, QuerySet[Any]] = {
        "stories": Story.objects.published(moment),
        "founders": Founder.objects.approved(),
        "tags": Tag.objects.all(),
        "series": Series.objects.in_use(moment),
    }
    known = {kind: _slugs_of(rows, slugs[kind]) for kind, rows in public.items()}
    known["stories"].add(content.slug)
    return known


def _slugs_of(rows: QuerySet[Any], slugs: set[str]) -> set[str]:
    """Return the slugs that belong to one of the rows, now or formerly."""
    found: set[str] = set()
    if slugs:
        found.update(rows.filter(slug__in=slugs).values_list("slug", flat=True))
    if missing := slugs - found:
        past = rows.filter(past_slugs__slug__in=missing)
        found.update(past.values_list("past_slugs__slug", flat=True))
    return found


def _leads_somewhere(path: str, known: Mapping[str, set[str]]) -> bool:
    """Whether readers can open a path of this site; an empty path is the story itself."""
    if not path:
        return True
    if match := DETAIL_PAGE.fullmatch(path):
        return match[2] in known[match[1]]
    if path.startswith(media := f"/{settings.MEDIA_URL.strip('/')}/"):
        name = path.removeprefix(media)
        return bool(STORED_NAME.fullmatch(name)) and default_storage.exists(name)
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
