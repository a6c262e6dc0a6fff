"""The page of a founder runs along the life: birth, stories at the moment they tell, death."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from founders.models import Founder, Venture
from stories.models import Story, StoryFounder
from stories_project.pagination import Page
from stories_project.text.years import year_in_words


@dataclass(frozen=True)
class Moment:
    """Something in a life: a story, or what is known about a year without one.

    `kind` is "birth", "venture", "story" or "death".
    """

    year: int
    kind: str
    place: str = ""
    story: Story | None = None
    venture: Venture | None = None


@dataclass(frozen=True)
class Year:
    """The moments of one year."""

    name: str
    moments: list[Moment]


@dataclass(frozen=True)
class LifePath:
    """One page of a life: its years, and then the stories that tell of no year."""

    years: list[Year]
    timeless: list[Story]


ORDER = ("birth", "venture", "story", "death")


def path_of(founder: Founder, ventures: Iterable[Venture], stories: Page[Story]) -> LifePath:
    """Return the LifePath of an approved founder, with one page of the stories in the life.

    Each event of the life stands on the page that has the stories around it.
    """
    told = [Moment(s.told_from, "story", story=s) for s in stories if s.told_from is not None]
    begin, end = _years_of(stories)
    events = _events(founder, ventures)
    known = [event for event in events if begin <= event.year < end]
    moments = sorted([*known, *told], key=lambda m: (m.year, ORDER.index(m.kind)))
    by_year = groupby(moments, key=lambda moment: moment.year)
    years = [Year(year_in_words(year), list(of_year)) for year, of_year in by_year]
    return LifePath(years, [story for story in stories if story.told_from is None])


def _events(founder: Founder, ventures: Iterable[Venture]) -> Iterable[Moment]:
    if founder.birth_year is not None:
        yield Moment(founder.birth_year, "birth", founder.birthplace)
    for venture in ventures:
        if venture.begins is not None:
            yield Moment(venture.begins, "venture", venture=venture)
    if founder.death_year is not None:
        yield Moment(founder.death_year, "death")


def _years_of(stories: Page[Story]) -> tuple[int, int]:
    """Return the first year that belongs to a page, and the first one after it.

    The first page begins before all years, and the last one that tells of years ends after them.
    """
    first, begin, end = next(iter(stories), None), -StoryFounder.NO_YEAR, StoryFounder.NO_YEAR
    if first and stories.number > 1:
        begin = StoryFounder.place_of(first.told_from)
    if stories.following:
        end = StoryFounder.place_of(stories.following.told_from)
    return begin, end
