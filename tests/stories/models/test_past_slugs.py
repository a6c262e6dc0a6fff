"""An address that was ever public never dies; a draft's leaves nothing behind."""

import pytest

from founders.forms import FounderForm
from stories.models import StoryPastSlug
from stories.writing.forms import StoryForm
from tests.factories import make_founder, make_story, make_story_in, reload, revise, story_values

pytestmark = pytest.mark.django_db


def rename(founder, slug):
    form = FounderForm({"name": founder.name, "slug": slug}, instance=reload(founder))
    assert form.is_valid(), form.errors
    return form.save()


class AStoryThatMoved:
    def test_is_found_in_one_hop_however_often_it_moved(self, client):
        story = make_story(slug="first")
        for slug in ("second", "third"):
            revise(reload(story), {"slug": slug})
        for old in ("first", "second"):
            response = client.get(f"/stories/{old}/")
            assert (response.status_code, response["Location"]) == (301, "/stories/third/")

    def test_may_come_back(self, client):
        story = make_story(slug="first")
        for slug in ("second", "first"):
            revise(reload(story), {"slug": slug})
        assert client.get("/stories/first/").status_code == 200
        assert client.get("/stories/second/")["Location"] == "/stories/first/"

    def test_and_was_withdrawn_says_so_at_both_addresses(self, client):
        story = make_story_in("withdrawn", slug="first")
        revise(reload(story), {"slug": "second"})
        assert client.get("/stories/first/").status_code == 410
        assert client.get("/stories/second/").status_code == 410

    def test_keeps_its_address_from_another_story(self):
        revise(reload(make_story(slug="first")), {"slug": "second"})
        form = StoryForm(story_values(slug="first"))
        assert "This address led elsewhere once, and still does." in str(form.errors["slug"])
        assert make_story(title="First", slug="").slug == "first-2"


class AStoryThatBecameADraftAgain:
    def test_is_gone_and_not_unknown(self, client):
        story = make_story(slug="first")
        revise(reload(story), {"publish_at": None})
        assert client.get("/stories/first/").status_code == 410


class ADraft:
    @pytest.mark.parametrize("state", ["draft", "scheduled"])
    def test_leaves_nothing_behind(self, client, state):
        story = make_story_in(state, slug="first")
        revise(reload(story), {"slug": "second"})
        assert not StoryPastSlug.objects.exists()
        assert client.get("/stories/first/").status_code == 404


class AFounderWhoMoved:
    def test_is_found_in_one_hop(self, client):
        founder = make_founder(name="Ada Byron", slug="ada")
        rename(rename(founder, "ada-byron"), "ada-lovelace")
        for old in ("ada", "ada-byron"):
            response = client.get(f"/founders/{old}/")
            assert (response.status_code, response["Location"]) == (301, "/founders/ada-lovelace/")

    def test_and_is_hidden_is_gone_at_both_addresses(self, client):
        founder = rename(make_founder(slug="ada"), "ada-byron")
        founder.hide("They asked us to.")
        assert client.get("/founders/ada/").status_code == 410
        assert client.get("/founders/ada-byron/").status_code == 410

    def test_before_being_public_leaves_nothing_behind(self, client):
        rename(make_founder("pending", slug="ada"), "ada-byron")
        assert client.get("/founders/ada/").status_code == 404

    def test_keeps_the_address_from_another_founder(self):
        rename(make_founder(slug="ada"), "ada-byron")
        form = FounderForm({"name": "Ada", "slug": "ada"})
        assert "This address led elsewhere once" in str(form.errors["slug"])
