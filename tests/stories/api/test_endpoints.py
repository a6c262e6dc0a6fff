"""The API says what the pages say, to machines."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from stories.models import Suggestion
from stories.planning.scheduling import watch
from stories.tagging import merging
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, make_tag, picture, revise, rework
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
HOUR = timedelta(hours=1)
LISTS = ("/api/stories/", "/api/founders/", "/api/tags/", "/api/search/?q=story")


def walk(client, address):
    """Return the items of a list, part by part."""
    parts = []
    while address:
        page = client.get(address.removeprefix(SITE)).json()
        parts.append(page["items"])
        address = page["next"]
    return parts


def titles(parts):
    return [[item["title"] for item in part] for part in parts]


@pytest.fixture
def ada():
    return make_founder(
        name="Ada Byron",
        slug="ada",
        biography="A **countess**.",
        links="https://example.org/ada",
        birth_year=1815,
        portrait=store_image(picture(size=(400, 300)), "portraits"),
        portrait_alt="Ada Byron.",
    )


@pytest.fixture
def loom(ada):
    return make_story(
        title="The loom",
        slug="the-loom",
        founders=[ada],
        tags=["Looms", "Sea"],
        cover=store_image(picture(size=(700, 400)), "covers"),
        cover_alt="A loom.",
        cover_credit="A photographer",
        body="## Prologue: A loom\n\nSee [the tags](/tags/).",
    )


class TheRoot:
    def test_says_what_there_is(self, client):
        page = client.get("/api/").json()
        assert page["name"] == "How They Began"
        for address in (page["openapi"], *page["endpoints"].values()):
            assert client.get(address.removeprefix(SITE)).status_code == 200


class AStoryInTheApi:
    def test_in_a_list_has_what_a_card_shows_and_more(self, client, loom):
        [item] = client.get("/api/stories/").json()["items"]
        cover = item.pop("cover")
        assert item.pop("published_at") < item.pop("modified_at")
        assert item == {
            "id": loom.pk,
            "slug": "the-loom",
            "url": f"{SITE}/stories/the-loom/",
            "title": "The loom",
            "excerpt": loom.excerpt,
            "byline": "How They Began",
            "minutes": 1,
            "founders": [{"name": "Ada Byron", "slug": "ada", "url": f"{SITE}/founders/ada/"}],
            "tags": [
                {"name": "Looms", "slug": "looms", "url": f"{SITE}/tags/looms/"},
                {"name": "Sea", "slug": "sea", "url": f"{SITE}/tags/sea/"},
            ],
        }
        assert (cover["alt"], cover["credit"]) == ("A loom.", "A photographer")
        assert (cover["width"], cover["height"]) == (700, 400)
        assert {(r["width"], r["type"]) for r in cover["renditions"]} == {
            (width, f"image/{form}")
            for width in (320, 640, 700)
            for form in ("avif", "webp", "jpeg")
        }
        for rendition in cover["renditions"]:
            answer = client.get(rendition["url"].removeprefix(SITE))
            assert answer.status_code == 200
            answer.close()

    def test_has_its_whole_text(self, client, loom, ada):
        other = make_story(title="Another", slug="another", founders=[ada], tags=[])
        Suggestion.objects.create(
            kind="story",
            name="Loom",
            story=loom,
            status="accepted",
            decided_at=timezone.now(),
            public_note="A year was wrong.",
        )
        story = client.get("/api/stories/the-loom/").json()
        assert story["body"] == loom.body
        assert f'<a href="{SITE}/tags/">' in story["body_html"]
        assert story["takeaways"] == ["First takeaway.", "Second takeaway."]
        assert story["sources"] == [
            {"title": "A book", "url": "", "accessed_on": None},
            {"title": "A page", "url": "https://example.org/", "accessed_on": "2026-01-31"},
        ]
        assert story["corrections"][0]["text"] == "A year was wrong."
        assert story["related"][0] == {
            "slug": other.slug,
            "url": f"{SITE}/stories/another/",
            "title": "Another",
            "reason": "Also about Ada Byron",
        }

    def test_names_a_founder_who_is_not_approved_and_says_nothing_else(self, client, loom, ada):
        ada.hide("They asked us to.")
        for address in ("/api/stories/", "/api/stories/the-loom/"):
            page = client.get(address).json()
            story = page["items"][0] if "items" in page else page
            assert story["founders"] == [{"name": "Ada Byron", "slug": None, "url": None}]
        assert client.get("/api/stories/?founder=ada").status_code == 404
        assert client.get("/api/founders/").json()["items"] == []

    def test_shows_nothing_of_a_working_copy(self, client, loom):
        rework(loom, {"title": "A secret", "body": "## Prologue: Secret\n\nA secret."})
        for address in ("/api/stories/", "/api/stories/the-loom/", "/api/search/?q=secret"):
            assert "secret" not in client.get(address).text.lower()


class AFounderInTheApi:
    def test_has_the_whole_profile(self, client, ada):
        founder = client.get("/api/founders/ada/").json()
        assert founder["biography_html"].strip() == "<p>A <strong>countess</strong>.</p>"
        assert (founder["birth_year"], founder["death_year"]) == (1815, None)
        assert founder["links"] == ["https://example.org/ada"]
        assert founder["portrait"]["alt"] == "Ada Byron."
        assert founder["stories"] == f"{SITE}/api/stories/?founder=ada"


class ATagInTheApi:
    def test_counts_its_public_stories(self, client, loom):
        tag = client.get("/api/tags/sea/").json()
        assert (tag["name"], tag["story_count"]) == ("Sea", 1)
        assert client.get(tag["stories"].removeprefix(SITE)).json()["items"][0]["id"] == loom.pk


class AListInTheApi:
    def test_is_sorted_by_time_and_by_primary_key(self, client):
        same = timezone.now() - HOUR
        for number in range(5):
            make_story(title=f"S{number}", publish_at=same if number < 4 else same - HOUR)
        assert titles(walk(client, "/api/stories/?limit=2")) == [["S3", "S2"], ["S1", "S0"], ["S4"]]

    @pytest.mark.parametrize(
        "filters", ["founder=ada", "tag=sea", "founder=ada&tag=sea", "tag=sea&founder=ada"]
    )
    def test_of_a_founder_or_a_tag_has_all_of_them_and_no_other(self, client, ada, filters):
        same = timezone.now() - HOUR
        for number in range(5):
            make_story(title=f"S{number}", founders=[ada], tags=["Sea"], publish_at=same)
        make_story(title="Another", tags=["Land"])
        parts = walk(client, f"/api/stories/?{filters}&limit=2")
        assert titles(parts) == [["S4", "S3"], ["S2", "S1"], ["S0"]]

    def test_neither_skips_nor_repeats_when_another_story_is_published_meanwhile(self, client):
        for number in range(4):
            make_story(title=f"S{number}", publish_at=timezone.now() - (9 - number) * HOUR)
        first = client.get("/api/stories/?limit=2").json()
        make_story(title="New", publish_at=timezone.now())
        rest = walk(client, first["next"])
        assert titles([first["items"], *rest]) == [["S3", "S2"], ["S1", "S0"]]

    def test_of_founders_and_of_tags_is_sorted_by_name(self, client):
        for name in ("Émile", "Zoë", "Ada", "Emil", "edgar"):
            make_founder(name=name, slug=name.lower())
        make_story(founders=[make_founder(name="Yves", slug="yves")], tags=["Élan", "Zeal", "arc"])
        names = [[i["name"] for i in part] for part in walk(client, "/api/founders/?limit=2")]
        assert names == [["Ada", "edgar"], ["Emil", "Émile"], ["Yves", "Zoë"]]
        names = [[i["name"] for i in part] for part in walk(client, "/api/tags/?limit=1")]
        assert names == [["arc"], ["Élan"], ["Zeal"]]

    def test_of_results_has_the_best_first(self, client):
        for number in range(5):
            make_story(title=f"The loom {number}", publish_at=timezone.now() - (9 - number) * HOUR)
        parts = walk(client, "/api/search/?q=loom&limit=2")
        assert [len(part) for part in parts] == [2, 2, 1]
        assert len({item["id"] for part in parts for item in part}) == 5

    def test_of_results_says_what_was_corrected(self, client):
        make_story(title="The weaver")
        results = client.get("/api/search/?q=weavre").json()
        assert (results["corrected"], len(results["items"])) == ("weaver", 1)

    @pytest.mark.parametrize("address", LISTS)
    def test_of_nothing_is_empty(self, client, address):
        page = client.get(address).json()
        assert (page["items"], page["next"]) == ([], None)

    @pytest.mark.parametrize("address", [*LISTS, "/api/stories/?tag=craft"])
    def test_makes_the_same_number_of_queries_for_2_and_40_rows(
        self, client, address, django_assert_max_num_queries
    ):
        counts = []
        for more in (2, 38):
            for _ in range(more):
                make_story(tags=[f"Tag {more} {_}", "Craft"])
            limit = "&limit=50" if "?" in address else "?limit=50"
            watch.forget()
            with django_assert_max_num_queries(11) as queries:
                client.get(address + limit)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class WhatIsNotHere:
    def gone(self, client, address, status):
        answer = client.get(address)
        problem = answer.json()
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert (problem["status"], problem["type"]) == (status, "about:blank")
        assert problem["detail"].endswith(".")
        return answer

    def test_was_never_here(self, client):
        for address in (
            *("/api/stories/no/", "/api/founders/no/", "/api/tags/no/", "/api/no/such/thing/"),
            *("/api/stories/?tag=no", "/api/stories/?founder=no", "/api/stories/no.md/"),
        ):
            self.gone(client, address, 404)

    def test_was_withdrawn(self, client, loom):
        loom.withdraw()
        answer = self.gone(client, "/api/stories/the-loom/", 410)
        assert "The loom" not in answer.text

    def test_has_another_slug_now(self, client, loom, ada):
        revise(loom, {"slug": "the-ledger"})
        answer = self.gone(client, "/api/stories/the-loom/", 301)
        assert answer["Location"] == "/api/stories/the-ledger/"
        merging.merge([make_tag("Looms")], make_tag("Sea"), by=None)
        answer = self.gone(client, "/api/tags/looms/", 301)
        assert answer["Location"] == "/api/tags/sea/"
        assert len(client.get("/api/stories/?tag=looms").json()["items"]) == 1


class ARequestOfAMachine:
    @pytest.mark.parametrize("address", ["/api/stories/the-loom/", "/api/", "/api/openapi.json"])
    def test_gets_304_for_what_it_has(self, client, loom, address):
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    def test_of_a_kept_page_gets_304_until_the_story_changes(self, loom):
        caching, address = CachingClient(), "/api/stories/the-loom/"
        etag = caching.get(address).headers["ETag"]
        renders = caching.renders
        assert caching.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 304
        assert caching.renders == renders
        revise(loom, {"title": "The ledger"})
        caching.cache.freshness.hurry()
        answer = caching.get(address, HTTP_IF_NONE_MATCH=etag)
        assert json.loads(answer.body)["title"] == "The ledger"

    def test_may_ask_for_the_head_only(self, client, loom):
        whole, head = client.get("/api/stories/"), client.head("/api/stories/")
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Type"] == whole["Content-Type"]

    @pytest.mark.parametrize("address", ["/api/stories/", "/api/stories/no/", "/api/?limit=x"])
    def test_may_come_from_the_script_of_another_site(self, client, address):
        assert client.get(address)["Access-Control-Allow-Origin"] == "*"
        before = client.options(address)
        assert (before.status_code, before.content) == (204, b"")
        assert before["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "Access-Control-Allow-Credentials" not in before

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_cannot_write(self, client, method):
        answer = getattr(client, method)("/api/stories/")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "query",
        [
            *("limit=0", "limit=51", "limit=-1", "limit=x", "limit=", "cursor=x", "cursor=ü"),
            *("tag=a%00b", "founder=a%20b", "tag=" + "x" * 201, "cursor=" + "W1tb" * 230),
            *("cursor=WyJ4IiwxXQ", "cursor=W10", "cursor=bnVsbA", "cursor=MTIz", "cursor=e30"),
        ],
    )
    def test_with_a_bad_parameter_gets_a_sentence(self, client, query):
        answer = client.get(f"/api/stories/?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert answer.json()["detail"].endswith(".")

    @pytest.mark.parametrize("query", ["q=a%00b", "q=" + "x" * 201, "q=a&cursor=%FF"])
    def test_with_a_bad_search_gets_a_sentence(self, client, query):
        assert client.get(f"/api/search/?{query}").status_code == 400

    def test_with_an_unknown_parameter_gets_the_same_page(self, client, loom):
        assert (
            client.get("/api/stories/?utm_source=x").content == client.get("/api/stories/").content
        )

    def test_gets_no_cookie(self, client, loom):
        assert not client.get("/api/stories/").cookies
