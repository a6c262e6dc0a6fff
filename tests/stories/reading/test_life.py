"""A story in the lives of its founders: what comes before it and after it, and "2 of 5"."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.planning.scheduling import watch
from tests.factories import bring, make_founder, make_story, make_story_in, revise
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2025, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def story(title, told_from=None, day=0, **values):
    values = {"publish_at": BEGINNING + timedelta(days=day), "tags": [], **values}
    return make_story(title=title, slug=title.lower(), told_from=told_from, **values)


def life_on(client, slug):
    """Return the navigations along lives on the page of a story, each as (place, links)."""
    page = client.get(f"/stories/{slug}/").text
    lives = []
    for part in page.split('<nav class="life"')[1:]:
        html = part.partition("</nav>")[0]
        links = {
            rel: html.partition(f'rel="{rel}" href="/stories/')[2].partition("/")[0]
            for rel in ("prev", "next")
        }
        place = html.partition("</a> · ")[2].partition("<")[0]
        lives.append((place, links["prev"], links["next"]))
    return lives


@pytest.fixture
def ada():
    return make_founder(name="Ada Byron", slug="ada")


class ALife:
    def test_is_told_along_its_years_whenever_it_was_published(self, client, ada):
        for title, year, day in (("Late", 1850, 1), ("Early", 1815, 9), ("Middle", 1833, 5)):
            story(title, year, day, founders=[ada])
        assert life_on(client, "early") == [("1 of 3", "", "middle")]
        assert life_on(client, "middle") == [("2 of 3", "early", "late")]
        assert life_on(client, "late") == [("3 of 3", "middle", "")]

    def test_ends_with_the_stories_of_no_year_by_publication(self, client, ada):
        story("Second", None, 7, founders=[ada])
        story("First", None, 2, founders=[ada])
        story("Told", 1850, 9, founders=[ada])
        assert life_on(client, "first") == [("2 of 3", "told", "second")]

    def test_before_christ_runs_forwards(self, client, ada):
        story("Ides", -44, founders=[ada])
        story("Rubicon", -49, founders=[ada])
        assert life_on(client, "ides") == [("2 of 2", "rubicon", "")]

    def test_with_equal_years_and_times_has_one_order(self, client, ada):
        titles = ["One", "Two", "Three"]
        for title in titles:
            story(title, 1850, founders=[ada])
        steps = [life_on(client, title.lower())[0] for title in titles]
        assert steps == [
            ("1 of 3", "", "two"),
            ("2 of 3", "one", "three"),
            ("3 of 3", "two", ""),
        ]

    def test_of_a_single_story_is_no_path(self, client, ada):
        story("Alone", 1850, founders=[ada])
        assert life_on(client, "alone") == []

    def test_never_leads_to_what_is_not_public(self, client, ada):
        story("Here", 1833, founders=[ada])
        for state, year in (("draft", 1832), ("scheduled", 1834), ("withdrawn", 1831)):
            make_story_in(state, title=f"A {state}", told_from=year, founders=[ada])
        assert life_on(client, "here") == []

    def test_with_more_stories_than_are_counted_has_no_numbers(self, client, ada, monkeypatch):
        monkeypatch.setattr("stories.reading.life.MOST_COUNTED", 2)
        for year in (1815, 1833, 1850):
            story(f"Y{year}", year, founders=[ada])
        assert life_on(client, "y1833") == [("", "y1815", "y1850")]


class TwoLives:
    def test_are_both_followed(self, client, ada):
        grace = make_founder(name="Grace Hopper", slug="grace")
        story("Early", 1815, founders=[ada])
        story("Both", 1833, founders=[ada, grace])
        story("Later", 1944, founders=[grace])
        assert life_on(client, "both") == [("2 of 2", "early", ""), ("1 of 2", "", "later")]

    def test_are_the_most(self, client, ada):
        others = [make_founder(), make_founder()]
        story("All", 1833, founders=[ada, *others])
        for number, founder in enumerate([ada, *others]):
            story(f"Of{number}", 1900, founders=[founder])
        assert [step[2] for step in life_on(client, "all")] == ["of0", "of1"]


class AHiddenFounder:
    def test_has_no_path(self, client, ada):
        story("Early", 1815, founders=[ada])
        story("Late", 1850, founders=[ada, make_founder()])
        bring(ada, "hidden")
        assert life_on(client, "late") == []


class AKeptPage:
    @pytest.fixture
    def read(self):
        cached = CachingClient()

        def read(address):
            cached.cache.freshness.hurry()
            return cached.get(address).body.decode()

        return read

    def test_is_chosen_again_after_a_change_of_the_life(self, read, ada):
        story("Early", 1815, founders=[ada])
        late = story("Late", 1850, founders=[ada])
        assert "1 of 2" in read("/stories/early/")
        story("Middle", 1833, founders=[ada])
        assert "1 of 3" in read("/stories/early/")
        revise(late, {"told_from": 1816})
        assert 'rel="next" href="/stories/late/"' in read("/stories/early/")

    def test_follows_a_scheduled_story(self, read, ada):
        with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
            story("Early", 1815, founders=[ada])
            story("Late", 1850, founders=[ada])
            make_story(told_from=1833, founders=[ada], publish_at=timezone.now() + MINUTE)
            assert "1 of 2" in read("/stories/early/")
            clock.shift(MINUTE)
            assert "1 of 3" in read("/stories/early/")


class ThePageOfAStory:
    def test_makes_eight_queries_however_long_two_lives_are(self, client, ada):
        grace = make_founder(name="Grace Hopper", slug="grace")
        for number in range(2):
            story(f"S{number}", 1815 + number, founders=[ada, grace], tags=["Craft", "War"])
        costs = []
        for more in (0, 40):
            for number in range(more):
                story(f"M{number}", 1815 + number, founders=[ada, grace], tags=["Craft"])
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                client.get("/stories/s1/")
            costs.append(len(captured))
        assert costs == [8, 8]

    def test_has_no_path_in_a_preview(self, editor, ada):
        early = story("Early", 1815, founders=[ada])
        story("Late", 1850, founders=[ada])
        page = editor.get(f"/admin/stories/story/{early.pk}/preview/").text
        assert "Set in 1815" in page
        assert 'class="life"' not in page
