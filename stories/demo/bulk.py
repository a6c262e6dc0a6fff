"""Synthetic stories in any number, to measure speed with.

The popularity of founders and tags follows Zipf's law, as on real sites: the n-th is chosen 1/n as
often as the first, so a few tags are on thousands of stories, and most on a few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from founders.models import Founder
from stories.models import Source, Story, StoryFounder, StorySearch, StoryTag, Tag, Takeaway
from stories.search.indexing import columns, learn
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import EVERYTHING
from stories_project.text import markdown
from stories_project.text.words import indexed

# Stories in one transaction, and rows in one statement.
CHUNK = 2000
BODIES = 40
MOST_PLACES = 20_000
SYLLABLES = "ba den fel gor hil kam lor mun nev or pas quin rov sel tam ul vor wen yar zel".split()
YEARS = 10
SLUG = "synthetic-{:07}"
NOUNS = ("loom", "ledger", "kiln", "patent", "workshop", "harbor", "lamp", "bridge", "press")
VERBS = ("built", "sold", "repaired", "borrowed", "carried", "counted", "closed", "opened")
QUALITIES = ("quiet", "stubborn", "narrow", "patient", "second", "borrowed", "last", "new")


T = TypeVar("T")


def synthetic_stories() -> QuerySet[Story]:
    """Return the synthetic stories."""
    return Story.objects.filter(slug__startswith="synthetic-")


@dataclass(frozen=True)
class Ranked(Generic[T]):
    """Values from the most popular to the least, and their cumulative weights."""

    values: Sequence[T]
    cumulative_weights: list[float]


class Bulk:
    """Fills a site up to a number of synthetic stories. It can be stopped, and run again."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.now = timezone.now()

    def create_missing(self) -> Iterator[int]:
        """Create the stories in chunks, one transaction each; yield the size of each chunk."""
        start = synthetic_stories().count()
        if start >= self.wanted:
            return
        self._prepare()
        for first in range(start, self.wanted, CHUNK):
            numbers = range(first, min(first + CHUNK, self.wanted))
            with transaction.atomic():
                self._create(numbers, Random(first))  # noqa: S311  sample data, not a secret
            yield len(numbers)
        Tag.objects.recount(self.tags.values)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _prepare(self) -> None:
        rng = Random(0)  # noqa: S311
        self.founders = _by_popularity(self._create_founders(max(20, self.wanted // 50)))
        self.tags = _by_popularity(self._create_tags(max(40, self.wanted // 20)))
        sources = [_body(rng) for _ in range(BODIES)]
        self.bodies = [(source, markdown.render(source)) for source in sources]
        self.indexed = {text: indexed(text) for text, _ in self.bodies}
        places = {_place(rng): None for _ in range(min(MOST_PLACES, self.wanted // 5))}
        self.places = _by_popularity(list(places) or [_place(rng)])
        learn(*self.indexed.values())
        for start in range(0, len(places), CHUNK):
            learn(indexed("\n".join(list(places)[start : start + CHUNK])))

    def _create_founders(self, count: int) -> list[int]:
        Founder.objects.bulk_create(
            (
                Founder(
                    name=f"Synthetic Founder {number}",
                    slug=f"synthetic-founder-{number}",
                    headline="Created by the demo to measure speed with",
                    status=Founder.Status.APPROVED,
                )
                for number in range(count)
            ),
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
        founders = Founder.objects.filter(slug__startswith="synthetic-founder-").order_by("pk")
        return list(founders.values_list("pk", flat=True))

    def _create_tags(self, count: int) -> list[int]:
        Tag.objects.bulk_create(
            (
                Tag(name=f"Synthetic tag {number}", slug=f"synthetic-tag-{number}")
                for number in range(count)
            ),
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
        tags = Tag.objects.filter(slug__startswith="synthetic-tag-").order_by("pk")
        return list(tags.values_list("pk", flat=True))

    def _create(self, numbers: range, rng: Random) -> None:
        stories = Story.objects.bulk_create(self._story(number, rng) for number in numbers)
        models: tuple[Any, ...] = (Takeaway, Source, StoryFounder, StoryTag, StorySearch)
        rows: dict[Any, list[Any]] = {model: [] for model in models}
        for story in stories:
            times = {"publish_at": story.publish_at, "unpublish_at": story.unpublish_at}
            founders = _choose(rng, rng.choice((1, 1, 1, 2)), self.founders)
            tags = _choose(rng, rng.randint(2, 5), self.tags)
            takeaways = [_sentence(rng) for _ in range(3)]
            rows[Takeaway] += [
                Takeaway(story=story, position=n, text=text) for n, text in enumerate(takeaways)
            ]
            rows[Source].append(
                Source(story=story, position=0, title="Sample data", url="https://example.org/")
            )
            rows[StoryFounder] += [
                StoryFounder(story=story, founder_id=founder, position=n, **times)
                for n, founder in enumerate(founders)
            ]
            rows[StoryTag] += [StoryTag(content_object=story, tag_id=tag, **times) for tag in tags]
            title, summary = indexed(story.title), indexed("\n".join([story.excerpt, *takeaways]))
            found_by = columns(title, summary, self.indexed[story.body], founders, tags)
            rows[StorySearch].append(StorySearch(story=story, **times, **found_by))
        for model, instances in rows.items():
            model.objects.bulk_create(instances)
        change_log.record(EVERYTHING)

    def _story(self, number: int, rng: Random) -> Story:
        source, rendering = rng.choice(self.bodies)
        publish_at, unpublish_at = self._times(rng)
        return Story(
            title=f"The {rng.choice(QUALITIES)} {rng.choice(NOUNS)}, part {number + 1}",
            slug=SLUG.format(number + 1),
            excerpt=f"{_sentence(rng)} It began in {_choose(rng, 1, self.places)[0]}.",
            body=source,
            publish_at=publish_at,
            unpublish_at=unpublish_at,
            **Story.stored(rendering),
        )

    def _times(self, rng: Random) -> tuple[datetime | None, datetime | None]:
        """Return publish_at and unpublish_at.

        One story in a hundred is a draft, one is scheduled, and one is withdrawn.
        """
        state = rng.randrange(100)
        minutes = timedelta(minutes=rng.randrange(YEARS * 365 * 24 * 60))
        if state == 0:
            return None, None
        if state == 1:
            return self.now + minutes / YEARS / 12 + timedelta(hours=1), None
        if state == 2:
            return self.now - 2 * minutes - timedelta(minutes=2), self.now - minutes
        return self.now - minutes, None


def _by_popularity(values: Sequence[T]) -> Ranked[T]:
    """Return the values, the most popular first, with weights by Zipf's law."""
    weights = accumulate(1 / rank for rank in range(1, len(values) + 1))
    return Ranked(values, list(weights))


def _choose(rng: Random, count: int, ranked: Ranked[T]) -> list[T]:
    """Return up to `count` different values; popular ones are chosen more often."""
    chosen = rng.choices(ranked.values, cum_weights=ranked.cumulative_weights, k=count)
    return list(dict.fromkeys(chosen))


def _sentence(rng: Random) -> str:
    return (
        f"The {rng.choice(QUALITIES)} {rng.choice(NOUNS)} {rng.choice(VERBS)} what the "
        f"{rng.choice(QUALITIES)} {rng.choice(NOUNS)} had {rng.choice(VERBS)}."
    )


def _place(rng: Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).title()


def _body(rng: Random) -> str:
    parts = []
    for heading in ("Prologue: A beginning", "Act I: The work", "Act II: The turn", "Epilogue"):
        parts.append(f"## {heading}")
        for _ in range(3):
            parts.append(" ".join(_sentence(rng) for _ in range(5)))
    return "\n\n".join(parts)
