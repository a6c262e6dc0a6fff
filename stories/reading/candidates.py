"""The stories that may stand below a story, read from the database in one bounded query.

Its cost does not grow with the site. For each founder and each tag, one index scan returns at most
`WINDOW` stories: for a founder those nearest in time to this one, for a tag the newest.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from stories.models import Story, StoryFounder
from stories.models.visibility import PUBLIC_SQL
from stories.reading import life
from stories_project.prepared import preparing_cursor

WINDOW = 50
# As many as can be needed: four of the newest, of which three may have been chosen already.
NEWEST = 7
# What an editor has chosen: never, always, and always from its publication on.
CHOSEN = ("ban", "pin", "unpublished")
REMEMBERED = 10_000
STEPS = (life.PREVIOUS, life.NEXT, life.PLACE)


@dataclass(slots=True)
class Candidate:
    """Another public story, and the founders and tags that it shares with this one.

    `published` is the time of publication in seconds since 1970.
    """

    pk: int
    published: float
    founders: set[int] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)


class Choices(NamedTuple):
    """What the database offers: primary keys of pinned and of the newest stories, and candidates.

    Pinned stories are in the editor's order; those that are not public are apart. Stories that an
    editor has banned are left out. `places` says where the story stands in its founders' lives.
    """

    pins: list[int]
    unpublished_pins: list[int]
    candidates: list[Candidate]
    newest: list[int]
    places: list[life.Place]


def read_choices(story: Story, founders: list[int], tags: list[int], now: datetime) -> Choices:
    """Return the Choices for a story with these founders and tags (primary keys), in one query."""
    with preparing_cursor() as cursor:
        cursor.execute(_sql(len(founders), len(tags)), _parameters(story, founders, tags, now))
        found = cursor.fetchall()
    rows = [row for row in found if row[1] not in STEPS]
    chosen = {pk: (kind, position) for pk, kind, position, _ in rows if kind in CHOSEN}
    pins = sorted((position, pk) for pk, (kind, position) in chosen.items() if kind == "pin")
    unpublished = [pk for pk, (kind, _) in chosen.items() if kind == "unpublished"]
    left_out = {story.pk, *chosen}
    newest: list[int] = []
    candidates: dict[int, Candidate] = {}
    for pk, kind, key, published in rows:
        if pk in left_out:
            continue
        if kind == "newest":
            newest.append(pk)
        else:
            if (candidate := candidates.get(pk)) is None:
                candidate = candidates[pk] = Candidate(pk, _seconds(published))
            (candidate.founders if kind == "founder" else candidate.tags).add(key)
    places = life.places_in(row for row in found if row[1] in STEPS)
    return Choices([pk for _, pk in pins], unpublished, list(candidates.values()), newest, places)


def _parameters(
    story: Story, founders: list[int], tags: list[int], now: datetime
) -> dict[str, Any]:
    as_stored = connection.ops.adapt_datetimefield_value
    return {
        "story": story.pk or 0,
        "now": as_stored(now),
        "moment": as_stored(story.publish_at or now),
        "told": StoryFounder.place_of(story.told_from),
        **{f"founder_{number}": key for number, key in enumerate(founders)},
        **{f"tag_{number}": key for number, key in enumerate(tags)},
    }


def _sql(founder_count: int, tag_count: int) -> str:
    """Return the query for a story with so many founders and tags.

    Its rows are (primary key of a story, kind, key or position, time of publication). The plus
    signs keep SQLite from reading all stories of a founder or a tag instead of the candidates only.
    """
    founders = [f"%(founder_{number})s" for number in range(founder_count)]
    tags = [f"%(tag_{number})s" for number in range(tag_count)]
    windows = [window for founder in founders for window in _founder_windows(founder)]
    windows += [_tag_window(tag) for tag in tags]
    # Python would need longer to read hundreds of times than PostgreSQL to make them numbers.
    published = (
        "CAST(EXTRACT(EPOCH FROM publish_at) AS double precision)"
        if connection.vendor == "postgresql"
        else "CAST(publish_at AS text)"
    )
    # From a subquery, PostgreSQL would make a join, and read all rows of a small table.
    of_candidates = (
        "story_id = ANY (ARRAY (SELECT story_id FROM candidate))"
        if connection.vendor == "postgresql"
        else "story_id IN (SELECT story_id FROM candidate)"
    )
    # SQLite allows ORDER BY and LIMIT in a part of a UNION only inside a subquery.
    candidates = " UNION ".join(f"SELECT * FROM ({window}) AS w" for window in windows)
    steps = "".join(
        f"UNION ALL {step}\n" for step in life.life_sql(founders[: life.FOUNDERS], published)
    )
    return f"""
WITH candidate (story_id) AS ({candidates or "SELECT 0"})
SELECT story_id, 'founder', founder_id, {published} FROM stories_storyfounder
 WHERE {of_candidates} AND +founder_id IN ({", ".join(founders) or "NULL"})
UNION ALL
SELECT story_id, 'tag', tag_id, {published} FROM stories_storytag
 WHERE {of_candidates} AND +tag_id IN ({", ".join(tags) or "NULL"})
UNION ALL
SELECT other_id, CASE WHEN choice = 'ban' OR ({PUBLIC_SQL}) THEN choice ELSE 'unpublished' END,
       position, {published}
  FROM stories_relatedchoice JOIN stories_story ON stories_story.id = other_id
 WHERE story_id = %(story)s
UNION ALL
SELECT * FROM (
  SELECT id, 'newest', 0, {published} FROM stories_story
   WHERE {PUBLIC_SQL} AND id <> %(story)s AND id NOT IN (
     SELECT other_id FROM stories_relatedchoice WHERE story_id = %(story)s
   )
   ORDER BY publish_at DESC, id DESC LIMIT {NEWEST}
) AS newest
{steps}"""


def _founder_windows(founder: str) -> list[str]:
    """Return SQL for the stories just after and just before this one; `founder` is a parameter."""
    stories = f"""SELECT story_id FROM stories_storyfounder
 WHERE founder_id = {founder} AND {PUBLIC_SQL}"""
    return [
        f"{stories} AND publish_at >= %(moment)s ORDER BY publish_at, story_id LIMIT {WINDOW}",
        f"{stories} AND publish_at < %(moment)s"
        f" ORDER BY publish_at DESC, story_id DESC LIMIT {WINDOW}",
    ]


def _tag_window(tag: str) -> str:
    """Return SQL for the newest stories of a tag; `tag` is a parameter."""
    return f"""SELECT story_id FROM stories_storytag
 WHERE tag_id = {tag} AND {PUBLIC_SQL}
 ORDER BY publish_at DESC, story_id DESC LIMIT {WINDOW}"""


@lru_cache(REMEMBERED)
def _seconds(moment: float | str) -> float:
    """Return a time from the database in seconds; SQLite returns it in UTC, as a text.

    The same stories are candidates again and again, so the numbers are remembered.
    """
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    return moment
