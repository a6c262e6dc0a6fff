"""What a process keeps, what it drops, and what a flood does."""

import pytest

from stories_project.page_cache.cached_page import CachedPage, Rendered
from stories_project.page_cache.page_store import MOST_MISSING, PageStore
from stories_project.page_cache.surrogate_keys import Choice

KIB = 1024


def page(*keys, size=KIB, status="200 OK", choices=()):
    rendered = Rendered(status, [("Content-Type", "image/jpeg")], b"x" * size)
    return CachedPage(rendered, keys, choices)


def keep(store, address, *keys, **page_options):
    with store.rendering() as render:
        return store.put(address, page(*keys, **page_options), render)


@pytest.fixture
def store():
    return PageStore(limit=100 * KIB)


class AFullStore:
    def test_stays_within_its_limit(self, store):
        for number in range(1000):
            keep(store, f"/{number}/")
            assert store.size <= store.limit
        assert 30 < len(store) < 60

    def test_gives_up_the_least_recently_used_first(self, store):
        keep(store, "/read/")
        store.get("/read/")
        for number in range(20):
            keep(store, f"/{number}/")
            store.get(f"/{number}/")
        for number in range(20, 60):
            store.get("/read/")
            keep(store, f"/{number}/")
            store.get(f"/{number}/")
        assert store.get("/read/")
        assert not store.get("/0/")

    def test_refuses_a_page_that_would_take_a_tenth_of_it(self, store):
        assert not keep(store, "/large/", size=11 * KIB)
        assert store.size == 0


class AFlood:
    def test_of_addresses_pushes_out_no_page_that_is_read(self, store):
        for number in range(10):
            keep(store, f"/read/{number}/")
            store.get(f"/read/{number}/")
        for number in range(100_000):
            keep(store, f"/flood/{number}/")
        assert all(store.get(f"/read/{number}/") for number in range(10))

    def test_of_missing_addresses_takes_a_bounded_place(self, store):
        for number in range(10):
            keep(store, f"/{number}/")
        for number in range(5000):
            keep(store, f"/missing/{number}/", status="404 Not Found", size=10)
        assert len(store) <= MOST_MISSING + 10
        assert store.get("/missing/4999/")


class ADroppedKey:
    def test_takes_the_pages_that_show_it_and_no_other(self, store):
        keep(store, "/a/", "story-1", "newest")
        keep(store, "/b/", "story-2", "newest")
        keep(store, "/c/", "story-3")
        store.get("/a/")
        assert store.drop({"story-1", "story-9"}) == 1
        assert [bool(store.get(address)) for address in ("/a/", "/b/", "/c/")] == [
            False,
            True,
            True,
        ]
        assert store.drop({"newest"}) == 1

    def test_leaves_nothing_behind(self, store):
        keep(store, "/a/", "story-1", choices=[Choice(frozenset({"tag-1"}), bool)])
        store.drop({"story-1"})
        assert (store.size, len(store)) == (0, 0)

    def test_only_makes_a_page_doubtful_that_has_chosen_among_what_it_means(self, store):
        keep(store, "/a/", "story-1", choices=[Choice(frozenset({"stories-of-tag-1"}), bool)])
        assert store.drop({"stories-of-tag-1"}) == 0
        assert store.get("/a/").doubts == 1


class APageRenderedWhileSomethingChanged:
    @pytest.mark.parametrize(
        "shown",
        [
            page("story-1"),
            page("story-2", choices=[Choice(frozenset({"story-1"}), bool)]),
        ],
    )
    def test_is_not_kept(self, store, shown):
        with store.rendering() as render:
            store.drop({"story-1"})
            assert not store.put("/a/", shown, render)

    def test_is_kept_if_it_does_not_show_it(self, store):
        with store.rendering() as render:
            store.drop({"story-2"})
            assert store.put("/a/", page("story-1"), render)

    def test_is_not_kept_if_everything_was_forgotten(self, store):
        with store.rendering() as render:
            store.clear()
            assert not store.put("/a/", page("story-1"), render)


class AFurtherEncoding:
    def test_is_counted_as_long_as_the_page_is_kept(self, store):
        keep(store, "/a/", size=KIB)
        kept = store.get("/a/")
        before = store.size
        store.grow("/a/", kept, 500)
        assert store.size == before + 500
        store.remove("/a/")
        store.grow("/a/", kept, 500)
        assert store.size == 0
