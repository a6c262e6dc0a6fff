"""How long it takes until readers see a story that is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from secrets import token_hex
from statistics import median
from time import perf_counter

from django.urls import reverse

from founders.models import Founder
from stories.bench.keep_alive import Endpoint, exchange
from stories.bench.processes import uninterrupted
from stories.bench.results import BenchError, Publishing
from stories.models import SearchWord, Story, StoryContent
from stories.writing.removing import remove_for_good
from stories_project.text.words import indexed

SLUG = "benchmark"
STORIES = 7
LONGEST_TITLE = 150  # leaves room for a number
SECONDS_TO_APPEAR = 10
NOTE = "Created by manage.py bench, which removes it"


def measure(endpoint: Endpoint) -> Publishing:
    """Publish some stories in this process, each until the server shows it, and remove them.

    Each is a copy of a public story with another title, about the same approved founder. The
    endpoint must not ask for compressed answers.
    """
    content = _content()
    times = []
    for _ in range(STORIES):
        slug = f"{SLUG}-{token_hex(4)}"
        draft = replace(content, slug=slug, title=f"{content.title} {int(slug[-8:], 16)}")
        with _removed(draft):
            times.append(_publish(endpoint, draft))
    return Publishing([round(time, 1) for time in times], round(median(times), 1))


def _content() -> StoryContent:
    """Return the content of a public story about an approved founder, without what is its own."""
    approved = Story.objects.published().filter(
        story_founders__founder__status=Founder.Status.APPROVED
    )
    if not (story := approved.order_by("-pk").first()):
        raise BenchError("No public story is about an approved founder, so none can be published.")
    return replace(
        story.content,
        title=story.title[:LONGEST_TITLE],
        publish_at=None,
        unpublish_at=None,
        is_lead=False,
    )


def _publish(endpoint: Endpoint, content: StoryContent) -> float:
    """Return the milliseconds from the call of `publish()` to the first correct page."""
    story = Story().save_content(content, note=NOTE)
    path, title = reverse("story", args=[story.slug]), escape(content.title).encode()
    # A reader who came too early must not make the page come late.
    _is_shown(endpoint, path, title)
    started_at = perf_counter()
    story.publish(note=NOTE)
    while not _is_shown(endpoint, path, title):
        if perf_counter() - started_at > SECONDS_TO_APPEAR:
            raise BenchError(f"{path} was not shown within {SECONDS_TO_APPEAR} s of publishing.")
    return (perf_counter() - started_at) * 1000


def _is_shown(endpoint: Endpoint, path: str, title: bytes) -> bool:
    return any(a.status == 200 and title in a.body for a in exchange(endpoint, [path], 1))


@contextmanager
def _removed(content: StoryContent) -> Iterator[None]:
    """Remove at the end what saving and publishing this content has stored, whatever happens."""
    parts = (content.title, content.excerpt, content.takeaways, content.body, *content.tags)
    words = indexed("\n".join(parts)).words
    known = SearchWord.objects.filter(word__in=words).values_list("word", flat=True)
    new_words = set(words) - set(known)
    try:
        yield
    finally:
        with uninterrupted():
            for story in Story.objects.filter(slug=content.slug):
                remove_for_good(story)
            SearchWord.objects.filter(word__in=new_words).delete()
