"""A page is dropped on the instant when it stops being right, and no other page is."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone

from stories_project.page_cache import change_log, freshness
from stories_project.page_cache.freshness import Passed
from stories_project.page_cache.models import Change
from stories_project.page_cache.surrogate_keys import EVERYTHING
from tests.factories import make_founder, make_story, revise, rework
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def cached():
    return CachingClient()


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
        yield clock


def read(cached, address):
    return cached.get(address).body.decode()


def is_rendered_again(cached, addresses):
    """Return, for each address, whether Django is asked for it."""
    counts = [cached.renders]
    for address in addresses:
        cached.get(address)
        counts.append(cached.renders)
    return [after > before for before, after in pairwise(counts)]


class AScheduledStory:
    ADDRESSES = ("/", "/stories/", "/feed/")

    def test_drops_no_page_when_it_is_saved(self, cached, clock):
        is_rendered_again(cached, self.ADDRESSES)
        story = make_story(publish_at=timezone.now() + 10 * MINUTE)
        revise(story, {"title": "The ledger"})
        cached.cache.freshness.hurry()
        assert not any(is_rendered_again(cached, self.ADDRESSES))

    def test_is_in_the_log_if_its_time_may_come_before_the_save_is_committed(self, clock):
        story = make_story(publish_at=timezone.now() + SECOND)
        revise(story, {"title": "The ledger"})
        assert story.surrogate_key in Change.objects.latest("pk").keys.split()


class ATransition:
    """Nothing tells the cache of it: no log is read on the instant."""

    def test_shows_a_story_on_its_second(self, cached, clock):
        make_story(title="The loom", slug="the-loom", publish_at=timezone.now() + MINUTE)
        assert cached.get("/stories/the-loom/").status_code == 404
        clock.shift(MINUTE - SECOND)
        assert "The loom" not in read(cached, "/")
        cached.cache.freshness.read_at = float("inf")
        clock.shift(SECOND)
        assert cached.get("/stories/the-loom/").status_code == 200
        assert "The loom" in read(cached, "/")

    def test_takes_a_story_away_on_its_second(self, cached, clock):
        lead = make_story(title="The loom", slug="the-loom", is_lead=True)
        revise(lead, {"unpublish_at": timezone.now() + MINUTE})
        assert "The loom" in read(cached, "/")
        cached.cache.freshness.read_at = float("inf")
        clock.shift(MINUTE)
        assert "The loom" not in read(cached, "/")
        assert cached.get("/stories/the-loom/").status_code == 410

    def test_takes_a_story_away_although_nobody_can_ask_the_schedule(self, clock):
        cached = CachingClient(schedule=lambda after, now: Passed(set(), None))
        lead = make_story(title="The loom", slug="the-loom", is_lead=True)
        revise(lead, {"unpublish_at": timezone.now() + MINUTE})
        for path in ("/", "/stories/the-loom/"):
            assert "The loom" in read(cached, path)
        cached.cache.freshness.read_at = float("inf")
        clock.shift(MINUTE)
        assert "The loom" not in read(cached, "/")
        assert cached.get("/stories/the-loom/").status_code == 410

    def test_applies_an_update_on_its_second(self, cached, clock):
        story = make_story(title="The loom", slug="the-loom")
        rework(story, {"title": "The ledger"})
        story.schedule(timezone.now() + 2 * MINUTE)
        assert "The ledger" not in read(cached, "/stories/the-loom/")
        cached.cache.freshness.read_at = float("inf")
        clock.shift(2 * MINUTE)
        assert "The ledger" in read(cached, "/stories/the-loom/")

    def test_that_is_learnt_of_late_is_applied_at_once(self, cached, clock):
        story = make_story(title="The loom", slug="the-loom")
        read(cached, "/stories/the-loom/")
        rework(story, {"title": "The ledger"})
        story.schedule(timezone.now() + 2 * MINUTE)
        clock.shift(2 * MINUTE)
        cached.cache.freshness.hurry()
        assert "The ledger" in read(cached, "/stories/the-loom/")

    def test_that_was_moved_is_known_as_soon_as_the_log_is_read(self, cached, clock):
        story = make_story(slug="the-loom", publish_at=timezone.now() + 10 * MINUTE)
        assert cached.get("/stories/the-loom/").status_code == 404
        revise(story, {"publish_at": timezone.now() + MINUTE})
        cached.cache.freshness.hurry()
        read(cached, "/")
        cached.cache.freshness.read_at = float("inf")
        clock.shift(MINUTE)
        assert cached.get("/stories/the-loom/").status_code == 200

    def test_ends_the_news_of_a_story_two_days_old(self, cached, clock):
        make_story(title="The loom", publish_at=timezone.now())
        assert "The loom" in read(cached, "/sitemap-news.xml")
        clock.shift(timedelta(days=2, seconds=1))
        assert "The loom" not in read(cached, "/sitemap-news.xml")


class AStoryThatIsPublished:
    def test_leaves_the_pages_warm_that_do_not_show_it(self, cached):
        ada, grace = make_founder(name="Ada"), make_founder(name="Grace")
        others = [make_story(founders=[ada], tags=["Looms"]) for _ in range(6)]
        make_story(founders=[grace], tags=["Sea"])
        draft = make_story(founders=[ada], tags=["Steam"], publish_at=None)
        warm = [f"/stories/{others[0].slug}.md", "/about/", "/tags/sea/", "/founders/grace/"]
        shown = ["/", "/stories/", "/founders/ada/", "/tags/", "/feed/"]
        for address in (*warm, *shown):
            cached.get(address)
        draft.publish()
        cached.cache.freshness.hurry()
        assert is_rendered_again(cached, warm) == [False] * 4
        assert is_rendered_again(cached, shown) == [True] * 5

    def test_makes_a_page_choose_again_and_stay_if_it_chooses_the_same(self, cached):
        ada = make_founder(name="Ada")
        stories = [make_story(founders=[ada], tags=["Looms", "Sea"]) for _ in range(8)]
        make_story(founders=[make_founder()], tags=["Looms", "Sea"])
        page = f"/stories/{stories[0].slug}/"
        cached.get(page)
        make_story(founders=[make_founder()], tags=["Sea"], title="Only the sea")
        cached.cache.freshness.hurry()
        renders = cached.renders
        assert "Only the sea" not in read(cached, page)
        assert cached.renders == renders
        make_story(
            founders=[ada],
            tags=["Looms", "Sea"],
            title="All of it",
            publish_at=stories[0].publish_at,
        )
        cached.cache.freshness.hurry()
        assert "All of it" in read(cached, page)


class ADatabaseThatDoesNotAnswer:
    def test_costs_readers_nothing(self, cached, monkeypatch):
        make_story(slug="the-loom")
        page = read(cached, "/stories/the-loom/")

        def fail(reader):
            raise DatabaseError("The server closed the connection")

        monkeypatch.setattr("stories_project.page_cache.change_log.Reader.read", fail)
        cached.cache.freshness.hurry()
        assert read(cached, "/stories/the-loom/") == page
        assert cached.renders == 1

    def test_before_the_log_was_ever_read_keeps_nothing(self, cached, monkeypatch):
        make_story(slug="the-loom")

        def fail(reader):
            raise DatabaseError("The server closed the connection")

        monkeypatch.setattr("stories_project.page_cache.change_log.Reader.read", fail)
        read(cached, "/stories/the-loom/")
        assert len(cached.cache.store) == 0

    def test_and_hangs_holds_up_no_other_thread_for_long(self, cached, monkeypatch):
        make_story(slug="the-loom")
        read(cached, "/stories/the-loom/")
        monkeypatch.setattr(freshness, "LONGEST_WAIT", 0.01)
        with cached.cache.freshness._catching_up:
            cached.cache.freshness.hurry()
            thread = threading.Thread(target=read, args=[cached, "/stories/the-loom/"])
            thread.start()
            thread.join(5)
            assert not thread.is_alive()


class AProcessThatWasStopped:
    """SIGSTOP, or a machine that slept: its pages are as old as that was long."""

    def test_shows_no_page_before_it_has_read_the_log(self, cached, monkeypatch):
        read(cached, "/")
        fresh = cached.cache.freshness
        looked, goes_on = threading.Event(), threading.Event()

        def slowly(reader):
            looked.set()
            goes_on.wait(5)
            return set()

        monkeypatch.setattr(change_log.Reader, "read", slowly)
        fresh._recent_until = fresh.read_at = 0.0
        first = threading.Thread(target=fresh.catch_up)
        first.start()
        looked.wait(5)
        assert fresh._is_due()  # another request waits for the first one
        goes_on.set()
        first.join()
        assert not fresh._is_due()

    def test_for_a_moment_shows_its_pages_while_it_reads(self, cached, monkeypatch):
        read(cached, "/")
        fresh = cached.cache.freshness
        seen = []
        monkeypatch.setattr(
            change_log.Reader, "read", lambda _: seen.append(fresh._is_due()) or set()
        )
        fresh.hurry()
        fresh.catch_up()
        assert seen == [False]


class AClockThatIsSetBack:
    def test_makes_the_cache_forget_everything(self, cached, clock):
        make_story(slug="the-loom", publish_at=timezone.now() + MINUTE)
        assert cached.get("/stories/the-loom/").status_code == 404
        clock.shift(MINUTE)
        assert cached.get("/stories/the-loom/").status_code == 200
        clock.shift(-MINUTE)
        cached.cache.freshness.hurry()
        assert cached.get("/stories/the-loom/").status_code == 404


class ABulkChange:
    def test_drops_every_page(self, cached):
        make_story(slug="the-loom")
        read(cached, "/about/")
        change_log.record(EVERYTHING)
        cached.cache.freshness.hurry()
        assert is_rendered_again(cached, ["/about/", "/stories/the-loom/"]) == [True, True]
