"""Where a story stands in the lives of its founders: what comes before it and after it.

The rows come with the candidates for the related stories, in one query.
"""

from collections.abc import Iterable
from typing import NamedTuple

from founders.models import Founder
from stories.models import Story
from stories.models.visibility import PUBLIC_SQL

# A story shows its place in the lives of so many founders.
FOUNDERS = 2
# Longer lives have no numbers: counting stops here.
MOST_COUNTED = 200
PREVIOUS, NEXT, PLACE = "previous", "next", "place"
# As `candidates._sql` returns it: a key or a number, the kind, the founder, and a total or a time.
Row = tuple[int, str, int, float | str]


class Place(NamedTuple):
    """The place of a story among the public ones of a founder, all by primary keys.

    `total` is 0 if there are more than MOST_COUNTED.
    """

    founder: int
    previous: int | None
    next: int | None
    number: int
    total: int

    @property
    def neighbours(self) -> list[int]:
        """The stories before and after."""
        return [pk for pk in (self.previous, self.next) if pk]


class LifeStep(NamedTuple):
    """What a story's page shows of its place in a life: its neighbours, and "2 of 5"."""

    founder: Founder
    previous: Story | None
    next: Story | None
    number: int
    total: int


def life_sql(founders: list[str], time: str) -> list[str]:
    """Return SELECTs for the neighbours and the place of a story; `founders` are parameters.

    Each reads one range of the index `story_founder_life`. `time` is an expression of the type of
    the last column.
    """
    order = "told_order {0}, publish_at {0}, story_id {0}"
    here = "(told_order, publish_at, story_id) {} (%(told)s, %(moment)s, %(story)s)"
    selects = []
    for founder in founders:
        public = f"FROM stories_storyfounder WHERE founder_id = {founder} AND {PUBLIC_SQL}"
        before, after = f"{public} AND {here.format('<')}", f"{public} AND {here.format('>')}"
        selects += [
            f"SELECT * FROM (SELECT story_id, '{kind}', founder_id, {time} {rows}"
            f" ORDER BY {order.format(direction)} LIMIT 1) AS step"
            for kind, rows, direction in ((PREVIOUS, before, "DESC"), (NEXT, after, "ASC"))
        ]
        counts = [
            f"(SELECT COUNT(*) FROM (SELECT 1 {rows} LIMIT {MOST_COUNTED + 1}) AS counted)"
            for rows in (before, public)
        ]
        selects.append(f"SELECT {counts[0]}, '{PLACE}', {founder}, {counts[1]}")
    return selects


def places_in(rows: Iterable[Row]) -> list[Place]:
    """Return the Places that the rows of `life_sql` mean, without lives of a single story."""
    by_founder: dict[int, dict[str, tuple[int, float | str]]] = {}
    for pk, kind, founder, value in rows:
        by_founder.setdefault(founder, {})[kind] = (pk, value)
    places = []
    for founder, found in by_founder.items():
        before, total = found[PLACE]
        previous, following = (
            found[kind][0] if kind in found else None for kind in (PREVIOUS, NEXT)
        )
        count = int(total)
        if previous or following:
            shown = count if count <= MOST_COUNTED else 0
            places.append(Place(founder, previous, following, before + 1, shown))
    return places
