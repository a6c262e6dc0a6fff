"""Continue your journey: which stories stand below a story, and why.

Pinned stories come first. Then up to three that share founders (more founders first, then more
tags, then nearest in time), then others that share tags, weighted by rarity, the newest first among
equals. If one side is short the other fills in, and the newest stories fill what is left.

The cost is constant: each founder and each tag brings at most `WINDOW` candidates, read from the
index that has them in order of time. A founder brings those nearest in time to this story, a tag
the newest. Whoever is on fewer stories than that is weighed exactly.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from math import log

from django.db import connection
from django.db.models import Q, Value
from django.utils import timezone

from stories.models import RelatedChoice, Story, StoryFounder, StoryTag
from stories.query import COUNTED_AT_MOST, published_at

CARDS = 4
BY_FOUNDER = 3
WINDOW = 50

# The plus signs keep SQLite from walking through a whole tag or founder instead of the candidates.
QUERY = """
WITH candidate (story_id) AS ({candidates})
SELECT story_id, 'founder', founder_id, publish_at FROM stories_storyfounder
 WHERE story_id IN (SELECT story_id FROM candidate) AND +founder_id IN ({founders})
UNION ALL
SELECT story_id, 'tag', tag_id, publish_at FROM stories_storytag
 WHERE story_id IN (SELECT story_id FROM candidate) AND +tag_id IN ({tags})
UNION ALL SELECT * FROM ({choices}) AS choices
UNION ALL SELECT * FROM ({newest}) AS newest
"""


@dataclass
class Candidate:
    """Another story, and what it shares with this one."""

    pk: int
    publish_at: datetime
    founders: set = field(default_factory=set)
    tags: set = field(default_factory=set)


def related_stories(story, tags, now=None):
    """Return up to four public stories to read after this one, each with a `reason`.

    `tags` are the story's own with `story_count` (`Tag.objects.of(story).with_counts()`). Makes
    three queries besides loading the story's founders.
    """
    now = now or timezone.now()
    founders = {founder.pk: founder.name for founder in story.founders if founder.is_approved}
    weights = {tag.pk: rarity(tag.story_count) for tag in tags}
    pins, candidates, newest = _read(story, list(founders), list(weights), now)
    reasons = dict.fromkeys(pins, "Chosen by the editors")
    for candidate in _in_order(candidates, weights, story.publish_at or now, CARDS - len(pins)):
        reasons.setdefault(candidate.pk, _reason(candidate, founders, weights, tags))
    for pk in newest:
        reasons.setdefault(pk, "Among the newest")
    keys = list(reasons)[:CARDS]
    cards = Story.objects.published(now).for_cards().in_bulk(keys)
    for pk, card in cards.items():
        card.reason = reasons[pk]
    return [cards[pk] for pk in keys if pk in cards]


def rarity(story_count):
    """Return the weight of a shared tag: on two stories it says more than on two hundred.

    The inverse document frequency of Spärck Jones (1972), bounded as the counts are.
    """
    return log(1 + COUNTED_AT_MOST / max(1, story_count))


def _in_order(candidates, weights, moment, places):
    """Return the candidates as they follow the pins, when so many places are left."""
    by_founder = sorted(
        (c for c in candidates if c.founders),
        key=lambda c: (-len(c.founders), -len(c.tags), abs(c.publish_at - moment), -c.pk),
    )
    by_tag = sorted(
        (c for c in candidates if not c.founders),
        key=lambda c: (-sum(weights[tag] for tag in c.tags), moment - c.publish_at, -c.pk),
    )
    of_founders = max(min(BY_FOUNDER, places), places - len(by_tag))
    return by_founder[:of_founders] + by_tag + by_founder[of_founders:]


def _reason(candidate, founders, weights, tags):
    if candidate.founders:
        names = [name for pk, name in founders.items() if pk in candidate.founders]
        return f"Also about {' and '.join(names)}"
    shared = [tag for tag in tags if tag.pk in candidate.tags]
    return f"Also on {max(shared, key=lambda tag: weights[tag.pk]).name}"


def _read(story, founders, tags, now):
    """Return keys of pinned stories, the Candidates, and keys of the newest stories."""
    query, parameters = _compose(story, founders, tags, now)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows = cursor.fetchall()
    chosen = {pk: (kind, position) for pk, kind, position, _ in rows if kind in ("pin", "ban")}
    pins = sorted((position, pk) for pk, (kind, position) in chosen.items() if kind == "pin")
    newest, candidates = [], {}
    for pk, kind, key, publish_at in rows:
        if pk in chosen or pk == story.pk:
            continue
        if kind == "newest":
            newest.append(pk)
        else:
            candidate = candidates.setdefault(pk, Candidate(pk, _aware(publish_at)))
            (candidate.founders if kind == "founder" else candidate.tags).add(key)
    return [pk for _, pk in pins[:CARDS]], list(candidates.values()), newest


def _compose(story, founders, tags, now):
    """Return QUERY with its parts filled in, and its parameters."""
    windows = _windows(founders, tags, story.publish_at or now, now)
    candidates = [window.query.sql_with_params() for window in windows]
    choices, choice_parameters = (
        RelatedChoice.objects.filter(published_at(now, "other__") | Q(choice="ban"), story=story)
        .order_by()
        .values_list("other_id", "choice", "position", "other__publish_at")
        .query.sql_with_params()
    )
    newest, newest_parameters = (
        Story.objects.published(now)
        .newest_first()
        .values_list("pk", Value("newest"), Value(0), "publish_at")[:WINDOW]
        .query.sql_with_params()
    )
    query = QUERY.format(
        candidates=" UNION ".join(f"SELECT * FROM ({sql}) AS w" for sql, _ in candidates)  # noqa: S608
        or "SELECT 0",
        founders=", ".join(["%s"] * len(founders)) or "NULL",
        tags=", ".join(["%s"] * len(tags)) or "NULL",
        choices=choices,
        newest=newest,
    )
    of_candidates = chain.from_iterable(parameters for _, parameters in candidates)
    return query, [*of_candidates, *founders, *tags, *choice_parameters, *newest_parameters]


def _windows(founders, tags, moment, now):
    """Yield the querysets of candidates: one index range each, and never more than WINDOW rows."""
    about = StoryFounder.objects.published(now).values("story_id")
    for founder in founders:
        rows = about.filter(founder=founder)
        yield rows.filter(publish_at__gte=moment).order_by("publish_at", "story_id")[:WINDOW]
        yield rows.filter(publish_at__lt=moment).order_by("-publish_at", "-story_id")[:WINDOW]
    tagged = StoryTag.objects.published(now).order_by("-publish_at", "-content_object_id")
    for tag in tags:
        yield tagged.filter(tag=tag).values("content_object_id")[:WINDOW]


def _aware(moment):
    """Return a time as the database gave it, with its zone; SQLite gives UTC without saying so."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
