"""A page makes as many queries with 40 stories as with 2, and no more than its ceiling."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from founders.models import Company
from stories.models import Series
from stories.planning.scheduling import watch
from stories.writing.series import keys_of_parts, save_series
from tests.factories import (
    make_company,
    make_founder,
    make_series,
    make_story,
    make_user,
    make_venture,
)

pytestmark = pytest.mark.django_db

CEILINGS = {
    "/": 6,
    "/stories/": 4,
    "/stories/the-first/": 8,
    "/founders/": 3,
    "/founders/?q=ada": 3,
    "/founders/?letter=B": 3,
    "/founders/ada-byron/": 7,
    "/privacy/": 1,
    "/reading-list/": 1,
    "/companies/engines/": 5,
    "/lives/": 5,
    "/lives/?century=19&place=london": 5,
    "/suggest/": 1,
    "/corrections/": 2,
    "/corrections/?story=the-first": 2,
    "/tags/": 2,
    "/tags/?order=name": 2,
    "/tags/craft/": 4,
    "/series/": 2,
    "/series/beginnings/": 4,
    "/series/beginnings/feed/": 5,
    "/series/beginnings/feed.json": 5,
    "/api/series/": 2,
    "/api/series/beginnings/": 3,
    "/stories/the-first.md": 5,
    "/stories/the-first/card/": 3,
    "/oembed?url=http://127.0.0.1:8000/stories/the-first/": 3,
    "/search/": 5,
    "/search/?q=craft": 14,
    "/search/?q=krafft": 30,
    "/search/suggestions.json?q=st": 5,
    "/feed/": 5,
    "/feed.json": 5,
    "/sitemap.xml": 3,
    "/sitemap-tags.xml": 2,
    "/sitemap-series.xml": 2,
    "/llms.txt": 4,
}
DESK_CEILINGS = {
    "/admin/stories/story/": 9,
    "/admin/stories/story/?state=published": 9,
    "/admin/stories/story/?q=story": 9,
    "/admin/founders/founder/": 8,
    "/admin/stories/tag/": 8,
    "/admin/stories/series/": 8,
}


@pytest.fixture
def two_stories():
    ada = make_founder(
        name="Ada Byron",
        slug="ada-byron",
        family_name="Byron",
        birth_year=1815,
        birthplace="London, England",
    )
    company = make_company("Engines")
    make_venture(ada, company)
    first = make_story(slug="the-first", founders=[ada], tags=["Craft", "War"])
    second = make_story(founders=[ada], tags=["Craft"])
    make_series(first, second, title="Beginnings", slug="beginnings")
    return ada


def queries(client, address):
    """Return the queries of a page, including the one that looks for due updates."""
    watch.forget()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in captured]


def add_forty(ada):
    stories = []
    for number in range(40):
        other = make_founder(birth_year=1820 + number, birthplace="London, England")
        make_venture(other, Company.objects.get())
        stories.append(make_story(founders=[ada, other], tags=["Craft", "War", f"Tag {number}"]))
    series = Series.objects.get(slug="beginnings")
    save_series(series, [*keys_of_parts(series), *(story.pk for story in stories[:20])])
    for story in stories[20:]:
        make_series(story)


@pytest.mark.parametrize(("ceilings", "is_desk"), [(CEILINGS, False), (DESK_CEILINGS, True)])
def test_every_page_costs_the_same_with_forty_stories(client, two_stories, ceilings, is_desk):
    if is_desk:
        client.force_login(make_user(is_superuser=True, role="Editor"))
    few = {address: queries(client, address) for address in ceilings}
    too_many = {page: made for page, made in few.items() if len(made) > ceilings[page]}
    assert too_many == {}
    add_forty(two_stories)
    many = {address: queries(client, address) for address in ceilings}
    grown = {page: made for page, made in many.items() if len(made) != len(few[page])}
    assert grown == {}


def test_a_story_page_renders_no_markdown(client, two_stories, monkeypatch):
    monkeypatch.setattr("stories_project.text.markdown.render", None)
    assert client.get("/stories/the-first/").status_code == 200
