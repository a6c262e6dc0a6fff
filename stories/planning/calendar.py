"""What happens to the publication on which day: what readers begin and cease to see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from icalendar import Calendar, Event

from stories.models import ScheduledUpdate, Story
from stories.reviewing.steps import Step, record
from stories.writing import publishing
from stories.writing.forms import SHORTEST_NOTICE

KINDS = {"publish": "Published", "update": "Changes go live", "withdraw": "Withdrawn"}
MOST = 500


@dataclass(frozen=True)
class Entry:
    """One moment of one story: `kind` is "publish", "update" or "withdraw"."""

    at: datetime
    kind: str
    story: Story

    @property
    def what(self):
        """What happens, in words."""
        return KINDS[self.kind]

    @property
    def is_to_come(self):
        """Whether it can still be moved."""
        return self.at > timezone.now()


def entries(start, end):
    """Return the Entries from one aware datetime to before another, in order.

    Three queries, each of one index range and of 500 rows at most.
    """
    stories = Story.objects.only("title", "slug", "publish_at", "unpublish_at")
    found = [
        *(
            Entry(story.publish_at, "publish", story)
            for story in stories.filter(publish_at__gte=start, publish_at__lt=end)[:MOST]
        ),
        *(
            Entry(story.unpublish_at, "withdraw", story)
            for story in stories.filter(unpublish_at__gte=start, unpublish_at__lt=end)[:MOST]
        ),
        *(
            Entry(update.at, "update", update.story)
            for update in ScheduledUpdate.objects.waiting()
            .filter(at__gte=start, at__lt=end)
            .select_related("story")[:MOST]
        ),
    ]
    return sorted(found, key=lambda entry: (entry.at, entry.story.pk))


def by_day(days):
    """Return [(day, Entries)] for consecutive dates, in the publication's zone."""
    midnight = datetime.min.time()
    zone = timezone.get_current_timezone()
    start = datetime.combine(days[0], midnight, zone)
    end = datetime.combine(days[-1] + timedelta(days=1), midnight, zone)
    grouped = groupby(entries(start, end), key=lambda entry: timezone.localdate(entry.at))
    found = {day: list(of_day) for day, of_day in grouped}
    return [(day, found.get(day, [])) for day in days]


def next_month(day):
    """Return the first day of the month after that of a date or a datetime, of the same kind."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def move(story, kind, at, by=None):
    """Move what is to happen to a story to another time to come.

    Raises ValidationError where it has happened already, or the time has gone by.
    """
    now = timezone.now()
    if at < now + SHORTEST_NOTICE:
        raise ValidationError("Choose a time at least a minute from now.")
    with transaction.atomic():
        story.lock()
        if kind == "publish" and story.state == Story.State.SCHEDULED:
            publishing.retime(story, {"publish_at": at}, by, "Moved in the calendar")
        elif kind == "withdraw" and story.unpublish_at and story.unpublish_at > now:
            publishing.retime(story, {"unpublish_at": at}, by, "Moved in the calendar")
        elif kind == "update" and ScheduledUpdate.objects.waiting().filter(story=story).update(
            at=at
        ):
            record(story, Step.SCHEDULED, by, "Moved in the calendar", at)
        else:
            raise ValidationError("This has happened already, or is not planned any more.")


def as_icalendar(found, host):
    """Return Entries as the text of an iCalendar file (RFC 5545); `host` makes their ids unique."""
    calendar = Calendar.new(name="How They Began", prodid="-//How They Began//Calendar//EN")
    for entry in found:
        calendar.add_component(
            Event.new(
                uid=f"{entry.kind}-{entry.story.pk}@{host}",
                summary=f"{entry.what}: {entry.story.title}",
                start=entry.at,
                end=entry.at + timedelta(minutes=15),
                stamp=timezone.now(),
            )
        )
    return calendar.to_ical()
