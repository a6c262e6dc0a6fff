import pytest

from tests.factories import make_founder, make_story, make_story_in, make_tag, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/stories/story/mentions/"


def labels(client, text=""):
    return [row["label"] for row in client.get(ADDRESS, {"q": text}).json()["found"]]


class WhatALinkMayLeadTo:
    @pytest.fixture(autouse=True)
    def _rows(self, client):
        ada = make_founder(name="Loomis Ada", slug="loomis")
        make_founder("hidden", name="Loom Hidden")
        make_story(title="The Loom", slug="loom", founders=[ada], tags=["Looms"])
        make_story_in("draft", title="A loom that nobody reads yet")
        make_tag("Looming")
        client.force_login(make_user("Writer"))

    def test_is_what_readers_see(self, client):
        assert labels(client, "loom") == ["The Loom", "Loomis Ada", "Looms"]
        found = client.get(ADDRESS, {"q": "loom"}).json()["found"]
        assert [row["address"] for row in found] == [
            "/stories/loom/",
            "/founders/loomis/",
            "/tags/looms/",
        ]

    @pytest.mark.parametrize("text", ["", "\0", "x" * 5000, "'; --", "%", "[[", "no such thing"])
    def test_takes_any_text(self, client, text):
        assert client.get(ADDRESS, {"q": text}).status_code == 200

    def test_is_offered_before_anything_is_typed(self, client):
        assert "The Loom" in labels(client)
