"""The calendar: when stories are published, updated and withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from icalendar import Calendar, Event

from stories.models import Author, ScheduledUpdate, Story
from stories.models.listing import SCHEDULE
from stories.models.plan import owned_by
from stories.planning.planned import Planned
from stories.reviewing.steps import Step, record
from stories.writing.forms import SHORTEST_NOTICE
from stories_project.page_cache import change_log
from stories_project.publication.current import current

Day = TypeVar("Day", bound=date)
KINDS = {
    "publish": gettext_noop("Published"),
    "update": gettext_noop("Changes go live"),
    "withdraw": gettext_noop("Withdrawn"),
}
KINDS_TO_COME = {
    **KINDS,
    "publish": gettext_noop("Will be published"),
    "withdraw": gettext_noop("Will be withdrawn"),
}
MAX_ENTRIES = 500


@dataclass(frozen=True)
class Entry:
    """One event of one story. `kind` is "publish", "update" or "withdraw"."""

    at: datetime
    kind: str
    story: Story

    @property
    def what(self) -> str:
        """The kind of event, in words."""
        return _((KINDS_TO_COME if self.is_to_come else KINDS)[self.kind])

    @property
    def is_to_come(self) -> bool:
        """Whether the event is in the future, so that it can be moved."""
        return self.at > timezone.now()


def entries(start: datetime, end: datetime, owner: int | None = None) -> list[Entry]:
    """Return the entries from `start` until before `end`, both aware datetimes, in order.

    `owner` is the primary key of an account, or NOBODY. Makes three queries. Each reads one index
    range and at most MAX_ENTRIES rows.
    """
    stories = Story.objects.filter(owned_by(owner)).only(
        "title", "slug", "publish_at", "unpublish_at"
    )
    published = stories.filter(publish_at__gte=start, publish_at__lt=end)[:MAX_ENTRIES]
    if owner:
        # With the times of the plan itself, the index of what somebody owns finds them.
        published = stories.filter(plan__publish_at__gte=start, plan__publish_at__lt=end)
        published = published[:MAX_ENTRIES]
    withdrawn = stories.filter(unpublish_at__gte=start, unpublish_at__lt=end)[:MAX_ENTRIES]
    of_owner = owned_by(owner, "story__plan__")
    updates = ScheduledUpdate.objects.waiting().filter(of_owner, at__gte=start, at__lt=end)
    found = [
        *(Entry(story.publish_at, "publish", story) for story in published if story.publish_at),
        *(
            Entry(story.unpublish_at, "withdraw", story)
            for story in withdrawn
            if story.unpublish_at
        ),
        *(Entry(u.at, "update", u.story) for u in updates.select_related("story")[:MAX_ENTRIES]),
    ]
    return sorted(found, key=lambda entry: (entry.at, entry.story.pk))


def by_day(days: list[date], owner: int | None = None) -> list[tuple[date, list[Entry]]]:
    """Return [(day, entries)] for consecutive dates, in the publication's time zone."""
    midnight = datetime.min.time()
    zone = timezone.get_current_timezone()
    start = datetime.combine(days[0], midnight, zone)
    end = datetime.combine(days[-1] + timedelta(days=1), midnight, zone)
    grouped = groupby(entries(start, end, owner), key=lambda entry: timezone.localdate(entry.at))
    found = {day: list(of_day) for day, of_day in grouped}
    return [(day, found.get(day, [])) for day in days]


def next_month(day: Day) -> Day:
    """Return the first day of the next month, as a date or datetime like the argument."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def move(story: Story, kind: str, at: datetime, by: Author = None) -> None:
    """Move the publication, update or withdrawal of a story to another time in the future.

    `kind` is that of the Entry. Raises ValidationError if the event has passed or is not planned,
    and for a time less than a minute ahead.
    """
    now = timezone.now()
    if at < now + SHORTEST_NOTICE:
        raise ValidationError(_("Choose a time at least a minute from now."))
    with transaction.atomic():
        story.lock()
        if kind == "publish" and story.state == Story.State.SCHEDULED:
            story.retime({"publish_at": at}, by, "Moved in the calendar")
        elif kind == "withdraw" and story.unpublish_at and story.unpublish_at > now:
            story.retime({"unpublish_at": at}, by, "Moved in the calendar")
        elif kind == "update" and ScheduledUpdate.objects.waiting().filter(story=story).update(
            at=at
        ):
            record(story, Step.SCHEDULED, by, "Moved in the calendar", at)
            change_log.record(SCHEDULE)
        else:
            raise ValidationError(_("This has happened already, or is not planned any more."))


def as_icalendar(found: list[Entry], host: str, planned: Iterable[Planned] = ()) -> bytes:
    """Return entries as an iCalendar file (RFC 5545); `host` makes their UIDs unique.

    What is planned takes whole days.
    """
    calendar = Calendar.new(name=current().name, prodid="-//How They Began//Calendar//EN")
    for entry in found:
        calendar.add_component(
            Event.new(
                uid=f"{entry.kind}-{entry.story.pk}@{host}",
                summary=f"{_(KINDS[entry.kind])}: {entry.story.title}",
                start=entry.at,
                end=entry.at + timedelta(minutes=15),
                stamp=timezone.now(),
            )
        )
    for each in planned:
        calendar.add_component(
            Event.new(
                uid=f"{each.kind}-{each.story.pk}@{host}",
                summary=f"{each.what}: {each.story.title}",
                start=each.on,
                end=each.on + timedelta(days=1),
                stamp=timezone.now(),
            )
        )
    return calendar.to_ical()
