"""Feeds: valid, complete, with stable ids and ETags, and never ahead of the page."""

from datetime import datetime
from xml.etree import ElementTree

import pytest

from stories.models import Tag
from stories.tagging import merging
from tests.factories import make_founder, make_story, make_story_in, picture, reload, revise, rework

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feed/", "/founders/ada-byron/feed/", "/tags/engines/feed/"]
JSON_FEEDS = [feed.removesuffix("/") + ".json" for feed in FEEDS]


@pytest.fixture
def story():
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    body = "## Act I: <b> & more\n\n[own](/stories/) [other](https://example.org/)\n\n![x](/media/a.webp)"
    return make_story(
        title="“Engines” <& more>", slug="engines", founders=[ada], tags=["Engines"], body=body
    )


def entries(answer):
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314


class AnAtomFeed:
    @pytest.mark.parametrize("address", FEEDS)
    def test_has_what_the_specification_requires(self, client, story, address):
        answer = client.get(address)
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ElementTree.fromstring(answer.content)  # noqa: S314
        for element in (feed, *entries(answer)):
            assert element.findtext(f"{ATOM}id").startswith("tag:127.0.0.1,2026:")
            assert element.findtext(f"{ATOM}title")
            assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == f"http://127.0.0.1:8000{address}"
        [entry] = entries(answer)
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "How They Began"
        assert entry.findtext(f"{ATOM}title") == "“Engines” <& more>"
        assert entry.find(f"{ATOM}category").get("term") == "Engines"

    def test_contains_the_whole_story_with_absolute_urls(self, client, story):
        [entry] = entries(client.get("/feed/"))
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        for text in (
            "First takeaway.",
            'href="http://127.0.0.1:8000/stories/"',
            'src="http://127.0.0.1:8000/media/a.webp"',
            'href="https://example.org/"',
            '<span class="act">Act I<span class="colon">: </span></span>&lt;b&gt; &amp; more',
        ):
            assert text in content.text

    def test_keeps_the_id_of_a_story_that_moves(self, client, story):
        before = entries(client.get("/feed/"))[0]
        revise(story, {"slug": "moved", "title": "Renamed"})
        after = entries(client.get("/feed/"))[0]
        assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id")
        assert after.find(f"{ATOM}link").get("href").endswith("/stories/moved/")

    def test_does_not_show_unpublished_changes(self, client, story):
        before = client.get("/feed/").content
        rework(story, {"title": "Secret rework"})
        assert client.get("/feed/").content == before
        revise(reload(story), {})
        assert client.get("/feed/").content != before

    @pytest.mark.parametrize("address", [*FEEDS, *JSON_FEEDS])
    def test_answers_conditional_requests(self, client, story, address):
        answer = client.get(address)
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_has_twenty_entries_the_newest_first(self, client, story):
        for number in range(22):
            make_story(publish_at=f"2026-01-{number + 1:02}T08:00:00+00:00")
        found = entries(client.get("/feed/"))
        dates = [entry.findtext(f"{ATOM}published") for entry in found]
        assert len(found) == 20
        assert dates == sorted(dates, reverse=True)

    @pytest.mark.parametrize("address", [*FEEDS, *JSON_FEEDS])
    def test_costs_the_same_with_twenty_stories(self, client, story, address, warm):
        few = warm(address)
        for _ in range(19):
            make_story(founders=story.founders, tags=["Engines", "Craft"])
        assert warm(address) == few


@pytest.fixture
def warm(client, django_assert_max_num_queries):
    from stories.planning.scheduling import watch

    def cost(address):
        watch.forget()
        with django_assert_max_num_queries(6) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return cost


class AJsonFeed:
    @pytest.mark.parametrize("address", JSON_FEEDS)
    def test_has_what_the_specification_requires(self, client, story, address):
        answer = client.get(address)
        assert answer["Content-Type"] == "application/feed+json"
        feed = answer.json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == f"http://127.0.0.1:8000{address}"
        [item] = feed["items"]
        assert item["id"] == f"tag:127.0.0.1,2026:story/{story.pk}"
        assert item["title"] == "“Engines” <& more>"
        assert item["tags"] == ["Engines"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert "First takeaway." in item["content_html"]

    def test_has_the_cover(self, client):
        from stories.writing.forms import StoryForm
        from tests.factories import save, story_values

        save(StoryForm(story_values(cover_alt="A kiln"), {"cover-upload": picture()}))
        [item] = client.get("/feed.json").json()["items"]
        assert item["image"].startswith("http://127.0.0.1:8000/media/renditions/covers/")
        assert 'alt="A kiln"' in item["content_html"]


class AFeedUrl:
    def test_redirects_when_its_tag_has_another_slug(self, client, story):
        merging.rename(Tag.objects.get(), {"slug": "machines"})
        assert client.get("/tags/engines/feed/")["Location"] == "/tags/machines/feed/"
        assert client.get("/tags/engines/feed.json")["Location"] == "/tags/machines/feed.json"

    def test_of_a_hidden_founder_is_gone(self, client, story):
        story.founders[0].hide("They asked us to.")
        assert client.get("/founders/ada-byron/feed/").status_code == 410

    @pytest.mark.parametrize("address", ["/founders/nobody/feed/", "/tags/nothing/feed.json"])
    def test_of_nothing_is_not_found(self, client, address):
        assert client.get(address).status_code == 404

    def test_of_a_tag_without_a_public_story_is_not_found(self, client):
        make_story_in("scheduled", tags=["Engines"])
        assert client.get("/tags/engines/feed/").status_code == 404


class AnEmptyFeed:
    def test_is_valid(self, client):
        assert entries(client.get("/feed/")) == []
        assert client.get("/feed.json").json()["items"] == []


class APage:
    def test_links_to_its_feeds(self, client, story):
        assert 'href="/feed/"' in client.get("/").text
        assert 'href="/tags/engines/feed/"' in client.get("/tags/engines/").text
        assert 'href="/founders/ada-byron/feed/"' in client.get("/founders/ada-byron/").text
        assert 'href="/tags/engines/feed.json"' in client.get("/tags/engines/").text
        assert 'href="/founders/ada-byron/feed.json"' in client.get("/founders/ada-byron/").text
