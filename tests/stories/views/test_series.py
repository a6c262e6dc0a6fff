"""Series for readers: the list, the page, the feeds, and the line on the page of each part."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from stories.models import Series
from stories.writing.series import keys_of_parts, remove_series, save_series
from tests.factories import (
    make_founder,
    make_series,
    make_story,
    make_story_in,
    reload,
    revise,
)
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def parts():
    """Five parts of a series; the second is a draft, the fourth is scheduled."""
    now = timezone.now()
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    states = {"one": "published", "two": "draft", "three": "published", "four": "scheduled"}
    stories = [
        make_story_in(state, slug=slug, title=f"Part {slug}", founders=[ada], reading_minutes=4)
        for slug, state in states.items()
    ]
    five = make_story(slug="five", title="Part five", publish_at=now - timedelta(days=400))
    return [*stories, five]


@pytest.fixture
def series(parts):
    return make_series(
        *parts, title="Early Losses", slug="early-losses", introduction="How it *began*."
    )


def texts(page, start, end):
    """Return a part of a page as text without tags, with single spaces."""
    inside = page.partition(start)[2].partition(end)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


def line_of(client, slug):
    return texts(client.get(f"/stories/{slug}/").text, 'class="story__series">', "</p>")


def steps_of(client, slug):
    return texts(client.get(f"/stories/{slug}/").text, 'class="series-steps"', "</nav>")


class TheListOfSeries:
    def test_names_each_with_the_number_of_its_public_stories(self, client, series):
        page = client.get("/series/").text
        assert '<a href="/series/early-losses/">Early Losses</a> <span>3 stories</span>' in page

    def test_leaves_out_a_series_without_a_public_story(self, client):
        make_series(make_story_in("draft"), title="Secret")
        page = client.get("/series/").text
        assert "Secret" not in page
        assert "There is no series yet." in page

    def test_is_linked_from_the_stories_once_there_is_one(self, client):
        story = make_story_in("scheduled")
        make_series(story)
        assert 'href="/series/"' not in client.get("/stories/").text
        reload(story).publish()
        assert 'href="/series/"' in client.get("/stories/").text


class ASeries:
    def test_shows_its_introduction_and_its_public_parts_in_order(self, client, series):
        page = client.get("/series/early-losses/").text
        assert "How it <em>began</em>." in page
        assert re.findall(r'href="/stories/(\w+)/"', page.partition("<ol")[2]) == [
            *("one", "three", "five")
        ]
        assert '<a href="/founders/ada-byron/">' in page

    def test_says_how_long_its_public_parts_take(self, client, series):
        revise(reload(series.parts.first().story), {"reading_minutes": 20})
        assert "3 stories, 25 min read" in texts(
            client.get("/series/early-losses/").text, "<h1>", "<div"
        )

    def test_escapes_what_editors_type(self, client, parts):
        attack = "<script>alert(1)</script>"
        make_series(*parts, title=attack, slug="x", introduction=attack)
        for path in ("/series/", "/series/x/", "/stories/one/"):
            assert attack not in client.get(path).text

    def test_tells_machines_what_its_parts_are(self, client, series):
        page = client.get("/series/early-losses/").text
        data = json.loads(page.partition('ld+json">')[2].partition("</script>")[0])
        whole = data["@graph"][0]
        assert whole["@type"] == "CreativeWorkSeries"
        assert [part["position"] for part in whole["hasPart"]] == [1, 2, 3]
        assert whole["hasPart"][1]["headline"] == "Part three"

    def test_stands_in_the_sitemap_and_in_the_file_for_language_models(self, client, series):
        assert "/series/early-losses/</loc>" in client.get("/sitemap-series.xml").text
        assert "- [Early Losses](" in client.get("/llms.txt").text

    def test_leads_from_its_old_slug_to_the_new_one_everywhere(self, client, series):
        series.slug = "losses"
        save_series(series, keys_of_parts(series))
        for rest in ("", "feed/", "feed.json"):
            response = client.get(f"/series/early-losses/{rest}")
            assert (response.status_code, response["Location"]) == (301, f"/series/losses/{rest}")
        response = client.get("/api/series/early-losses/")
        assert (response.status_code, response["Location"]) == (301, "/api/series/losses/")

    def test_is_not_found_once_it_is_deleted_and_its_stories_stay(self, client, series):
        remove_series(series)
        assert client.get("/series/early-losses/").status_code == 404
        assert line_of(client, "one") == ""

    def test_loses_a_story_that_is_deleted(self, client, series, parts):
        parts[0].remove()
        assert line_of(client, "three") == "Part 1 of 2 of Early Losses"

    def test_of_another_story_cannot_have_it_too(self, series, parts):
        with pytest.raises(Exception, match="is part of the series “Early Losses” already"):
            make_series(parts[1])


class TheFeedOfASeries:
    def test_has_the_newest_first_under_ids_that_stay(self, client, series):
        feed = client.get("/series/early-losses/feed.json").json()
        assert [item["url"][-6:] for item in feed["items"]] == ["three/", "s/one/", "/five/"]
        atom = client.get("/series/early-losses/feed/").text
        assert f"feed/series/{series.pk}</id>" in atom
        ids = [item["id"] for item in feed["items"]]
        series.slug = "losses"
        save_series(series, keys_of_parts(series))
        again = client.get("/series/losses/feed.json").json()
        assert [item["id"] for item in again["items"]] == ids


class ThePageOfAPart:
    @pytest.mark.parametrize(
        ("slug", "line", "previous", "following"),
        [
            ("one", "Part 1 of 3", None, "Part three"),
            ("three", "Part 2 of 3", "Part one", "Part five"),
            ("five", "Part 3 of 3", "Part three", None),
        ],
    )
    def test_says_its_number_among_the_public_ones_and_what_stands_beside_it(
        self, client, series, slug, line, previous, following
    ):
        assert line_of(client, slug) == f"{line} of Early Losses"
        steps = steps_of(client, slug)
        assert (f"Previous part {previous}" in steps) == (previous is not None)
        assert (f"Next part {following}" in steps) == (following is not None)
        assert "two" not in steps
        assert "four" not in steps

    def test_has_no_number_as_the_only_public_one(self, client):
        make_series(make_story(slug="alone"), make_story_in("draft"), title="Two of a Kind")
        assert line_of(client, "alone") == "In the series Two of a Kind"
        assert steps_of(client, "alone") == ""

    def test_of_no_series_says_nothing(self, client):
        make_story(slug="alone")
        assert "series" not in client.get("/stories/alone/").text.partition("<main")[2]

    def test_tells_machines_the_same(self, client, series):
        page = client.get("/stories/three/").text
        data = json.loads(page.partition('ld+json">')[2].partition("</script>")[0])
        article = data["@graph"][0]
        assert article["position"] == 2
        assert article["isPartOf"]["name"] == "Early Losses"
        assert article["isPartOf"]["@type"] == "CreativeWorkSeries"
        markdown = client.get("/stories/three.md").text
        assert re.search(
            r"Part 2 of 3 of \[Early Losses\]\(http.*/series/early-losses/\)", markdown
        )
        link = client.get("/api/stories/three/").json()["series"]
        assert (link["number"], link["count"], link["slug"]) == (2, 3, "early-losses")

    def test_is_small_beside_a_hundred_others(self, client):
        stories = [make_story(slug=f"part-{number}") for number in range(100)]
        make_series(*stories)
        assert len(client.get("/stories/part-50/").content) < 40_000

    def test_of_a_preview_shows_no_series(self, editor, series, parts):
        page = editor.get(f"/admin/stories/story/{parts[0].pk}/preview/").text
        assert "Early Losses" not in page


class AStoryThatIsScheduled:
    PAGES = (
        *("/series/", "/series/plans/", "/series/plans/feed/", "/stories/first/"),
        *("/stories/first.md", "/stories/", "/api/series/plans/", "/llms.txt"),
    )

    @pytest.fixture
    def clock(self):
        with time_machine.travel(START, tick=False) as clock:
            yield clock

    def test_is_in_its_series_everywhere_from_its_minute_on(self, clock):
        first = make_story(slug="first")
        soon = START + timedelta(minutes=5)
        coming = make_story(title="To come", slug="coming", publish_at=soon)
        make_series(first, coming, title="Plans")
        cached = CachingClient()
        before = {path: cached.get(path).body for path in self.PAGES}
        assert b"In the series" in before["/stories/first/"]
        clock.shift(timedelta(minutes=4, seconds=59))
        cached.cache.freshness.hurry()
        assert {path: cached.get(path).body for path in self.PAGES} == before
        clock.shift(timedelta(seconds=1))
        assert b"Part 1 of 2" in cached.get("/stories/first/").body
        assert b"To come" in cached.get("/series/plans/").body
        for path in self.PAGES:
            assert cached.get(path).body == cached.uncached(path).body, path

    def test_that_is_withdrawn_by_its_time_leaves_its_series(self, clock):
        first = make_story(slug="first")
        second = make_story(slug="second", title="To go", unpublish_at=START + timedelta(minutes=5))
        make_series(first, second, title="Plans")
        cached = CachingClient()
        assert b"Part 1 of 2" in cached.get("/stories/first/").body
        clock.shift(timedelta(minutes=5))
        assert b"To go" not in cached.get("/stories/first/").body
        assert b"In the series" in cached.get("/stories/first/").body


class AKeptPage:
    @pytest.mark.parametrize(
        "change",
        [
            lambda series, parts: save_series(series, [parts[2].pk, parts[0].pk]),
            lambda series, parts: save_series(series, [parts[0].pk]),
            lambda series, parts: remove_series(series),
            lambda series, parts: rename(series, parts),
            lambda series, parts: reload(parts[1]).publish(),
            lambda series, parts: reload(parts[4]).withdraw(),
            lambda series, parts: revise(reload(parts[2]), {"title": "Another title"}),
            lambda series, parts: save_series(
                series, [*keys_of_parts(series), make_story(slug="six").pk]
            ),
        ],
    )
    def test_is_dropped_when_its_series_changes(self, series, parts, change):
        cached = CachingClient()
        paths = [
            *("/series/", "/series/early-losses/", "/series/early-losses/feed/", "/llms.txt"),
            *("/stories/one/", "/stories/three/", "/stories/five/", "/stories/one.md"),
            *("/api/series/", "/api/series/early-losses/", "/api/stories/three/", "/stories/six/"),
        ]
        for path in paths:
            cached.get(path)
        change(Series.objects.get(), parts)
        cached.cache.freshness.hurry()
        for path in paths:
            assert cached.get(path).body == cached.uncached(path).body, path

    def test_of_another_story_stays_when_parts_are_moved(self, series, parts):
        make_story(slug="else")
        cached = CachingClient()
        cached.get("/stories/else/")
        save_series(series, [part.pk for part in reversed(parts)])
        cached.cache.freshness.hurry()
        cached.get("/stories/else/")
        assert cached.renders == 1


def rename(series, parts):
    series.title = "Late Losses"
    save_series(series, [part.pk for part in parts])
