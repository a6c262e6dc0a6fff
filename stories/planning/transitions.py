"""Transitions: the times at which a story changes for readers without anybody acting."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from stories.models import ScheduledUpdate, Story, StoryContent
from stories.models.listing import Listing, keys_of_change
from stories.planning.scheduling import watch
from stories_project.page_cache.freshness import Passed
from stories_project.page_cache.surrogate_keys import with_kinds
from stories_project.publication.current import in_its_zone


@in_its_zone()
def passed(after: datetime, now: datetime) -> Passed:
    """Apply the due updates; return what has changed by itself after a moment, and what is next.

    This is the `Schedule` of the page cache.
    """
    watch.forget()
    watch.apply_due_updates(now)
    begun = Story.objects.filter(publish_at__gt=after, publish_at__lte=now)
    ended = Story.objects.filter(unpublish_at__gt=after, unpublish_at__lte=now)
    listings = {
        story: Listing.of(story) for stories in (begun, ended) for story in stories.for_listing()
    }
    changed = (keys_of_change(story, None, listing) for story, listing in listings.items())
    return Passed(with_kinds(key for keys in changed for key in keys), next_after(now))


def next_after(moment: datetime) -> datetime | None:
    """Return when the next story is published, updated or withdrawn after a moment, or None."""
    published = Story.objects.filter(publish_at__gt=moment).order_by("publish_at")
    withdrawn = Story.objects.filter(unpublish_at__gt=moment).order_by("unpublish_at")
    updated = ScheduledUpdate.objects.waiting().order_by("at")
    firsts = (
        published.values_list("publish_at", flat=True).first(),
        withdrawn.values_list("unpublish_at", flat=True).first(),
        updated.values_list("at", flat=True).first(),
    )
    return min((at for at in firsts if at), default=None)


@dataclass(frozen=True, order=True)
class Transition:
    """A time at which a story changes for readers, and what changes, in words."""

    at: datetime
    what: str


def transitions_of(
    times: Story | StoryContent, *, is_public: bool, update: ScheduledUpdate | None = None
) -> list[Transition]:
    """Return the future transitions of a story with these times, the soonest first.

    `is_public` is whether readers see the story now; `update` is its scheduled update.
    """
    is_waiting = update and update.failed_at is None
    moments = [
        (None if is_public else times.publish_at, _("Readers see the story")),
        (update.at if update and is_waiting else None, _("The scheduled changes go live")),
        (times.unpublish_at, _("The story is withdrawn")),
    ]
    now = timezone.now()
    return sorted(Transition(at, what) for at, what in moments if at and at > now)
