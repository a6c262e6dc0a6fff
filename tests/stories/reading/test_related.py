"""Continue your journey: each rule of the order, with a story that the rule puts second."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Story, Tag
from stories.reading.related import related_stories
from tests.factories import make_founder, make_story, make_story_in, reload

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BEGINNING = datetime(2025, 6, 1, tzinfo=UTC)


def story_on(day, **values):
    """Return a story published some days after BEGINNING, with a founder of its own and no tags."""
    return make_story(publish_at=BEGINNING + day * DAY, **{"tags": [], **values})


def related(story):
    story = reload(story)
    tags = list(Tag.objects.of(story).with_counts())
    return related_stories(story, story.founders, tags)


def titles(story):
    return [other.title for other, _ in related(story)]


def reasons(story):
    return {other.title: reason for other, reason in related(story)}


@pytest.fixture
def ada():
    return make_founder(name="Ada Byron")


@pytest.fixture
def grace():
    return make_founder(name="Grace Hopper")


class AFounderOfSeveralStories:
    def test_fills_at_most_three_places_if_tags_fill_others(self, ada):
        story = story_on(0, founders=[ada], tags=["Engines"])
        for day in (1, 2, 3, 4):
            story_on(day, title=f"Ada {day}", founders=[ada])
        story_on(9, title="Engines elsewhere", tags=["Engines"])
        assert titles(story) == ["Ada 1", "Ada 2", "Ada 3", "Engines elsewhere"]

    def test_fills_all_places_if_no_tag_is_shared(self, ada):
        story = story_on(0, founders=[ada])
        for day in (1, 2, 3, 4):
            story_on(day, title=f"Ada {day}", founders=[ada])
        story_on(90, title="Newest of all")
        assert titles(story) == ["Ada 1", "Ada 2", "Ada 3", "Ada 4"]

    def test_is_the_reason(self, ada):
        story = story_on(0, founders=[ada])
        story_on(1, title="Notes", founders=[ada])
        assert reasons(story) == {"Notes": "Also about Ada Byron"}


class TwoSharedFounders:
    def test_come_before_one_founder_nearer_in_time(self, ada, grace):
        story = story_on(0, founders=[ada, grace])
        story_on(1, title="Ada alone", founders=[ada])
        story_on(50, title="Both", founders=[grace, ada])
        assert titles(story) == ["Both", "Ada alone"]
        assert reasons(story)["Both"] == "Also about Ada Byron and Grace Hopper"


class TwoStoriesOfOneFounder:
    def test_are_sorted_by_shared_tags_before_time(self, ada):
        story = story_on(0, founders=[ada], tags=["Engines", "Letters"])
        story_on(1, title="Nearest", founders=[ada], tags=["Engines"])
        story_on(50, title="Two tags", founders=[ada], tags=["Engines", "Letters"])
        assert titles(story) == ["Two tags", "Nearest"]

    def test_are_sorted_by_nearness_in_time_on_either_side(self, ada):
        story = story_on(0, founders=[ada])
        story_on(10, title="Ten days after", founders=[ada])
        story_on(-5, title="Five days before", founders=[ada])
        assert titles(story) == ["Five days before", "Ten days after"]


class ATag:
    def test_on_few_stories_weighs_more_than_one_on_many(self):
        story = story_on(0, tags=["Rare", "Common"])
        story_on(1, title="Rare", tags=["Rare"])
        for day in range(2, 12):
            story_on(day, title=f"Common {day}", tags=["Common"])
        assert titles(story) == ["Rare", "Common 11", "Common 10", "Common 9"]

    def test_together_with_another_comes_before_one_alone(self):
        story = story_on(0, tags=["Engines", "Letters"])
        story_on(1, title="Both", tags=["Engines", "Letters"])
        story_on(2, title="Newer", tags=["Engines"])
        assert titles(story) == ["Both", "Newer"]

    def test_puts_the_newest_of_equal_stories_first(self):
        story = story_on(0, tags=["Engines"])
        story_on(1, title="Older", tags=["Engines"])
        story_on(2, title="Newer", tags=["Engines"])
        assert titles(story) == ["Newer", "Older"]

    def test_is_the_reason_and_the_rarest_tag_is_named(self):
        story = story_on(0, tags=["Common", "Rare"])
        story_on(1, title="Both", tags=["Common", "Rare"])
        story_on(2, title="One", tags=["Common"])
        assert reasons(story) == {"Both": "Also on Rare", "One": "Also on Common"}

    def test_fills_all_four_when_no_founder_is_shared(self):
        story = story_on(0, tags=["Engines"])
        for day in range(1, 6):
            story_on(day, title=f"Day {day}", tags=["Engines"])
        assert titles(story) == ["Day 5", "Day 4", "Day 3", "Day 2"]


class AStoryThatSharesNothing:
    def test_is_followed_by_the_newest(self):
        story = story_on(0)
        for day in range(1, 6):
            story_on(day, title=f"Day {day}")
        assert titles(story) == ["Day 5", "Day 4", "Day 3", "Day 2"]
        assert set(reasons(story).values()) == {"Among the newest"}

    def test_is_followed_by_nothing_if_it_is_the_only_one(self):
        assert titles(story_on(0)) == []


class APinnedStory:
    def test_comes_first_in_the_order_of_the_pins(self, ada):
        first, second = story_on(1, title="First"), story_on(2, title="Second")
        story_on(3, title="Shared", founders=[ada])
        story = story_on(0, founders=[ada], pinned=[second, first])
        assert titles(story) == ["Second", "First", "Shared"]
        assert reasons(story)["Second"] == "Chosen by the editors"

    def test_is_not_shown_twice(self, ada):
        pinned = story_on(1, title="Pinned", founders=[ada], tags=["Engines"])
        story = story_on(0, founders=[ada], tags=["Engines"], pinned=[pinned])
        assert titles(story) == ["Pinned"]

    def test_that_is_not_public_leaves_its_place_to_another(self, ada):
        draft = make_story_in("draft", title="Draft")
        story = story_on(0, founders=[ada], pinned=[draft])
        story_on(1, title="Shared", founders=[ada])
        assert titles(story) == ["Shared"]

    def test_leaves_room_for_four_cards_in_all(self):
        pins = [story_on(day, title=f"Pin {day}") for day in range(1, 7)]
        story = story_on(0, pinned=pins)
        assert titles(story) == ["Pin 1", "Pin 2", "Pin 3", "Pin 4"]


class ABannedStory:
    def test_is_never_shown(self, ada):
        banned = story_on(1, title="Banned", founders=[ada], tags=["Engines"])
        story = story_on(0, founders=[ada], tags=["Engines"], banned=[banned])
        story_on(2, title="Other")
        assert titles(story) == ["Other"]


class AnUnpublishedStory:
    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_is_never_shown(self, ada, state):
        story = story_on(0, founders=[ada], tags=["Engines"])
        make_story_in(state, founders=[ada], tags=["Engines"])
        assert titles(story) == []


class TheReferencePage:
    def test_has_three_stories_of_its_founder_and_one_that_shares_a_tag(self):
        he, wang = make_founder(slug="he-xiaopeng"), make_founder(slug="wang_ning")
        story = story_on(0, founders=[he], tags=["China"])
        for day in (1, 2, 3):
            story_on(day, title=f"He {day}", founders=[he], tags=["China"])
        story_on(90, title="The Business of Joy", founders=[wang], tags=["China"])
        assert titles(story) == ["He 1", "He 2", "He 3", "The Business of Joy"]


class TheCost:
    def test_is_three_queries_whatever_is_shared(self, ada, grace):
        alone = story_on(0)
        crowded = story_on(0, founders=[ada, grace], tags=[f"Tag {n}" for n in range(9)])
        for day in range(1, 30):
            story_on(day, founders=[ada], tags=[f"Tag {day % 9}"])
        for story in (alone, crowded):
            loaded = Story.objects.with_founders().get(pk=story.pk)
            tags = list(Tag.objects.of(story).with_counts())
            with CaptureQueriesContext(connection) as captured:
                related_stories(loaded, loaded.founders, tags)
            assert len(captured) == 3
