"""Search engines and feed readers are told what readers see change, and of nothing else."""

import json
from datetime import timedelta
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from stories.sharing import index_now
from stories_project.page_cache.delivering import deliver_due
from tests.factories import make_founder, make_story, make_story_in, make_tag, revise, rework
from tests.recording_server import recording_server

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
KEY = "0123456789abcdef"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def server():
    with recording_server() as server:
        yield server


@pytest.fixture
def search_engine(server, settings, monkeypatch):
    settings.INDEXNOW_KEY = KEY
    settings.PINGS = {"indexnow": "stories.sharing.index_now.tell"}
    monkeypatch.setattr(index_now, "URL", f"{server.address}/indexnow")
    return server


@pytest.fixture
def hub(server, settings):
    settings.WEBSUB_HUB = f"{server.address}/hub"
    settings.PINGS = {"websub": "stories.sharing.web_sub.tell"}
    return server


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
        yield clock


def told(server):
    """Deliver, and return the paths of all URLs that the server is told."""
    server.requests.clear()
    deliver_due()
    urls = []
    for _, path, _, body in server.requests:
        if path == "/hub":
            urls += [url for name, url in parse_qsl(body.decode()) if name == "hub.url"]
        else:
            urls += json.loads(body)["urlList"]
    assert all(url.startswith(f"{SITE}/") for url in urls)
    return [url.removeprefix(SITE) for url in urls]


class ASearchEngine:
    def test_is_asked_as_index_now_says(self, search_engine):
        make_story(slug="the-loom")
        deliver_due()
        [(method, path, headers, body)] = search_engine.requests
        assert (method, path) == ("POST", "/indexnow")
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert json.loads(body) == {
            "host": "127.0.0.1:8000",
            "key": KEY,
            "keyLocation": f"{SITE}/{KEY}.txt",
            "urlList": [f"{SITE}/stories/the-loom/"],
        }

    def test_is_asked_where_the_protocol_says(self):
        assert index_now.URL == "https://api.indexnow.org/indexnow"

    def test_finds_the_key_at_its_address(self, client, search_engine):
        answer = client.get(f"/{KEY}.txt")
        assert (answer.content, answer["Content-Type"]) == (
            KEY.encode(),
            "text/plain; charset=utf-8",
        )
        assert client.get("/another.txt").status_code == 404
        assert b"Disallow: /admin/" in client.get("/robots.txt").content

    def test_finds_no_key_if_there_is_none(self, client, settings):
        settings.INDEXNOW_KEY = ""
        assert client.get(f"/{KEY}.txt").status_code == 404

    def test_is_told_of_several_changes_in_one_call(self, search_engine):
        for slug in ("one", "two", "three"):
            make_story(slug=slug)
        assert told(search_engine) == ["/stories/one/", "/stories/three/", "/stories/two/"]
        assert len(search_engine.requests) == 1

    def test_is_told_of_a_change_a_new_slug_and_a_withdrawal(self, search_engine):
        story = make_story(slug="the-loom")
        deliver_due()
        revise(story, {"title": "The ledger"})
        assert told(search_engine) == ["/stories/the-loom/"]
        revise(story, {"slug": "die-weberei-ü"})
        assert told(search_engine) == ["/stories/die-weberei-%C3%BC/", "/stories/the-loom/"]
        story.withdraw()
        assert told(search_engine) == ["/stories/die-weberei-%C3%BC/", "/stories/the-loom/"]

    def test_is_told_of_a_story_that_is_removed(self, search_engine):
        story = make_story(slug="the-loom")
        deliver_due()
        story.remove()
        assert told(search_engine) == ["/stories/the-loom/"]

    def test_is_told_of_a_transition_on_its_second(self, search_engine, clock):
        now = timezone.now()
        make_story(slug="the-loom", publish_at=now + MINUTE, unpublish_at=now + HOUR)
        assert told(search_engine) == []
        clock.move_to(now + MINUTE - timedelta(seconds=1))
        assert told(search_engine) == []
        clock.move_to(now + MINUTE)
        assert told(search_engine) == ["/stories/the-loom/"]
        clock.move_to(now + HOUR)
        assert told(search_engine) == ["/stories/the-loom/"]
        assert told(search_engine) == []

    def test_is_told_of_a_scheduled_update_when_it_goes_live(self, search_engine, clock):
        from stories.planning.scheduling import watch

        story = make_story(slug="the-loom")
        deliver_due()
        rework(story, {"title": "The ledger"})
        story.schedule(timezone.now() + 2 * MINUTE)
        assert told(search_engine) == []
        clock.shift(120)
        watch.apply_due_updates(timezone.now())
        assert told(search_engine) == ["/stories/the-loom/"]


class WhatReadersDoNotSee:
    @pytest.fixture(params=["search_engine", "hub"])
    def server_told(self, request):
        return request.getfixturevalue(request.param)

    @pytest.mark.parametrize("state", ["draft", "scheduled"])
    def test_is_told_to_nobody(self, server_told, state):
        story = make_story_in(state, slug="a-secret", tags=["Secret"])
        revise(story, {"title": "Another secret"})
        story.remove()
        assert told(server_told) == []
        assert not server_told.requests

    def test_like_a_working_copy_is_told_to_nobody(self, server_told):
        story = make_story(slug="the-loom")
        deliver_due()
        rework(story, {"slug": "a-secret", "tags": ["Secret"]})
        assert told(server_told) == []

    def test_like_a_story_whose_publication_was_cancelled_is_told_to_nobody(
        self, server_told, clock
    ):
        story = make_story(slug="a-secret", publish_at=timezone.now() + MINUTE)
        revise(story, {"publish_at": None})
        clock.shift(120)
        assert told(server_told) == []

    def test_like_the_new_slug_of_a_withdrawn_story_is_told_to_nobody(self, search_engine):
        story = make_story(slug="the-loom")
        story.withdraw()
        revise(story, {"slug": "a-secret"})
        assert told(search_engine) == ["/stories/the-loom/"]

    def test_like_a_story_that_was_published_only_between_two_pings(self, hub):
        """It was withdrawn before the hub was told of it: its feeds are not public any more."""
        story = make_story(slug="the-loom", tags=["Looms"], founders=[make_founder(slug="ada")])
        story.withdraw()
        story.founders[0].hide("They asked us to.")
        assert told(hub) == ["/feed/", "/feed.json"]

    def test_like_a_hidden_founder_has_no_feed_that_is_told(self, hub):
        ada, grace = make_founder(slug="ada"), make_founder(slug="grace")
        story = make_story(founders=[ada, grace], tags=["Sea"])
        ada.hide("They asked us to.")
        assert told(hub) == [
            *("/feed/", "/feed.json", "/founders/grace/feed/", "/founders/grace/feed.json"),
            *("/tags/sea/feed/", "/tags/sea/feed.json"),
        ]
        assert story.is_published


class AHub:
    def test_is_asked_as_public_hubs_say(self, hub):
        make_story(founders=[make_founder(slug="ada")], tags=["Sea"])
        deliver_due()
        [(method, path, headers, body)] = hub.requests
        assert (method, path) == ("POST", "/hub")
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert parse_qsl(body.decode()) == [
            ("hub.mode", "publish"),
            ("hub.url", f"{SITE}/feed/"),
            ("hub.url", f"{SITE}/feed.json"),
            ("hub.url", f"{SITE}/founders/ada/feed/"),
            ("hub.url", f"{SITE}/founders/ada/feed.json"),
            ("hub.url", f"{SITE}/tags/sea/feed/"),
            ("hub.url", f"{SITE}/tags/sea/feed.json"),
        ]

    def test_is_told_the_feeds_that_a_story_has_left(self, hub):
        make_story(tags=["Sea"], founders=[make_founder(slug="ada")])
        moved = make_story(tags=["Sea"], founders=[make_founder(slug="grace")])
        deliver_due()
        moved.withdraw()
        assert "/tags/sea/feed/" in told(hub)
        assert make_tag("Sea")

    @pytest.mark.parametrize("of", ["/", "/founders/ada/", "/tags/sea/"])
    @pytest.mark.parametrize("format", ["feed/", "feed.json"])
    def test_is_named_by_each_feed(self, client, settings, of, format):
        settings.WEBSUB_HUB = "https://hub.example.org/"
        make_story(tags=["Sea"], founders=[make_founder(slug="ada")])
        address = f"{of}{format}"
        answer = client.get(address)
        itself = f"{SITE}{address}"
        assert answer["Link"] == f'<https://hub.example.org/>; rel="hub", <{itself}>; rel="self"'
        if format == "feed/":
            feed = ElementTree.fromstring(answer.content)  # noqa: S314
            links = feed.findall("{http://www.w3.org/2005/Atom}link")
            found = {link.get("rel"): link.get("href") for link in links}
            assert (found["hub"], found["self"]) == ("https://hub.example.org/", itself)
        else:
            hubs = [{"type": "WebSub", "url": "https://hub.example.org/"}]
            assert (answer.json()["hubs"], answer.json()["feed_url"]) == (hubs, itself)

    def test_is_named_by_no_feed_if_there_is_none(self, client):
        make_story()
        assert "Link" not in client.get("/feed/").headers
        assert b'rel="hub"' not in client.get("/feed/").content
        assert "hubs" not in client.get("/feed.json").json()
