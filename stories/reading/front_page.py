"""What the front page shows: each story once, in the first place that it has a right to."""

from dataclasses import dataclass
from itertools import chain, islice

from founders.models import Founder
from stories.models import StartHere, Story, Tag
from stories.models.story_query import StoryQuerySet, load_founders
from stories.models.tag import by_count

SECOND_TIER, REST = 3, 6
FOUNDERS, TAGS = 6, 12


@dataclass(frozen=True)
class FrontPage:
    """The lead, those beside it, those to start with, the rest; and whom and what they are about.

    `lead` is None as long as nothing is published. `tags` have a `story_count`.
    """

    lead: Story | None
    second: list[Story]
    start_here: list[Story]
    rest: list[Story]
    founders: list[Founder]
    tags: list[Tag]


def front_page() -> FrontPage:
    """Return what the front page shows now, in five queries.

    A story that leads is not also recommended, and one that is recommended is not also new.
    """
    public = Story.objects.published().only(*StoryQuerySet.ON_CARDS)
    most = 1 + SECOND_TIER + REST + StartHere.MOST
    newest = list(public.newest_first()[:most])
    lead = public.leading().first() or next(iter(newest), None)
    start_here = [story for story in public.to_start_with() if story != lead]
    left = (story for story in newest if story != lead and story not in start_here)
    second, rest = list(islice(left, SECOND_TIER)), list(islice(left, REST))
    shown = [*([lead] if lead else []), *second, *start_here, *rest]
    load_founders(shown)
    return FrontPage(lead, second, start_here, rest, _founders(shown), _tags())


def _founders(shown: list[Story]) -> list[Founder]:
    """Return the first approved founders of these stories."""
    named = dict.fromkeys(chain.from_iterable(story.founders for story in shown))
    return [founder for founder in named if founder.is_approved][:FOUNDERS]


def _tags() -> list[Tag]:
    return by_count(list(Tag.objects.in_use().with_counts().most_used()[:TAGS]))
