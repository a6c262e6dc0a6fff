"""The front page: each public story at most once, in the first place that it has a right to."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from stories.models import StartHere, Tag
from stories.reading.front_page import FOUNDERS, REST, SECOND_TIER, TAGS, front_page
from tests.factories import make_founder, make_story, make_story_in, make_user, revise
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def recommend(*stories, why=""):
    editor = make_user("Editor")
    return [StartHere.objects.choose(story, why, editor) for story in stories]


def newest(count, **changes):
    """Return published stories, the newest first."""
    now = timezone.now()
    return [
        make_story(publish_at=now - timedelta(days=number + 1), **changes)
        for number in range(count)
    ]


def linked(client):
    """The stories whose titles the front page shows, in their order."""
    return re.findall(r'card__title"><a href="/stories/([^/]+)/"', client.get("/").text)


class TheFrontPage:
    def test_has_a_lead_a_second_tier_and_the_rest(self):
        stories = newest(4 + REST + 3)
        page = front_page()
        assert page.lead == stories[0]
        assert page.second == stories[1 : 1 + SECOND_TIER]
        assert page.rest == stories[1 + SECOND_TIER : 1 + SECOND_TIER + REST]

    def test_leads_with_what_an_editor_chose(self):
        stories = newest(3)
        revise(stories[2], {"is_lead": True})
        assert front_page().lead == stories[2]
        assert front_page().second == stories[:2]

    def test_shows_no_story_twice(self, client):
        stories = newest(20)
        revise(stories[1], {"is_lead": True})
        recommend(stories[1], stories[0], stories[15], stories[3])
        shown = linked(client)
        assert len(shown) == len(set(shown))
        assert [story.slug for story in front_page().start_here] == [
            stories[number].slug for number in (0, 15, 3)
        ]
        assert len(front_page().rest) == REST

    def test_has_date_and_minutes_on_each_card(self, client):
        newest(8)
        recommend(make_story(publish_at=datetime(2021, 5, 4, 12, tzinfo=UTC)))
        html = client.get("/").text
        assert html.count("<time ") == html.count("min read") == len(linked(client)) == 9
        assert '<time datetime="2021-05-04">May 4, 2021</time>' in html

    def test_says_when_nothing_is_published(self, client):
        make_story_in("draft")
        assert "The first story is being written." in client.get("/").text

    def test_has_no_empty_sections(self, client):
        newest(1, tags=[])
        html = client.get("/").text
        for heading in ("Start here", "More stories", ">Tags</h2>"):
            assert heading not in html

    def test_is_bounded(self):
        newest(20, founders=[make_founder() for _ in range(8)], tags=[f"T{n}" for n in range(20)])
        page = front_page()
        assert (len(page.founders), len(page.tags)) == (FOUNDERS, TAGS)

    def test_ranks_tags_by_the_number_of_their_public_stories(self, client):
        for tags in (["Sea", "Craft"], ["Sea", "Air"], ["Air", "Sea"]):
            make_story(tags=tags)
        make_story_in("draft", tags=["Craft", "Craft 2"])
        make_story_in("withdrawn", tags=["Craft"])
        counts = [(tag.name, tag.story_count) for tag in front_page().tags]
        assert counts == [("Sea", 3), ("Air", 2), ("Craft", 1)]
        assert 'Sea <span class="tags__count">3</span>' in client.get("/").text


class ARecommendedStory:
    def test_stands_under_start_here_with_its_sentence(self, client):
        newest(1)
        recommend(make_story(title="The kiln"), why='It is short - and "true".')
        html = client.get("/").text
        assert html.index("Start here") < html.index("The kiln") < html.index("It is short")

    def test_goes_with_its_withdrawal_and_comes_back(self):
        first, _ = newest(2)
        story = make_story(title="The kiln", slug="the-kiln", publish_at=NOON)
        recommend(story)
        cached = CachingClient()

        def shown():
            cached.cache.freshness.hurry()
            return b"The kiln" in cached.get("/").body

        assert shown()
        story.withdraw()
        assert not shown()
        revise(story, {"unpublish_at": None})
        assert shown()
        assert front_page().lead == first

    def test_goes_and_comes_on_its_minute(self):
        with time_machine.travel(NOON, tick=False) as clock:
            newest(2)
            end = NOON + timedelta(hours=1)
            story = make_story(title="The kiln", publish_at=NOON - timedelta(days=9))
            later = make_story(title="The lamp", publish_at=NOON - timedelta(days=9))
            recommend(story, later)
            revise(story, {"unpublish_at": end})
            revise(later, {"publish_at": end})
            cached = CachingClient()
            cached.cache.freshness.hurry()
            before = cached.get("/").body
            clock.move_to(end)
            after = cached.get("/").body
        assert b"The kiln" in before
        assert b"The lamp" not in before
        assert b"The lamp" in after
        assert b"The kiln" not in after


class TheTags:
    def test_come_with_the_most_used_first_or_by_name(self, client):
        for tags in (["Sea", "Craft"], ["Sea", "Air"], ["Air", "Sea"]):
            make_story(tags=tags)
        names = [
            re.findall(r'/tags/[^/]+/">(\w+)<', client.get(address).text)
            for address in (
                "/tags/",
                "/tags/?order=name",
                "/tags/?order=nonsense%00",
            )
        ]
        assert names == [["Sea", "Air", "Craft"], ["Air", "Craft", "Sea"], ["Sea", "Air", "Craft"]]

    def test_are_read_in_the_order_of_an_index(self):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # It reads a small table whole.
                cursor.execute("SET LOCAL enable_seqscan = off")
        assert "tag_most_used" in Tag.objects.most_used()[:10].explain()
