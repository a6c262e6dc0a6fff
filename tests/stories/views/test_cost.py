"""A page makes as many queries with 40 stories as with 2, and no more than its ceiling."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from founders.models import Company
from stories.planning.scheduling import watch
from tests.factories import make_company, make_founder, make_story, make_user, make_venture

pytestmark = pytest.mark.django_db

CEILINGS = {
    "/": 6,
    "/stories/": 3,
    "/stories/the-first/": 8,
    "/founders/": 2,
    "/founders/?q=ada": 2,
    "/founders/ada-byron/": 6,
    "/companies/engines/": 5,
    "/lives/": 5,
    "/lives/?century=19&place=london": 5,
    "/suggest/": 1,
    "/corrections/": 2,
    "/corrections/?story=the-first": 2,
    "/tags/": 2,
    "/tags/craft/": 4,
    "/stories/the-first.md": 5,
    "/search/": 5,
    "/search/?q=craft": 14,
    "/search/?q=krafft": 30,
    "/search/suggestions.json?q=st": 5,
    "/feed/": 5,
    "/feed.json": 5,
    "/sitemap.xml": 3,
    "/sitemap-tags.xml": 2,
    "/llms.txt": 3,
}
DESK_CEILINGS = {
    "/admin/stories/story/": 9,
    "/admin/stories/story/?state=published": 9,
    "/admin/stories/story/?q=story": 9,
    "/admin/founders/founder/": 8,
    "/admin/stories/tag/": 8,
}


@pytest.fixture
def two_stories():
    ada = make_founder(
        name="Ada Byron", slug="ada-byron", birth_year=1815, birthplace="London, England"
    )
    company = make_company("Engines")
    make_venture(ada, company)
    make_story(slug="the-first", founders=[ada], tags=["Craft", "War"])
    make_story(founders=[ada], tags=["Craft"])
    return ada


def queries(client, address):
    """Return the queries of a page, including the one that looks for due updates."""
    watch.forget()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in captured]


def add_forty(ada):
    for number in range(40):
        other = make_founder(birth_year=1820 + number, birthplace="London, England")
        make_venture(other, Company.objects.get())
        make_story(founders=[ada, other], tags=["Craft", "War", f"Tag {number}"])


@pytest.mark.parametrize(("address", "ceiling"), CEILINGS.items())
def test_a_page_costs_the_same_with_forty_stories(client, two_stories, address, ceiling):
    few = queries(client, address)
    assert len(few) <= ceiling, "\n".join(few)
    add_forty(two_stories)
    many = queries(client, address)
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.parametrize(("address", "ceiling"), DESK_CEILINGS.items())
def test_a_list_of_the_desk_costs_the_same_with_forty_stories(
    client, two_stories, address, ceiling
):
    client.force_login(make_user(is_superuser=True, role="Editor"))
    few = queries(client, address)
    assert len(few) <= ceiling, "\n".join(few)
    add_forty(two_stories)
    assert len(queries(client, address)) == len(few)


def test_a_story_page_renders_no_markdown(client, two_stories, monkeypatch):
    monkeypatch.setattr("stories_project.text.markdown.render", None)
    assert client.get("/stories/the-first/").status_code == 200
