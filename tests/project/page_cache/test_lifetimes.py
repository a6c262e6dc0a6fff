"""What a content delivery network is told of an answer: its keys, and how long it is right."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from stories_project.env import NetworkAddress
from stories_project.page_cache.lifetimes import lifetime
from tests.factories import make_founder, make_story, revise
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

DAY = 86_400
NOTHING = "max-age=0, no-store"
FOR_EVER = "max-age=86400, stale-while-revalidate=60, stale-if-error=86400"
VARNISH = NetworkAddress("varnish", api="http://127.0.0.1:1")


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def cached(settings):
    settings.NETWORK = VARNISH
    return CachingClient()


def lifetime_of(cached, address, **environ):
    cached.cache.freshness.hurry()
    return cached.get(address, **environ).headers["Surrogate-Control"]


class ALifetime:
    @pytest.mark.parametrize(
        ("seconds", "directives"),
        [
            (float("inf"), FOR_EVER),
            (2 * DAY, FOR_EVER),
            (DAY + 3600, "max-age=86400, stale-while-revalidate=60, stale-if-error=3600"),
            (DAY + 30, "max-age=86400, stale-while-revalidate=30, stale-if-error=30"),
            (DAY, "max-age=86400"),
            (600.9, "max-age=600"),
            (1, "max-age=1"),
            (0.9, NOTHING),
            (-5, NOTHING),
        ],
    )
    def test_never_goes_beyond_the_moment_until_which_the_page_is_right(self, seconds, directives):
        assert lifetime(seconds) == directives


class APageBehindANetwork:
    def test_goes_out_with_its_keys_and_a_lifetime_for_the_network_only(self, cached):
        ada = make_founder()
        story = make_story(slug="the-loom", founders=[ada], tags=["Looms"])
        tag = story.tags.get()
        for _ in range(2):
            answer = cached.get("/stories/the-loom/")
            keys = answer.headers["Surrogate-Key"].split(" ")
            assert {story.surrogate_key, ada.surrogate_key, tag.surrogate_key} <= set(keys)
            assert {f"stories-of-tag-{tag.pk}", "everything"} <= set(keys)
            assert answer.headers["Surrogate-Control"] == FOR_EVER
            assert answer.headers["Cache-Control"] == "no-cache"

    def test_says_it_with_304_too(self, cached):
        make_story(slug="the-loom")
        whole = cached.get("/stories/the-loom/")
        answer = cached.get("/stories/the-loom/", HTTP_IF_NONE_MATCH=whole.headers["ETag"])
        assert answer.status_code == 304
        for name in ("Surrogate-Key", "Surrogate-Control"):
            assert answer.headers[name] == whole.headers[name]

    def test_has_tags_and_the_header_of_rfc_9213_for_cloudflare(self, settings):
        settings.NETWORK = NetworkAddress("cloudflare", "zone", "token")
        make_story(slug="the-loom")
        headers = CachingClient().get("/stories/the-loom/").headers
        assert "everything" in headers["Cache-Tag"].split(",")
        assert " " not in headers["Cache-Tag"]
        assert headers["CDN-Cache-Control"] == FOR_EVER
        assert not {"Surrogate-Key", "Surrogate-Control"} & headers.keys()

    def test_has_nothing_of_this_without_a_network(self):
        make_story(slug="the-loom")
        headers = CachingClient().get("/stories/the-loom/").headers
        assert not {"Surrogate-Key", "Surrogate-Control", "Cache-Tag", "CDN-Cache-Control"} & set(
            headers
        )


class ATransitionOfTheSite:
    def test_ends_the_lifetime_of_every_page(self, cached, clock):
        lead = make_story(slug="the-loom")
        make_story(publish_at=timezone.now() + timedelta(hours=2))
        assert lifetime_of(cached, "/stories/the-loom/") == "max-age=7200"
        clock.shift(7199)
        assert lifetime_of(cached, "/stories/the-loom/") == "max-age=1"
        assert lifetime_of(cached, "/about/") == "max-age=1"
        clock.shift(0.5)
        assert lifetime_of(cached, "/stories/the-loom/") == NOTHING
        clock.shift(0.5)
        assert lifetime_of(cached, "/stories/the-loom/") == FOR_EVER
        assert lead.is_published

    def test_that_is_known_since_the_page_was_rendered_ends_it_too(self, cached, clock):
        make_story(slug="the-loom")
        other = make_story(slug="another")
        assert lifetime_of(cached, "/stories/the-loom/") == FOR_EVER
        revise(other, {"unpublish_at": timezone.now() + timedelta(minutes=5)})
        assert lifetime_of(cached, "/about/") == "max-age=300"

    def test_is_not_needed_for_a_page_that_ends_by_itself(self, cached, clock):
        make_story(publish_at=timezone.now() - timedelta(days=2) + timedelta(hours=1))
        assert lifetime_of(cached, "/sitemap-news.xml") == "max-age=3600"
        clock.shift(600)
        assert lifetime_of(cached, "/sitemap-news.xml") == "max-age=3000"


class WhatIsMissing:
    def test_stays_in_the_network_as_long_as_in_the_cache(self, cached, clock):
        assert cached.get("/stories/nowhere/").status_code == 404
        assert lifetime_of(cached, "/stories/nowhere/") == "max-age=10"
        assert "missing" in cached.get("/stories/nowhere/").headers["Surrogate-Key"].split(" ")


class WhatIsNotKept:
    @pytest.mark.parametrize("address", ["/suggest/", "/corrections/", "/healthz", "/nowhere.xyz"])
    def test_is_not_kept_by_the_network_either(self, cached, address):
        answer = cached.get(address)
        assert answer.headers["Surrogate-Control"] == NOTHING
        assert "Surrogate-Key" not in answer.headers

    def test_like_an_error_is_not_kept(self, cached, monkeypatch):
        make_story(slug="the-loom")
        monkeypatch.setattr("stories.views.stories.page_of", None)
        assert lifetime_of(cached, "/stories/the-loom/") == NOTHING

    def test_like_a_page_that_changed_while_it_was_rendered(self, cached):
        story = make_story(slug="the-loom")
        django = cached.cache.application

        def rendered_while_it_changes(environ, start_response):
            body = django(environ, start_response)
            cached.cache.store.drop([story.surrogate_key])
            return body

        cached.cache.application = rendered_while_it_changes
        assert lifetime_of(cached, "/stories/the-loom/") == NOTHING
        cached.cache.application = django
        assert lifetime_of(cached, "/stories/the-loom/") == FOR_EVER

    def test_like_a_page_of_a_process_that_cannot_read_the_log(self, cached, clock, monkeypatch):
        make_story(slug="the-loom")
        assert lifetime_of(cached, "/stories/the-loom/") == FOR_EVER
        monkeypatch.setattr(cached.cache.freshness, "catch_up", lambda: None)
        clock.shift(3)
        assert cached.get("/stories/the-loom/").headers["Surrogate-Control"] == NOTHING

    def test_but_says_itself_how_long_it_may_be_kept_stays_as_it_is(self, cached):
        answer = cached.get(make_founder().drawn_seal.src)
        assert "max-age=" in answer.headers["Cache-Control"]
        assert "Surrogate-Control" not in answer.headers
