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
from math import log

from django.db import connection
from django.utils import timezone

from stories.models import Story
from stories.models.tag import COUNTED_AT_MOST
from stories.models.visibility import PUBLIC_SQL

CARDS = 4
BY_FOUNDER = 3
WINDOW = 50

# One index range each, and never more than WINDOW rows.
AFTER = f"""SELECT story_id FROM stories_storyfounder
 WHERE founder_id = %(founder)s AND publish_at >= %(moment)s AND {PUBLIC_SQL}
 ORDER BY publish_at, story_id LIMIT {WINDOW}"""
BEFORE = f"""SELECT story_id FROM stories_storyfounder
 WHERE founder_id = %(founder)s AND publish_at < %(moment)s AND {PUBLIC_SQL}
 ORDER BY publish_at DESC, story_id DESC LIMIT {WINDOW}"""
TAGGED = f"""SELECT story_id FROM stories_storytag
 WHERE tag_id = %(tag)s AND {PUBLIC_SQL}
 ORDER BY publish_at DESC, story_id DESC LIMIT {WINDOW}"""

# The plus signs keep SQLite from walking through a whole founder or tag instead of the candidates.
QUERY = f"""
WITH candidate (story_id) AS ({{candidates}})
SELECT story_id, 'founder', founder_id, publish_at FROM stories_storyfounder
 WHERE story_id IN (SELECT story_id FROM candidate) AND +founder_id IN ({{founders}})
UNION ALL
SELECT story_id, 'tag', tag_id, publish_at FROM stories_storytag
 WHERE story_id IN (SELECT story_id FROM candidate) AND +tag_id IN ({{tags}})
UNION ALL
SELECT other_id, choice, position, publish_at
  FROM stories_relatedchoice JOIN stories_story ON stories_story.id = other_id
 WHERE story_id = %(story)s AND (choice = 'ban' OR ({PUBLIC_SQL}))
UNION ALL
SELECT * FROM (
  SELECT id, 'newest', 0, publish_at FROM stories_story
   WHERE {PUBLIC_SQL} ORDER BY publish_at DESC, id DESC LIMIT {WINDOW}
) AS newest
"""


@dataclass
class Candidate:
    """Another story, and what it shares with this one."""

    pk: int
    publish_at: datetime
    founders: set = field(default_factory=set)
    tags: set = field(default_factory=set)


def related_stories(story, founders, tags, now=None):
    """Return up to four public stories to read after this one, each with a `reason`.

    `founders` and `tags` are the story's own, the tags with `story_count` as
    `Tag.objects.with_counts()` has it. Makes three queries.
    """
    now = now or timezone.now()
    founders = {founder.pk: founder.name for founder in founders if founder.is_approved}
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
    with connection.cursor() as cursor:
        cursor.execute(*_compose(story, founders, tags, now))
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
    """Return QUERY with a window for each founder and tag, and its parameters."""
    as_stored = connection.ops.adapt_datetimefield_value
    parameters = {
        "story": story.pk,
        "now": as_stored(now),
        "moment": as_stored(story.publish_at or now),
        **{f"founder_{number}": key for number, key in enumerate(founders)},
        **{f"tag_{number}": key for number, key in enumerate(tags)},
    }
    of_founders = [f"%(founder_{number})s" for number in range(len(founders))]
    of_tags = [f"%(tag_{number})s" for number in range(len(tags))]
    windows = [
        *(w.replace("%(founder)s", name) for name in of_founders for w in (AFTER, BEFORE)),
        *(TAGGED.replace("%(tag)s", name) for name in of_tags),
    ]
    query = QUERY.format(
        candidates=" UNION ".join(f"SELECT * FROM ({w}) AS w" for w in windows) or "SELECT 0",
        founders=", ".join(of_founders) or "NULL",
        tags=", ".join(of_tags) or "NULL",
    )
    return query, parameters


def _aware(moment):
    """Return a time as the database gave it, with its zone; SQLite gives UTC without saying so."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
