"""The page for an address at which nothing is: it offers the stories that may have been meant."""

import pytest
from django.db import DatabaseError

from tests.factories import make_founder, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stories():
    """A story about a loom, and two others, of which one has a word of its title."""
    toyoda = make_founder(name="Sakichi Toyoda")
    make_story(title="The Loom That Stopped", slug="stopped", founders=[toyoda])
    make_story(title="A Kiln That Never Cooled", slug="kiln")
    make_story(title="How Paper Began", slug="paper")
    make_story(title="The Loom That Nobody Saw", slug="draft", publish_at=None)


def offered(client, address):
    response = client.get(address)
    assert response.status_code == 404
    return [title for title in ("Stopped", "Cooled", "Paper", "Saw") if title in response.text]


class AnAddressOfNoStory:
    @pytest.mark.parametrize(
        ("address", "meant"),
        [
            *(("the-loom-that-stopped", "Stopped"), ("loom-stopped.html", "Stopped")),
            *(("the-loom-that-stoppde", "Stopped"), ("the-lom-that-stoped", "Stopped")),
            *(
                ("sakichi-toyoda", "Stopped"),
                ("loom.html", "Stopped"),
                ("papers", "Paper"),
                ("kiln-zzz", "Cooled"),
            ),
        ],
    )
    def test_offers_the_story_that_was_meant(self, client, address, meant):
        assert offered(client, f"/stories/{address}/") == [meant]

    def test_offers_the_best_story_only_while_one_has_enough_of_the_words(self, client):
        assert offered(client, "/stories/the-loom-that-stopped-x/") == ["Stopped"]
        assert set(offered(client, "/stories/loom-kiln/")) == {"Stopped", "Cooled"}

    @pytest.mark.parametrize("address", ["zzz", "zzz-qqq-xxx", "---", "%00", "'" * 300])
    def test_offers_nothing_if_no_story_has_a_word_of_it(self, client, address):
        assert offered(client, f"/stories/{address}/") == []

    def test_of_a_founder_offers_the_stories_about_them(self, client):
        assert offered(client, "/founders/s-toyoda/") == ["Stopped"]

    def test_costs_no_search_elsewhere(self, client, monkeypatch):
        monkeypatch.setattr("stories.views.missing.similar", lambda words: 1 / 0)
        assert offered(client, "/wp-login.php") == []

    def test_is_answered_while_the_search_fails(self, client, monkeypatch):
        def fail(words):
            raise DatabaseError("gone")

        monkeypatch.setattr("stories.views.missing.similar", fail)
        assert offered(client, "/stories/the-loom/") == []

    def test_makes_a_bounded_number_of_queries(self, client, django_assert_max_num_queries):
        # PostgreSQL sets its threshold for each word in a transaction of its own.
        with django_assert_max_num_queries(60):
            client.get("/stories/one-two-three-four-five-six-seven-eight/")
