"""Finds the links of public stories to other sites that lead nowhere any more.

This runs in the background. A page that answers 404 or 410 is gone. A host that does not answer, or
answers that something broke, is asked again the next day. Whoever asks for a sign-in or refuses
programs is there.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.models import DeadLink, LinkCheck, Story
from stories_project import public_web
from stories_project.publication.current import in_its_language
from stories_project.text.markdown import facts_of

EVERY = timedelta(days=30)
AGAIN_AFTER = timedelta(days=1)
MOST_LINKS = 100
# The seconds between two requests to one host.
PAUSE = 1.0
GONE = {404, 410}
Get = Callable[..., public_web.Answer]


class Failure(NamedTuple):
    """Why a link leads nowhere, as a sentence; `is_gone` if it will not come back by itself."""

    is_gone: bool
    sentence: str


class Checked(NamedTuple):
    """How many stories and links were checked, and how many of the links lead nowhere."""

    stories: int
    links: int
    dead: int


def check_due(most: int, get: Get = public_web.get) -> Checked:
    """Check the links of up to `most` public stories, those that waited longest first."""
    visit, links, dead = _Visit(get), 0, 0
    stories = Story.objects.published().with_links_due().prefetch_related("sources")[:most]
    with in_its_language():
        for story in stories:
            failures = {url: visit.failure_of(url) for url in _links_of(story)}
            found = {url: failure for url, failure in failures.items() if failure}
            _store(story, found, timezone.now())
            links, dead = links + len(failures), dead + len(found)
    return Checked(len(stories), links, dead)


def _links_of(story: Story) -> list[str]:
    """Return the links of the text and the sources to other sites, each once."""
    urls = [*facts_of(story.body).links, *(source.url for source in story.sources.all())]
    is_other = [u for u in urls if u.startswith(("http:", "https:")) and len(u) <= 1000]
    own = (settings.SITE_URL, f"{settings.SITE_URL}/")
    return list(dict.fromkeys(u for u in is_other if not u.startswith(own)))[:MOST_LINKS]


@transaction.atomic
def _store(story: Story, found: dict[str, Failure], now: datetime) -> None:
    """Store the dead links of a story, and when its links are checked next."""
    known = DeadLink.objects.filter(story=story)
    since = dict(known.values_list("url", "since"))
    known.delete()
    DeadLink.objects.bulk_create(
        DeadLink(
            story=story,
            url=url,
            is_gone=failure.is_gone,
            failure=failure.sentence[:200],
            since=since.get(url, now),
        )
        for url, failure in found.items()
    )
    due_at = now + (AGAIN_AFTER if found else EVERY)
    LinkCheck.objects.update_or_create(story=story, defaults={"due_at": due_at})


class _Visit:
    """Asks each URL once, and each host not too often."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._known: dict[str, Failure | None] = {}
        self._asked_at: dict[str, float] = {}

    def failure_of(self, url: str) -> Failure | None:
        """Return why a URL leads nowhere, or None if it leads somewhere."""
        page = url.partition("#")[0]
        if page not in self._known:
            self._known[page] = self._ask(page)
        return self._known[page]

    def _ask(self, url: str) -> Failure | None:
        agent = f"HowTheyBegan-link-check (+{settings.SITE_URL})"
        try:
            self._wait_for(public_web.Destination.of(url).host)
            status = self._get(url, {"User-Agent": agent, "Accept": "*/*"}).status
        except public_web.NoAnswer as error:
            return Failure(False, str(error))
        if status in GONE or status >= 500:
            return Failure(status in GONE, _("It answers with status %(s)s.") % {"s": status})
        return None

    def _wait_for(self, host: str) -> None:
        next_at = self._asked_at.get(host, 0.0) + PAUSE
        if host in self._asked_at and (seconds := next_at - monotonic()) > 0:
            sleep(seconds)
        self._asked_at[host] = monotonic()
