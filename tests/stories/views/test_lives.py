"""The page of lives: all founders whose year of birth is known, on one axis of time."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from founders.models import Founder
from founders.models.founder_query import century_of, years_of
from stories.planning.scheduling import watch
from stories.reading.lives_axis import draw
from tests.factories import bring, make_founder, make_story, make_story_in, reload, revise
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db


def life(name, born, died=None, **values):
    return make_founder(name=name, slug=name.lower(), birth_year=born, death_year=died, **values)


def names(client, address="/lives/"):
    """Return the names on the axis of a page, in their order."""
    page = client.get(address).text
    return re.findall(r'<a class="lives__life" href="[^"]+" aria-label="([^",]+),', page)


def joints(client, address="/lives/"):
    return client.get(address).text.count('class="lives__joint"')


class ALife:
    def test_is_a_link_on_the_axis_and_a_row_of_the_table(self, client):
        life("Ada", 1815, 1852, birthplace="London, England")
        page = client.get("/lives/").text
        assert '<a class="lives__life" href="/founders/ada/" aria-label="Ada, 1815–1852">' in page
        row = page.partition('<th scope="row">')[2].partition("</tr>")[0]
        cells = re.findall(r"<td>(.*?)</td>", row)
        assert '<a href="/founders/ada/"><bdi>Ada</bdi></a>' in row
        assert cells[:3] == ["1815", "1852", "London, England"]

    def test_stands_in_the_order_of_births(self, client):
        life("Carl", 1844)
        life("Caesar", -100, -44)
        life("Ada", 1815)
        assert names(client) == ["Caesar", "Ada", "Carl"]
        assert "100–44 BC" in client.get("/lives/").text

    @pytest.mark.parametrize("status", ["draft", "pending", "rejected", "hidden"])
    def test_is_shown_only_while_the_profile_is_approved(self, client, status):
        bring(life("Ada", 1815), status)
        assert names(client) == []
        assert "Ada" not in client.get("/lives/").text

    def test_without_a_known_beginning_is_not_on_the_axis(self, client):
        make_founder(name="Ada", death_year=1852)
        page = client.get("/lives/").text
        assert names(client) == []
        assert "No founder’s year of birth is known yet." in page

    def test_has_a_whole_name_for_who_listens_and_a_short_one_to_see(self, client):
        long = "Wolfgang Amadeus Maximilian von der Heide"
        make_founder(name=long, slug="w", birth_year=1815)
        page = client.get("/lives/").text
        assert names(client) == [long]
        assert ">Wolfgang Amadeus Maximilian…<" in page


class TwoWhoShareAStory:
    @pytest.fixture
    def two(self):
        return [life("Bertha", 1849, 1944), life("Carl", 1844, 1929)]

    @pytest.mark.parametrize(
        ("state", "count"), [("draft", 0), ("scheduled", 0), ("published", 1), ("withdrawn", 0)]
    )
    def test_are_joined_while_it_is_public(self, client, two, state, count):
        make_story_in(state, founders=two)
        assert joints(client) == count
        page = client.get("/lives/").text
        assert page.count('<a href="/founders/carl/"><bdi>Carl</bdi></a>') == 1 + count

    def test_are_joined_once(self, client, two):
        for _ in range(3):
            make_story(founders=two)
        assert joints(client) == 1

    def test_are_not_joined_once_one_is_hidden(self, client, two):
        make_story(founders=two)
        two[0].hide("They asked us to.")
        assert joints(client) == 0
        assert "Bertha" not in client.get("/lives/").text

    def test_are_not_joined_by_stories_of_their_own(self, client, two):
        for founder in two:
            make_story(founders=[founder])
        assert joints(client) == 0


class AKeptPage:
    @pytest.fixture
    def read(self):
        cached = CachingClient()

        def read(address="/lives/"):
            cached.cache.freshness.hurry()
            return cached.get(address).body.decode()

        return read

    def test_loses_a_hidden_founder_at_once(self, read):
        ada = life("Ada", 1815)
        assert "Ada" in read()
        ada.hide("They asked us to.")
        assert "Ada" not in read()

    def test_follows_the_stories_of_its_founders(self, read):
        two = [life("Bertha", 1849), life("Carl", 1844)]
        story = make_story(founders=two[:1])
        assert "lives__joint" not in read()
        revise(story, {"founders": [founder.pk for founder in two]})
        assert "lives__joint" in read()
        reload(story).withdraw()
        assert "lives__joint" not in read()

    def test_is_drawn_anew_in_a_new_year(self, read):
        with time_machine.travel(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), tick=False) as clock:
            life("Young", 1990)
            before = read()
            clock.shift(2 * 60 * 60)
            assert read() != before


class AReader:
    @pytest.fixture(autouse=True)
    def lives(self):
        life("Caesar", -100, -44, birthplace="Rome, Italy")
        life("Josiah", 1730, 1795, birthplace="Burslem, England")
        life("Last", 1900, birthplace="London, England")
        life("First", 1801, birthplace="Giengen, Germany")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("century=19", ["First", "Last"]),
            ("century=18", ["Josiah"]),
            ("century=-1", ["Caesar"]),
            ("place=england", ["Josiah", "Last"]),
            ("place=Giengen", ["First"]),
            ("century=19&place=England", ["Last"]),
            ("place=%25", []),
            ("century=7", []),
            ("century=18&century=19", ["First", "Last"]),
            ("century=", ["Caesar", "Josiah", "First", "Last"]),
        ],
    )
    def test_chooses_a_century_and_a_place(self, client, query, found):
        assert names(client, f"/lives/?{query}") == found

    def test_is_offered_the_centuries_that_have_lives(self, client):
        page = client.get("/lives/?century=19&place=London").text
        nav = page.partition("Century of birth")[2].partition("</nav>")[0]
        assert re.findall(r">(\S[^<]*)</a>", nav) == [
            *("100–1 BC", "1701–1800", "1801–1900", "All")
        ]
        assert nav.count('aria-current="true"') == 1
        assert "place=London" in nav

    def test_who_finds_nobody_is_led_on(self, client):
        page = client.get("/lives/?place=Atlantis").text
        assert "Nobody here was born then and there." in page

    @pytest.mark.parametrize(
        "query",
        ["century=abc", "century=99", "century=1.5", "century=" + "9" * 200, "century=19%00"],
    )
    def test_who_asks_for_no_century_is_told_so_and_sees_all(self, client, query):
        page = client.get(f"/lives/?{query}")
        assert "There is no such century here." in page.text
        assert len(names(client, f"/lives/?{query}")) == 4

    @pytest.mark.parametrize("query", ["place=%00", "place=" + "x" * 101])
    def test_who_asks_for_no_place_is_told_so(self, client, query):
        page = client.get(f"/lives/?{query}")
        assert page.status_code == 200
        assert 'class="finder__error"' in page.text

    @pytest.mark.parametrize("number", ["0", "-1", "x", "2", "9999999999"])
    def test_who_asks_for_no_page_gets_404(self, client, number):
        assert client.get(f"/lives/?page={number}").status_code == 404


class ManyLives:
    def test_are_paginated_at_a_constant_cost(self, client):
        def cost(address="/lives/"):
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            return len(captured)

        life("First", 1700)
        one = cost()
        people = [
            Founder(name=f"P{n}", slug=f"p{n}", birth_year=1701 + n, status="approved")
            for n in range(100)
        ]
        Founder.objects.bulk_create(people)
        make_story(founders=people[:20])
        assert cost() == one
        assert len(names(client)) == 60
        assert joints(client) == 20 * 19 / 2
        assert len(names(client, "/lives/?page=2")) == 41
        assert 'href="?century=18&amp;page=2"' in client.get("/lives/?century=18").text
        assert len(client.get("/lives/?page=2").content) < 60_000


class AnAxis:
    def axis(self, *spans, pairs=()):
        founders = [
            Founder(pk=number, name=f"F{number}", birth_year=born, death_year=died)
            for number, (born, died) in enumerate(spans)
        ]
        return draw(founders, pairs, 2026)

    def test_begins_and_ends_with_the_lives(self):
        axis = self.axis((1849, 1944), (1730, 1795))
        assert (axis.first, axis.last) == ("1730", "1950")
        assert [tick.name for tick in axis.ticks] == ["1750", "1800", "1850", "1900"]
        assert (axis.bars[1].x, axis.bars[1].width) == ("0.00%", "29.55%")

    def test_draws_who_may_live_until_today(self):
        [bar] = self.axis((1990, None)).bars
        assert (bar.kind, bar.x, bar.width) == ("open", "0.00%", "90.00%")

    def test_claims_no_length_of_a_life_that_nobody_knows(self):
        [bar] = self.axis((1700, None)).bars
        assert (bar.kind, bar.width) == ("point", "0.00%")

    def test_of_one_short_life_has_a_length(self):
        [bar] = self.axis((1900, 1900)).bars
        assert (bar.kind, bar.x, bar.width) == ("whole", "0.00%", "0.00%")

    @pytest.mark.parametrize("born", [-32768, -551, -1, 1, 1066, 2026])
    def test_has_few_lines_whatever_the_years(self, born):
        axis = self.axis((born, None), (2026, None))
        assert 0 < len(axis.ticks) <= 7
        assert all(0 <= float(tick.x[:-1]) <= 100 for tick in axis.ticks)
        assert "0" not in [tick.name for tick in axis.ticks]

    def test_joins_lives_in_the_middle_of_their_common_years(self):
        [joint] = self.axis((1800, 1850), (1840, 1900), pairs=[(0, 1)]).joints
        assert joint.x1 == joint.x2 == "45.00%"
        assert joint.y2 - joint.y1 == 44

    @pytest.mark.parametrize("pair", [(0, 1), (1, 0)])
    def test_joins_lives_without_common_years_from_end_to_beginning(self, pair):
        [joint] = self.axis((1800, 1850), (1860, 1900), pairs=[pair]).joints
        assert {joint.x1, joint.x2} == {"50.00%", "60.00%"}


class ACentury:
    @pytest.mark.parametrize(
        ("year", "century"),
        [(1, 1), (100, 1), (101, 2), (1801, 19), (1900, 19), (-1, -1), (-100, -1), (-101, -2)],
    )
    def test_has_its_hundred_years(self, year, century):
        assert century_of(year) == century
        first, last = years_of(century)
        assert first <= year <= last
        assert last - first == 99
