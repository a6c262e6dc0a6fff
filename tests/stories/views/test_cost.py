"""A page makes as many queries with 40 stories as with 2, and no more than its ceiling."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Series
from stories.planning.scheduling import watch
from stories.writing.series import keys_of_parts, save_series
from tests.factories import make_founder, make_series, make_story, make_user

pytestmark = pytest.mark.django_db

CEILINGS = {
    "/": 6,
    "/stories/": 4,
    "/stories/the-first/": 8,
    "/founders/": 2,
    "/founders/?q=ada": 2,
    "/founders/ada-byron/": 5,
    "/suggest/": 1,
    "/corrections/": 2,
    "/corrections/?story=the-first": 2,
    "/tags/": 2,
    "/tags/craft/": 4,
    "/series/": 2,
    "/series/beginnings/": 4,
    "/series/beginnings/feed/": 5,
    "/series/beginnings/feed.json": 5,
    "/api/series/": 2,
    "/api/series/beginnings/": 3,
    "/stories/the-first.md": 5,
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
    ada = make_founder(name="Ada Byron", slug="ada-byron")
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
    tags = (["Craft", "War", f"Tag {number}"] for number in range(40))
    stories = [make_story(founders=[ada, make_founder()], tags=three) for three in tags]
    series = Series.objects.get(slug="beginnings")
    save_series(series, [*keys_of_parts(series), *(story.pk for story in stories[:20])])
    for story in stories[20:]:
        make_series(story)


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
