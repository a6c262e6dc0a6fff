"""Whatever happens, the cache answers what Django would answer now.

Random edits, decisions, transitions and reads: after each, random addresses are asked from the
cache and from Django itself, and both must say the same.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from founders.models import Founder
from stories.models import Story, Suggestion, Tag, TagChange
from stories.tagging import merging
from tests.factories import make_founder, make_story, make_user, revise, rework
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TAGS = ("Craft", "War", "Money", "Sea", "Looms")
PLACES = (
    *("/", "/stories/", "/tags/", "/founders/", "/search/?q=story", "/search/?q=founder"),
    *("/search/suggestions.json?q=st", "/feed/", "/feed.json", "/sitemap.xml", "/llms.txt"),
    *("/sitemap-news.xml", "/sitemap-tags.xml", "/sitemap-founders.xml", "/sitemap-2026-03.xml"),
    *("/sitemap-2026-02.xml", "/nowhere/", "/about/", "/stories/?page=2", "/robots.txt"),
)


def addresses():
    """Return every address at which something is, was or may be public."""
    found = list(PLACES)
    for slug in Story.objects.values_list("slug", flat=True):
        found += [f"/stories/{slug}/", f"/stories/{slug}.md"]
    for slug in Founder.objects.values_list("slug", flat=True):
        found += [f"/founders/{slug}/", f"/founders/{slug}/feed/"]
    for slug in Tag.objects.values_list("slug", flat=True):
        found += [f"/tags/{slug}/", f"/tags/{slug}/feed.json"]
    return found


class Newsroom:
    """What may happen to a site; each method does one thing, chosen by `draw`."""

    def __init__(self, draw, clock):
        self.draw, self.clock = draw, clock
        self.past_addresses = set()
        self.by = make_user("Editor")

    def one(self, rows):
        rows = list(rows)
        return self.draw(st.sampled_from(rows)) if rows else None

    def some(self, rows, least=1):
        return self.draw(
            st.lists(st.sampled_from(list(rows)), min_size=least, max_size=3, unique=True)
        )

    def moment(self):
        return timezone.now() + timedelta(
            seconds=self.draw(st.sampled_from([-90000, -60, 5, 90, 7200]))
        )

    def write(self):
        make_story(
            founders=self.some(Founder.objects.filter(status="approved")),
            tags=self.some(TAGS, least=0),
            publish_at=self.moment(),
        )

    def edit(self):
        names = st.sampled_from(
            ["title", "excerpt", "tags", "founders", "slug", "times", "is_lead", "pinned"]
        )
        change = {
            "title": lambda: {
                "title": f"Story about {self.one(TAGS)} {self.draw(st.integers(1, 9))}"
            },
            "excerpt": lambda: {"excerpt": f"An excerpt, {self.draw(st.integers(1, 9))}."},
            "tags": lambda: {"tags": self.some(TAGS, least=0)},
            "founders": lambda: {
                "founders": [f.pk for f in self.some(Founder.objects.filter(status="approved"))]
            },
            "slug": lambda: {"slug": f"slug-{self.draw(st.integers(1, 99))}"},
            "times": lambda: {"publish_at": self.moment(), "unpublish_at": None},
            "is_lead": lambda: {"is_lead": self.draw(st.booleans())},
            "pinned": lambda: {
                self.draw(st.sampled_from(["pinned", "banned"])): [self.one(Story.objects.all()).pk]
            },
        }[self.draw(names)]()
        revise(self.one(Story.objects.all()), change)

    def rework(self):
        rework(self.one(Story.objects.all()), {"title": "A working copy"})

    def publish(self):
        self.one(Story.objects.all()).publish()

    def withdraw(self):
        self.one(Story.objects.published()).withdraw()

    def end(self):
        story = self.one(Story.objects.published())
        story.retime({"unpublish_at": timezone.now() + timedelta(seconds=30)})

    def plan_an_update(self):
        story = self.one(Story.objects.published())
        rework(story, {"title": "What is to come", "tags": self.some(TAGS, least=0)})
        story.schedule(timezone.now() + timedelta(seconds=90))

    def remove(self):
        self.one(Story.objects.all()).remove()

    def decide(self):
        founder = self.one(Founder.objects.all())
        founder.decide(self.one(["pending", "approved", "hidden", "rejected"]), None, "A reason.")

    def rename_a_tag(self):
        merging.rename(self.one(Tag.objects.all()), {"name": f"Tag {self.draw(st.integers(1, 9))}"})

    def merge_tags(self):
        tags = self.some(Tag.objects.all(), least=2)
        merging.merge(tags, tags[0])

    def undo_a_merge(self):
        merging.undo(self.one(TagChange.objects.filter(undone_at=None)))

    def correct(self):
        suggestion = Suggestion.objects.create(
            kind=Suggestion.Kind.STORY, story=self.one(Story.objects.all()), content={}
        )
        suggestion.decide(Suggestion.Status.ACCEPTED, self.by, public_note="It was in May.")

    def wait(self):
        self.clock.shift(self.draw(st.sampled_from([1, 5, 31, 91, 3600, 90000])))


EVENTS = [name for name, method in vars(Newsroom).items() if callable(method)][5:]
EVENTS = [e for e in EVENTS if e not in ("one", "some", "moment")]


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],
)
@given(data=st.data())
def test_the_cache_answers_what_django_answers(data):
    with time_machine.travel(START, tick=False) as clock, transaction.atomic():
        for name in ("Ada Byron", "Sakichi Toyoda", "Grace Hopper"):
            make_founder(name=name)
        newsroom = Newsroom(data.draw, clock)
        for _ in range(4):
            newsroom.write()
        cached = CachingClient()
        known = dict.fromkeys(addresses())
        for _ in range(data.draw(st.integers(3, 10))):
            for address in data.draw(st.lists(st.sampled_from(list(known)), max_size=12)):
                cached.get(address)
            event = data.draw(st.sampled_from(EVENTS))
            try:
                with transaction.atomic():
                    getattr(newsroom, event)()
            except (ValidationError, AttributeError, ValueError, AssertionError):
                continue  # not possible now: nothing has changed
            cached.cache.freshness.hurry()
            known |= dict.fromkeys(addresses())
            for address in known:
                answer, truth = cached.get(address), cached.uncached(address)
                assert (answer.status_code, answer.body) == (truth.status_code, truth.body), (
                    event,
                    address,
                )
        transaction.set_rollback(True)
