"""Synthetic stories in any number, to measure speed with.

The popularity of founders and tags follows a power law (Zipf's: the n-th is chosen 1/n as often as
the first), as it does on real sites: some tags are on thousands of stories, most on a few.
"""

from datetime import timedelta
from itertools import accumulate
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from founders.models import Founder
from stories.models import Source, Story, StoryFounder, StorySearch, StoryTag, Tag, Takeaway
from stories.search.indexing import columns, learn
from stories_project.text import markdown
from stories_project.text.words import tokens_in

CHUNK = 2000
BODIES = 40
MOST_PLACES = 20_000
SYLLABLES = "ba den fel gor hil kam lor mun nev or pas quin rov sel tam ul vor wen yar zel".split()
YEARS = 10
SLUG = "synthetic-{:07}"
NOUNS = ("loom", "ledger", "kiln", "patent", "workshop", "harbor", "lamp", "bridge", "press")
VERBS = ("built", "sold", "repaired", "borrowed", "carried", "counted", "closed", "opened")
QUALITIES = ("quiet", "stubborn", "narrow", "patient", "second", "borrowed", "last", "new")


def count_synthetic():
    """Return how many synthetic stories there are."""
    return Story.objects.filter(slug__startswith="synthetic-").count()


class Bulk:
    """Fills a site up to a number of synthetic stories; stopped, it goes on where it was."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.now = timezone.now()

    def make_missing(self):
        """Make the stories in chunks, one transaction each; yield the size of each chunk."""
        start = count_synthetic()
        if start >= self.wanted:
            return
        self._prepare()
        for first in range(start, self.wanted, CHUNK):
            numbers = range(first, min(first + CHUNK, self.wanted))
            with transaction.atomic():
                self._make(numbers, Random(first))  # noqa: S311  sample data, not a secret
            yield len(numbers)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _prepare(self):
        chance = Random(0)  # noqa: S311
        self.founders = _by_popularity(self._make_founders(max(20, self.wanted // 50)))
        self.tags = _by_popularity(self._make_tags(max(40, self.wanted // 20)))
        sources = [_body(chance) for _ in range(BODIES)]
        self.bodies = [(source, markdown.render(source)) for source in sources]
        self.tokens = {text: tokens_in(text) for text, _ in self.bodies}
        places = {_place(chance): None for _ in range(min(MOST_PLACES, self.wanted // 5))}
        self.places = _by_popularity(list(places) or [_place(chance)])
        learn("\n".join(sources))
        for start in range(0, len(places), CHUNK):
            learn("\n".join(list(places)[start : start + CHUNK]))

    def _make_founders(self, count):
        Founder.objects.bulk_create(
            (
                Founder(
                    name=f"Synthetic Founder {number}",
                    slug=f"synthetic-founder-{number}",
                    headline="Made by the demo to measure speed with",
                    status=Founder.Status.APPROVED,
                )
                for number in range(count)
            ),
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
        made = Founder.objects.filter(slug__startswith="synthetic-founder-").order_by("pk")
        return list(made.values_list("pk", flat=True))

    def _make_tags(self, count):
        Tag.objects.bulk_create(
            (
                Tag(name=f"Synthetic tag {number}", slug=f"synthetic-tag-{number}")
                for number in range(count)
            ),
            batch_size=CHUNK,
            ignore_conflicts=True,
        )
        made = Tag.objects.filter(slug__startswith="synthetic-tag-").order_by("pk")
        return list(made.values_list("pk", flat=True))

    def _make(self, numbers, chance):
        stories = Story.objects.bulk_create(self._story(number, chance) for number in numbers)
        rows = {Takeaway: [], Source: [], StoryFounder: [], StoryTag: [], StorySearch: []}
        for story in stories:
            times = {"publish_at": story.publish_at, "unpublish_at": story.unpublish_at}
            founders = _some(chance, chance.choice((1, 1, 1, 2)), *self.founders)
            tags = _some(chance, chance.randint(2, 5), *self.tags)
            takeaways = [_sentence(chance) for _ in range(3)]
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
            summary = "\n".join([story.excerpt, *takeaways])
            found_by = columns(story.title, summary, "", founders, tags)
            found_by["body"] = self.tokens[story.body]
            rows[StorySearch].append(StorySearch(story=story, **times, **found_by))
        for model, instances in rows.items():
            model.objects.bulk_create(instances)

    def _story(self, number, chance):
        source, rendering = chance.choice(self.bodies)
        publish_at, unpublish_at = self._times(chance)
        return Story(
            title=f"The {chance.choice(QUALITIES)} {chance.choice(NOUNS)}, part {number + 1}",
            slug=SLUG.format(number + 1),
            excerpt=f"{_sentence(chance)} It began in {_some(chance, 1, *self.places)[0]}.",
            body=source,
            publish_at=publish_at,
            unpublish_at=unpublish_at,
            **Story.stored(rendering),
        )

    def _times(self, chance):
        """Return publish_at and unpublish_at: of a hundred, one draft, one to come, one gone."""
        fate = chance.randrange(100)
        minutes = timedelta(minutes=chance.randrange(YEARS * 365 * 24 * 60))
        if fate == 0:
            return None, None
        if fate == 1:
            return self.now + minutes / YEARS / 12 + timedelta(hours=1), None
        if fate == 2:
            return self.now - 2 * minutes - timedelta(minutes=2), self.now - minutes
        return self.now - minutes, None


def _by_popularity(keys):
    """Return the keys with their cumulative weights by Zipf's law."""
    return keys, list(accumulate(1 / rank for rank in range(1, len(keys) + 1)))


def _some(chance, count, keys, weights):
    """Return up to so many different keys."""
    return list(dict.fromkeys(chance.choices(keys, cum_weights=weights, k=count)))


def _sentence(chance):
    return (
        f"The {chance.choice(QUALITIES)} {chance.choice(NOUNS)} {chance.choice(VERBS)} what the "
        f"{chance.choice(QUALITIES)} {chance.choice(NOUNS)} had {chance.choice(VERBS)}."
    )


def _place(chance):
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()


def _body(chance):
    parts = []
    for heading in ("Prologue: A beginning", "Act I: The work", "Act II: The turn", "Epilogue"):
        parts.append(f"## {heading}")
        for _ in range(3):
            parts.append(" ".join(_sentence(chance) for _ in range(5)))
    return "\n\n".join(parts) + "\n"
