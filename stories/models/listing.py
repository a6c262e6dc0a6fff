"""Where stories are listed, as the surrogate keys of the lists."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.utils import timezone

from stories.models.story_event import StoryEvent
from stories_project.page_cache import change_log, deliveries
from stories_project.page_cache.surrogate_keys import MISSING, SEARCH

if TYPE_CHECKING:
    from stories.models.story import Story

NEWEST, LEAD, TAGS, START_HERE = "newest", "lead", "tags", "start-here"
ALL_SERIES = "all-series"
# No page has this key: it says that there is another next transition.
SCHEDULE = "schedule"
# A story that is published before the transaction is committed is already on pages. Far longer than
# any transaction takes.
LONGEST_TRANSACTION = timedelta(minutes=5)


def stories_of_founder(pk: int) -> str:
    """Return the key of the list of a founder's stories."""
    return f"stories-of-founder-{pk}"


def stories_of_tag(pk: int) -> str:
    """Return the key of the list of a tag's stories."""
    return f"stories-of-tag-{pk}"


def stories_of_series(pk: int) -> str:
    """Return the key of the list of the stories of a series, in their order."""
    return f"stories-of-series-{pk}"


def stories_of_month(moment: datetime) -> str:
    """Return the key of the list of the stories that were published in the month of a moment."""
    return f"stories-of-month-{timezone.localtime(moment):%Y%m}"


@dataclass(frozen=True)
class Listing:
    """What decides in which lists a story stands, and where: the lists change when it changes."""

    publish_at: datetime | None
    unpublish_at: datetime | None
    is_lead: bool
    told_from: int | None
    founders: frozenset[int]
    tags: frozenset[int]
    series: frozenset[int] = frozenset()

    @classmethod
    def of(cls, story: "Story") -> Self:
        """Return the Listing of a stored story."""
        return cls(
            story.publish_at,
            story.unpublish_at,
            story.is_lead,
            story.told_from,
            frozenset(story.story_founders.order_by().values_list("founder_id", flat=True)),
            frozenset(story.story_tags.order_by().values_list("tag_id", flat=True)),
            frozenset(story.series_parts.order_by().values_list("series_id", flat=True)),
        )

    def is_public_at(self, moment: datetime) -> bool:
        """Whether readers see the story at a moment; `published_at` is the same rule in SQL."""
        has_begun = self.publish_at is not None and self.publish_at <= moment
        return has_begun and (self.unpublish_at is None or self.unpublish_at > moment)

    @property
    def keys(self) -> set[str]:
        """The keys of the lists; none for a draft, which no reader sees in any list."""
        if self.publish_at is None:
            return set()
        return {
            *map(stories_of_founder, self.founders),
            *map(stories_of_tag, self.tags),
            *map(stories_of_series, self.series),
            *([LEAD] if self.is_lead else []),
            *([ALL_SERIES] if self.series else []),
            *(NEWEST, TAGS, stories_of_month(self.publish_at)),
        }


def keys_of_change(story: "Story", before: Listing | None, after: Listing | None) -> set[str]:
    """Return the keys of what readers see change with a story; none if it was and is a draft.

    None means that there was no story before, or that there is none afterwards.
    """
    lists = set().union(*(listing.keys for listing in (before, after) if listing))
    if not lists:
        return set()
    return {story.surrogate_key, SEARCH, MISSING, *(lists if before != after else ())}


def record_change(story: "Story", before: Listing | None, after: Listing | None) -> None:
    """Write a change of a story to the change log, in the transaction that makes it.

    What will change by itself later is planned for the services that are told of it.
    """
    keys = keys_of_change(story, before, after)
    if keys:
        now = timezone.now()
        is_shown = any(
            listing and listing.publish_at and listing.publish_at <= now + LONGEST_TRANSACTION
            for listing in (before, after)
        )
        # What no reader sees yet changes no page, but perhaps the next transition.
        change_log.record(*(keys if is_shown else {SCHEDULE}))
        listings = [listing for listing in (before, after) if listing and listing.is_public_at(now)]
        event = event_of_change(story, before, after, now)
        deliveries.ping(keys_of_public_change(story, listings), event.key if event else None)
        plan_transitions(story, after, now)


def event_of_change(
    story: "Story", before: Listing | None, after: Listing | None, now: datetime
) -> StoryEvent | None:
    """Return what happens to a story for readers with a change; None if they see none of it."""
    was_public = before is not None and before.is_public_at(now)
    is_public = after is not None and after.is_public_at(now)
    if is_public:
        name = StoryEvent.Name.UPDATED if was_public else StoryEvent.Name.PUBLISHED
        return StoryEvent(name, story.pk, now)
    return StoryEvent(StoryEvent.Name.WITHDRAWN, story.pk, now) if was_public else None


def plan_transitions(story: "Story", listing: Listing | None, now: datetime) -> None:
    """Plan to tell what will change by itself with a story; None stands for a removed one."""
    transitions = _transitions(story, listing, now)
    events = {
        at: StoryEvent(
            StoryEvent.Name.PUBLISHED
            if listing and at == listing.publish_at
            else StoryEvent.Name.WITHDRAWN,
            story.pk,
            at,
        ).key
        for at in transitions
    }
    deliveries.plan(story.surrogate_key, transitions, events)


def keys_of_public_change(story: "Story", listings: list[Listing]) -> set[str]:
    """Return the keys of a story and of its lists; none if it stands in no list of readers."""
    lists = set().union(*(listing.keys for listing in listings))
    return {story.surrogate_key, *lists} if lists else set()


def _transitions(
    story: "Story", listing: Listing | None, now: datetime
) -> dict[datetime, set[str]]:
    """Return the keys of what changes by itself with a story after now, by the time."""
    moments = (listing.publish_at, listing.unpublish_at) if listing else ()
    keys = keys_of_change(story, None, listing)
    return {moment: keys for moment in moments if moment and moment > now}
