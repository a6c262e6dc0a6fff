"""What the page cache keeps, for whom, and how it answers."""

import gzip

import brotli
import pytest

from tests.factories import make_story
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def cached():
    return CachingClient()


@pytest.fixture
def story():
    return make_story(title="The loom", slug="the-loom")


class APageThatWasAskedForBefore:
    def test_is_answered_without_django_and_without_a_query(
        self, cached, story, django_assert_num_queries
    ):
        first = cached.get("/stories/the-loom/")
        cached.cache.freshness.read_at = float("inf")
        with django_assert_num_queries(0):
            second = cached.get("/stories/the-loom/")
        assert (cached.renders, second.body) == (1, first.body)

    def test_is_what_django_answers(self, cached, story):
        cached.get("/stories/the-loom/")
        hit, fresh = cached.get("/stories/the-loom/"), cached.uncached("/stories/the-loom/")
        assert hit.body == fresh.body
        assert hit.headers["Content-Security-Policy"] == fresh.headers["Content-Security-Policy"]
        assert "camera=()" in hit.headers["Permissions-Policy"]

    @pytest.mark.parametrize(
        ("accepted", "decode"), [("gzip, br", brotli.decompress), ("gzip;q=0.5", gzip.decompress)]
    )
    def test_is_kept_compressed_for_each_encoding(self, cached, story, accepted, decode):
        plain = cached.get("/stories/the-loom/")
        packed = cached.get("/stories/the-loom/", HTTP_ACCEPT_ENCODING=accepted)
        assert decode(packed.body) == plain.body
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Content-Length"] == str(len(packed.body))
        assert packed.headers["ETag"] != plain.headers["ETag"]

    def test_answers_304_to_whoever_has_it(self, cached, story):
        etag = cached.get("/stories/the-loom/").headers["ETag"]
        answer = cached.get("/stories/the-loom/", HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
        assert (answer.status_code, answer.body) == (304, b"")

    def test_answers_head_without_a_body(self, cached, story):
        whole = cached.get("/stories/the-loom/")
        head = cached.get("/stories/the-loom/", method="HEAD")
        assert (head.body, head.headers) == (b"", whole.headers)


class AnyOtherPartOfARequest:
    @pytest.mark.parametrize(
        "environ",
        [
            {"HTTP_COOKIE": "sessionid=abc; csrftoken=def"},
            {"HTTP_ACCEPT_LANGUAGE": "de"},
            {"HTTP_USER_AGENT": "a crawler"},
            {"HTTP_RANGE": "bytes=0-9"},
            {"HTTP_IF_NONE_MATCH": '"broken'},
            {"HTTP_IF_NONE_MATCH": "W/" * 500_000},
            {"HTTP_IF_MODIFIED_SINCE": "Thu, 32 Foo"},
            {"QUERY_STRING": "utm_source=mail&page=7"},
        ],
    )
    def test_makes_no_other_page(self, cached, story, environ):
        plain = cached.get("/stories/the-loom/")
        answer = cached.get("/stories/the-loom/", **environ)
        assert (answer.status_code, answer.body, cached.renders) == (200, plain.body, 1)

    def test_is_hidden_from_the_first_render_too(self, cached, story):
        first = cached.get("/stories/the-loom/?utm_source=mail", HTTP_COOKIE="sessionid=abc")
        assert first.body == cached.uncached("/stories/the-loom/").body

    def test_like_a_question_mark_in_the_path_is_no_query(self, cached, story):
        cached.get("/stories/?page=1")
        assert cached.get("/stories/%3Fpage=1").status_code == 404


class AKnownParameter:
    def test_makes_another_page(self, cached, story):
        assert cached.get("/search/?q=loom").body != cached.get("/search/?q=ledger").body
        cached.get("/search/?q=loom&x=1")
        assert cached.renders == 2

    def test_that_is_too_long_is_not_kept(self, cached, story):
        for _ in range(2):
            assert cached.get(f"/search/?q={'x' * 400}").status_code == 200
        assert cached.renders == 2


class WhatIsNotTheSameForEverybody:
    @pytest.mark.parametrize(
        "address", ["/suggest/", "/corrections/", "/admin/login/", "/healthz", "/preview/abc/"]
    )
    def test_is_never_kept(self, cached, address):
        cached.get(address)
        cached.get(address)
        assert (cached.renders, len(cached.cache.store)) == (2, 0)

    def test_like_a_post_goes_to_django(self, cached, story):
        cached.get("/stories/the-loom/")
        assert cached.get("/stories/the-loom/", method="POST").status_code == 403

    def test_like_another_host_goes_to_django(self, cached, story):
        cached.get("/stories/the-loom/")
        assert cached.get("/stories/the-loom/", HTTP_HOST="evil.example").status_code == 400

    def test_like_an_error_is_not_kept(self, cached, story, monkeypatch):
        monkeypatch.setattr("stories.views.stories.page_of", None)
        assert cached.get("/stories/the-loom/").status_code == 500
        monkeypatch.undo()
        assert cached.get("/stories/the-loom/").status_code == 200


class AMillionOddRequests:
    """Each kind of flood, in small: what was read stays, and nothing grows."""

    @pytest.mark.parametrize(
        "odd",
        [
            lambda n: ("/stories/the-loom/", {"QUERY_STRING": f"utm_{n}={n}"}),
            lambda n: ("/stories/the-loom/", {"HTTP_COOKIE": f"id={n}"}),
            lambda n: ("/stories/the-loom/", {"HTTP_ACCEPT_LANGUAGE": f"x-{n}"}),
            lambda n: ("/stories/the-loom/", {"HTTP_HOST": f"host-{n}.example"}),
            lambda n: ("/stories/the-loom/", {"HTTP_ACCEPT_ENCODING": f"br;q=0.{n}"}),
            lambda n: (f"/stories/no-{n}/", {}),
            lambda n: (f"/{n}.php", {}),
            lambda n: (f"/{'x' * 2000}{n}", {}),
            lambda n: (f"/search/?q={n}", {}),
        ],
    )
    def test_push_out_no_page_that_is_read(self, cached, story, odd, monkeypatch):
        monkeypatch.setattr("stories_project.page_cache.page_store.MOST_MISSING", 5)
        for _ in range(2):
            page = cached.get("/stories/the-loom/")
        for number in range(30):
            address, environ = odd(number)
            cached.get(address, **environ)
        renders = cached.renders
        assert cached.get("/stories/the-loom/").body == page.body
        assert cached.renders == renders
        assert len(cached.cache.store) <= 1 + 30 * ("search" in address) + 5
        assert len(cached.cache.keys._hosts) == 1
