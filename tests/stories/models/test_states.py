"""The state of a story follows from its times, by the same rule in Python and in SQL."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from stories.models import Story, StoryFounder, StoryTag
from stories.models.visibility import PUBLIC_SQL
from tests.factories import make_story, reload

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIMES = [
    (None, None, "draft"),
    (NOON - MINUTE, None, "published"),
    (NOON, None, "published"),
    (NOON + MINUTE, None, "scheduled"),
    (NOON - MINUTE, NOON + MINUTE, "published"),
    (NOON - 2 * MINUTE, NOON - MINUTE, "withdrawn"),
    (NOON - MINUTE, NOON, "withdrawn"),
    (NOON + MINUTE, NOON + 2 * MINUTE, "scheduled"),
]


@pytest.mark.parametrize(("publish_at", "unpublish_at", "state"), TIMES)
class TheStateOfAStory:
    def test_is_the_same_in_python_and_in_sql(self, publish_at, unpublish_at, state):
        story = make_story(publish_at=publish_at, unpublish_at=unpublish_at)
        assert story.state_at(NOON) == state
        in_sql = {
            "draft": Story.objects.drafts(),
            "scheduled": Story.objects.scheduled(at=NOON),
            "published": Story.objects.published(at=NOON),
            "withdrawn": Story.objects.withdrawn(at=NOON),
        }
        assert [name for name, stories in in_sql.items() if story in stories] == [state]

    def test_is_the_same_in_plain_sql(self, publish_at, unpublish_at, state):
        make_story(publish_at=publish_at, unpublish_at=unpublish_at)
        now = connection.ops.adapt_datetimefield_value(NOON)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM stories_story WHERE {PUBLIC_SQL}", {"now": now})  # noqa: S608
            assert bool(cursor.fetchall()) == (state == "published")

    def test_is_the_same_in_the_rows_that_copy_the_times(self, publish_at, unpublish_at, state):
        story = make_story(publish_at=publish_at, unpublish_at=unpublish_at)
        is_public = state == "published"
        for rows in (StoryFounder.objects.filter(story=story), StoryTag.objects.all()):
            assert rows.published(at=NOON).exists() == is_public


class AScheduledStory:
    addresses = ("/", "/stories/", "/founders/ada-byron/", "/tags/", "/tags/engines/")

    @pytest.fixture(autouse=True)
    def _story(self):
        from tests.factories import make_founder

        founder = make_founder(name="Ada Byron", slug="ada-byron")
        self.story = make_story(
            title="The engine",
            slug="the-engine",
            founders=[founder],
            tags=["Engines"],
            publish_at=NOON,
            unpublish_at=NOON + 10 * MINUTE,
        )

    def shown_at(self, client):
        pages = {address: client.get(address) for address in self.addresses}
        return {a for a, p in pages.items() if "The engine" in p.text or ">Engines<" in p.text}

    def test_is_not_shown_a_second_before_its_time(self, client):
        with time_machine.travel(NOON - timedelta(seconds=1), tick=False):
            assert self.shown_at(client) == set()
            assert client.get("/stories/the-engine/").status_code == 404

    def test_is_shown_everywhere_on_time_without_a_cron_job(self, client):
        with time_machine.travel(NOON, tick=False):
            assert self.shown_at(client) == set(self.addresses)
            assert client.get("/stories/the-engine/").status_code == 200

    def test_is_shown_nowhere_from_the_time_of_its_withdrawal(self, client):
        with time_machine.travel(NOON + 10 * MINUTE, tick=False):
            assert self.shown_at(client) == set()
            assert client.get("/stories/the-engine/").status_code == 410


class ATimeTypedAtTheDesk:
    def test_is_in_the_time_zone_of_the_publication(self, settings):
        settings.TIME_ZONE = "Asia/Shanghai"
        with timezone.override(ZoneInfo("Asia/Shanghai")):
            story = make_story(publish_at="2025-09-23T08:00")
        assert reload(story).publish_at == datetime(2025, 9, 23, 0, 0, tzinfo=UTC)

    def test_is_shown_in_the_zone_of_the_publication(self, client, settings):
        make_story(slug="late", publish_at=datetime(2025, 9, 22, 23, 30, tzinfo=UTC))
        settings.TIME_ZONE = "Asia/Shanghai"
        with timezone.override(ZoneInfo("Asia/Shanghai")):
            assert "September 23, 2025" in client.get("/stories/late/").text

    def test_that_no_clock_showed_is_refused_in_a_sentence(self):
        from stories.writing.forms import StoryForm
        from tests.factories import story_values

        # On this night Berlin's clocks went from 2:00 to 3:00.
        with timezone.override(ZoneInfo("Europe/Berlin")):
            form = StoryForm(story_values(publish_at="2026-03-29T02:30"))
            assert "couldn’t be interpreted" in str(form.errors["publish_at"])
