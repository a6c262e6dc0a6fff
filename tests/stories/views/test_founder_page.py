"""The page of a founder runs along the life."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_founder, make_story, make_story_in

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2025, 6, 1, tzinfo=UTC)
STEPS = re.compile(
    r'class="timeline__year">(?P<year>[^<]+)<|class="timeline__event">(?P<event>[^<]+)<'
    r'|class="card__title"><a href="/stories/(?P<story>[^/]+)/'
)


@pytest.fixture
def ada():
    return make_founder(
        name="Ada Byron", slug="ada", birth_year=1815, death_year=1852, birthplace="London"
    )


def story(founder, slug, told_from=None, day=0, **values):
    at = BEGINNING + timedelta(days=day)
    return make_story(
        slug=slug, title=slug, told_from=told_from, founders=[founder], publish_at=at, **values
    )


def path(client, address="/founders/ada/"):
    """Return the years, events and stories of a page, in their order."""
    page = client.get(address).text
    return [next(filter(None, match.groups())) for match in STEPS.finditer(page)]


class AFounder:
    def test_without_stories_is_born_and_dies(self, client, ada):
        assert path(client) == ["1815", "Born in London", "1852", "Died"]
        assert "Their story is still being written." in client.get("/founders/ada/").text

    def test_without_known_years_has_only_stories(self, client):
        grace = make_founder(slug="grace")
        story(grace, "compiler", 1952)
        assert path(client, "/founders/grace/") == ["1952", "compiler"]

    def test_has_stories_along_the_life_and_those_of_no_year_after_it(self, client, ada):
        story(ada, "notes", 1843, day=1)
        story(ada, "letters", None, day=9)
        story(ada, "childhood", 1816, day=5)
        story(ada, "portraits", None, day=2)
        story(ada, "debts", 1843, day=3)
        assert path(client) == [
            *("1815", "Born in London", "1816", "childhood", "1843", "notes", "debts"),
            *("1852", "Died", "2025", "portraits", "letters"),
        ]
        page = client.get("/founders/ada/").text
        assert page.index("Died") < page.index("Stories of no single year") < page.index("letters")

    def test_shows_the_span_of_a_story_of_several_years(self, client, ada):
        story(ada, "notes", 1842, told_to=1843)
        assert ">1842–1843</p>" in client.get("/founders/ada/").text

    def test_before_christ_runs_forwards(self, client):
        caesar = make_founder(slug="caesar", birth_year=-100, death_year=-44)
        story(caesar, "rubicon", -49)
        assert path(client, "/founders/caesar/") == [
            *("100 BC", "Born", "49 BC", "rubicon", "44 BC", "Died")
        ]
        assert "<dd>100–44 BC</dd>" in client.get("/founders/caesar/").text

    def test_shows_no_story_that_is_not_public(self, client, ada):
        for state in ("draft", "scheduled", "withdrawn"):
            make_story_in(state, told_from=1830, founders=[ada])
        assert path(client) == ["1815", "Born in London", "1852", "Died"]

    def test_has_links_at_the_end(self, client):
        grace = make_founder(slug="grace", links="https://example.org/grace")
        story(grace, "compiler", 1952)
        page = client.get("/founders/grace/").text
        assert page.index("compiler") < page.index('href="https://example.org/grace"')


class ALongLife:
    def test_has_each_event_on_the_page_with_the_stories_around_it(self, client, ada):
        for number in range(200):
            year = 1816 + number if number < 30 else None
            story(ada, f"s{number}", year, day=number)
        first, second = path(client), path(client, "/founders/ada/?page=2")
        assert first[:4] == ["1815", "Born in London", "1816", "s0"]
        assert (first[-1], second[:2]) == ("s19", ["1836", "s20"])
        assert "Died" not in first
        assert second.index("s29") < second.index("Died") < second.index("s30")
        assert "Died" not in path(client, "/founders/ada/?page=3")
        assert path(client, "/founders/ada/?page=10")[-1] == "s199"
        assert client.get("/founders/ada/?page=11").status_code == 404

    def test_dies_on_the_first_page_if_the_rest_tells_of_no_year(self, client, ada):
        for number in range(20):
            story(ada, f"t{number}", 1820)
        for number in range(20):
            story(ada, f"s{number}", None, day=number)
        assert path(client)[-2:] == ["1852", "Died"]
        assert path(client, "/founders/ada/?page=2")[:2] == ["2025", "s0"]
