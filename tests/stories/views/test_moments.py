"""The moment that a story tells: its years, shown to readers and to machines."""

import json

import pytest

from stories.models import StoryFounder
from stories_project.text.years import span_in_words
from tests.factories import make_founder, make_story, reload, revise

pytestmark = pytest.mark.django_db


class AStoryOfAMoment:
    @pytest.mark.parametrize(
        ("years", "words"),
        [
            ({"told_from": 1888}, "1888"),
            ({"told_from": 1888, "told_to": 1888}, "1888"),
            ({"told_from": 1888, "told_to": 1890}, "1888–1890"),
            ({"told_from": -44}, "44 BC"),
            ({"told_from": -100, "told_to": -44}, "100–44 BC"),
            ({"told_from": -10, "told_to": 14}, "10 BC–14"),
        ],
    )
    def test_says_so_on_its_page_and_in_its_markdown(self, client, years, words):
        make_story(slug="engines", **years)
        assert f">Set in {words}</span>" in client.get("/stories/engines/").text
        assert f" · Set in {words} · " in client.get("/stories/engines.md").text

    def test_says_so_to_machines(self, client):
        make_story(slug="engines", told_from=1888, told_to=1890)
        answer = client.get("/api/stories/engines/").json()
        assert (answer["told_from"], answer["told_to"]) == (1888, 1890)
        page = client.get("/stories/engines/").text
        [block] = page.split('<script type="application/ld+json">')[1:]
        graph = json.loads(block.partition("</script>")[0])["@graph"]
        assert graph[0]["temporalCoverage"] == "1888/1890"

    def test_keeps_its_place_in_a_life_when_it_is_saved(self):
        story = make_story(told_from=1888)
        revise(story, {"told_from": 1901})
        assert StoryFounder.objects.get(story=story).told_order == 1901
        revise(reload(story), {"told_from": None})
        assert StoryFounder.objects.get(story=story).told_order == StoryFounder.NO_YEAR


class AStoryOfNoMoment:
    def test_says_nothing(self, client):
        make_story(slug="engines", founders=[make_founder(birth_year=1867)])
        assert "Set in" not in client.get("/stories/engines/").text
        assert "Set in" not in client.get("/stories/engines.md").text
        assert "temporalCoverage" not in client.get("/stories/engines/").text
        answer = client.get("/api/stories/engines/").json()
        assert (answer["told_from"], answer["told_to"]) == (None, None)


class ASpanOfYears:
    def test_of_one_year_is_that_year(self):
        assert span_in_words(7, None) == span_in_words(7, 7) == "7"
