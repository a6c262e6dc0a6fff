"""Continue your journey: choose up to four stories to show below a story, each with a reason.

1. Stories that an editor has pinned.
2. Up to three stories about the same founders: first those with more shared founders, then with
   more shared tags, then those nearest in time.
3. Stories with the same tags: a rare tag counts more, and among equals the newest comes first.

If there are too few stories with shared tags, more stories about the founders fill their places.
The newest stories fill what is still empty. An editor can also ban a story from this list.

`stories.reading.candidates` says which stories are considered.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import blake2b
from math import log
from typing import NamedTuple, Protocol

from django.db.models import BigIntegerField, DateTimeField
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, pgettext

from founders.models import Founder
from stories.models import Story, Tag
from stories.models.listing import NEWEST, stories_of_founder, stories_of_tag
from stories.models.story_query import load_founders
from stories.models.tag import COUNTED_AT_MOST
from stories.reading.candidates import Candidate, read_choices
from stories.reading.life import LifeStep, Place
from stories_project.page_cache.surrogate_keys import note_choice
from stories_project.prepared import Prepared

CARDS = 4
BY_FOUNDER = 3


class CountedTag(Protocol):
    """A tag as `Tag.objects.with_counts()` loads it."""

    pk: int
    name: str
    story_count: int


class RelatedStory(NamedTuple):
    """A story to read next, and why it was chosen, in words for the reader."""

    story: Story
    reason: str


class Reason(NamedTuple):
    """Why a story was chosen, in no language yet: a sentence of the catalogue, and its names."""

    sentence: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the sentence for the reader, in the active language."""
        names = f" {pgettext('before the last of several names', 'and')} ".join(self.names)
        return gettext(self.sentence) % {"names": names}


BY_EDITORS = Reason(gettext_noop("Chosen by the editors"))
IS_NEW = Reason(gettext_noop("Among the newest"))
SAME_FOUNDERS, SAME_TAG = gettext_noop("Also about %(names)s"), gettext_noop("Also on %(names)s")


class Chosen(NamedTuple):
    """The primary keys of the related stories with their reasons, the first first.

    `places` are those of the story in the lives of its founders.
    They may have to be chosen again after a change of what the surrogate keys in `depends_on`
    stand for.
    """

    reasons: dict[int, Reason]
    depends_on: set[str]
    places: list[Place]

    @property
    def digest(self) -> bytes:
        """Sixteen bytes that differ if anything differs."""
        shown = repr((list(self.reasons.items()), sorted(self.depends_on), self.places))
        return blake2b(shown.encode(), digest_size=16).digest()


class Journey(NamedTuple):
    """Where a reader may go on: the related stories, and the steps in the founders' lives."""

    related: list[RelatedStory]
    lives: list[LifeStep]


def related_stories(
    story: Story,
    founders: Iterable[Founder],
    tags: Sequence[CountedTag],
    now: datetime | None = None,
) -> list[RelatedStory]:
    """Return up to four public stories to read after this one, in three queries.

    `founders` and `tags` are those of the story.
    """
    return journey_from(story, founders, tags, now).related


def journey_from(
    story: Story,
    founders: Iterable[Founder],
    tags: Sequence[CountedTag],
    now: datetime | None = None,
) -> Journey:
    """Return the Journey from a story with these founders and tags, in three queries."""
    now = now or timezone.now()
    approved = {founder.pk: founder for founder in founders if founder.is_approved}
    names = {pk: founder.name for pk, founder in approved.items()}
    chosen = choose(story, names, tags, now)
    if story.pk:
        # A kept page holds this in memory: without the story's text, and a hash of what was chosen.
        moments = (story.publish_at, story.told_from)
        subject = (story.pk, moments, tuple(names.items()), chosen.digest)
        note_choice(chosen.depends_on, partial(_chooses_the_same, *subject))
    neighbours = [pk for place in chosen.places for pk in place.neighbours]
    stories = read_cards(list({**chosen.reasons, **dict.fromkeys(neighbours)}), now)
    related = [
        RelatedStory(stories[pk], str(why)) for pk, why in chosen.reasons.items() if pk in stories
    ]
    return Journey(related, [_step(approved, stories, place) for place in chosen.places])


def _step(founders: Mapping[int, Founder], stories: Mapping[int, Story], place: Place) -> LifeStep:
    before, after = (stories.get(pk or 0) for pk in (place.previous, place.next))
    return LifeStep(founders[place.founder], before, after, place.number, place.total)


def choose(
    story: Story, names: dict[int, str], tags: Sequence[CountedTag], now: datetime
) -> Chosen:
    """Choose the stories to read after this one, whose approved founders have these `names`."""
    weights = {tag.pk: rarity(tag.story_count) for tag in tags}
    choices = read_choices(story, list(names), list(weights), now)
    reasons = dict.fromkeys(choices.pins[:CARDS], BY_EDITORS)
    places = CARDS - len(reasons)
    best = _sort(choices.candidates, weights, (story.publish_at or now).timestamp(), places)
    for candidate in best[:places]:
        reasons.setdefault(candidate.pk, _reason(candidate, names, weights, tags))
    depends_on = {*map(stories_of_founder, names), *map(stories_of_tag, weights)}
    depends_on |= {Story.key_of(pk) for pk in choices.unpublished_pins}
    if len(reasons) < CARDS:
        depends_on.add(NEWEST)
    for pk in choices.newest:
        reasons.setdefault(pk, IS_NEW)
    return Chosen(dict(list(reasons.items())[:CARDS]), depends_on, choices.places)


def _chooses_the_same(
    pk: int,
    moments: tuple[datetime | None, int | None],
    names: tuple[tuple[int, str], ...],
    digest: bytes,
) -> bool:
    publish_at, told_from = moments
    now, story = timezone.now(), Story(pk=pk, publish_at=publish_at, told_from=told_from)
    return choose(story, dict(names), read_tags(story, now), now).digest == digest


def read_tags(story: Story, now: datetime) -> list[Tag]:
    """Return the tags of a story with the number of their public stories, in one query."""
    return _tags(story=story.pk, now=now)


_tags = Prepared(
    lambda story, now: Tag.objects.of(story).with_counts(now),
    story=BigIntegerField(),
    now=DateTimeField(),
)
_cards = Prepared(
    lambda keys, now: Story.objects.published(now).for_cards().filter(pk__in=keys),
    keys=BigIntegerField(),
    now=DateTimeField(),
)


def read_cards(keys: list[int], now: datetime) -> dict[int, Story]:
    """Return {primary key: story} for the public ones of these stories, in two queries."""
    stories = _cards(keys=keys, now=now) if keys else []
    load_founders(stories)
    return {story.pk: story for story in stories}


def rarity(story_count: int) -> float:
    """Return the weight of a tag that is on so many public stories: the rarer, the heavier.

    This is the inverse document frequency of Spärck Jones (1972). As `story_count` stops at
    COUNTED_AT_MOST, all tags on more stories than that weigh the same.
    """
    return log(1 + COUNTED_AT_MOST / max(1, story_count))


def _sort(
    candidates: list[Candidate], weights: dict[int, float], moment: float, places: int
) -> list[Candidate]:
    """Return the candidates, best first, for a number of places that the pins have left."""
    by_founder = sorted(
        (c for c in candidates if c.founders),
        key=lambda c: (-len(c.founders), -len(c.tags), abs(c.published - moment), -c.pk),
    )
    by_tag = sorted(
        (c for c in candidates if not c.founders),
        key=lambda c: (-sum(map(weights.__getitem__, c.tags)), -c.published, -c.pk),
    )
    founder_places = max(min(BY_FOUNDER, places), places - len(by_tag))
    return by_founder[:founder_places] + by_tag + by_founder[founder_places:]


def _reason(
    candidate: Candidate,
    names: dict[int, str],
    weights: dict[int, float],
    tags: Sequence[CountedTag],
) -> Reason:
    if candidate.founders:
        shared_names = (name for pk, name in names.items() if pk in candidate.founders)
        return Reason(SAME_FOUNDERS, tuple(shared_names))
    shared_tags = [tag for tag in tags if tag.pk in candidate.tags]
    return Reason(SAME_TAG, (max(shared_tags, key=lambda tag: weights[tag.pk]).name,))
