"""What crawlers read: sitemaps, robots.txt and llms.txt."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests.factories import make_founder, make_story, make_story_in

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def addresses(client, address):
    answer = client.get(address)
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314
    return [element.text.removeprefix(SITE) for element in root.iter(f"{MAP}loc")]


class TheSitemaps:
    def test_list_every_public_page_and_no_other(self, client):
        ada = make_founder(name="Ada Byron", slug="ada-byron")
        make_founder("pending", name="Not Yet", slug="not-yet")
        common = {"founders": [ada]}
        make_story(slug="old", tags=["Engines"], publish_at="2024-12-31T23:30:00+00:00", **common)
        make_story(slug="older", tags=[], publish_at="2024-11-01T00:00:00+00:00", **common)
        make_story(slug="new", tags=["Engines"], publish_at="2025-02-01T00:00:00+00:00", **common)
        for state in ("draft", "scheduled", "withdrawn"):
            make_story_in(state, slug=state, tags=[f"Tag of {state}"], founders=[ada])
        found = [a for part in addresses(client, "/sitemap.xml") for a in addresses(client, part)]
        assert sorted(found) == [
            *(
                "/",
                "/about/",
                "/founders/ada-byron/",
                "/lives/",
                "/privacy/",
                "/stories/new/",
                "/stories/old/",
                "/stories/older/",
            ),
            "/tags/engines/",
        ]
        assert all(client.get(address).status_code == 200 for address in found)

    def test_are_valid_without_a_story(self, client):
        parts = [f"/sitemap-{kind}.xml" for kind in ("founders", "tags", "series", "pages")]
        assert addresses(client, "/sitemap.xml") == parts
        for part in (*parts[:3], "/sitemap-news.xml"):
            assert addresses(client, part) == []

    @pytest.mark.parametrize("month", ["x", "2026-13", "0000-01", "9999-12", "2026-1-1"])
    def test_have_no_file_for_an_invalid_month(self, client, month):
        assert client.get(f"/sitemap-{month}.xml").status_code in (200, 404)

    def test_of_news_list_two_days(self, client):
        now = timezone.now()
        make_story(slug="today", title="Today & now", publish_at=now - timedelta(hours=1))
        make_story(slug="last-week", publish_at=now - timedelta(days=7))
        assert addresses(client, "/sitemap-news.xml") == ["/stories/today/"]
        root = ElementTree.fromstring(client.get("/sitemap-news.xml").content)  # noqa: S314
        assert next(root.iter(f"{NEWS}title")).text == "Today & now"


class TheRobotsFile:
    def test_names_the_sitemaps_and_the_private_paths(self, client):
        text = client.get("/robots.txt").text
        for line in ("Disallow: /admin/", "Disallow: /preview/", f"Sitemap: {SITE}/sitemap.xml"):
            assert line in text.splitlines()


class TheLlmsFile:
    def test_links_to_the_stories_as_markdown(self, client):
        make_story(slug="engines", title="“Engines” & more", excerpt="Excerpt & more.")
        text = client.get("/llms.txt").text
        assert text.startswith("# How They Began\n")
        assert f"- [“Engines” & more]({SITE}/stories/engines.md): Excerpt & more." in text
