"""An address that was ever public keeps working; the address of a draft leaves no trace."""

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


class AStoryWithANewSlug:
    def test_redirects_in_one_hop_after_any_number_of_changes(self, client):
        story = make_story(slug="first")
        for slug in ("second", "third"):
            revise(reload(story), {"slug": slug})
        for old in ("first", "second"):
            response = client.get(f"/stories/{old}/")
            assert (response.status_code, response["Location"]) == (301, "/stories/third/")

    def test_can_have_its_old_slug_again(self, client):
        story = make_story(slug="first")
        for slug in ("second", "first"):
            revise(reload(story), {"slug": slug})
        assert client.get("/stories/first/").status_code == 200
        assert client.get("/stories/second/")["Location"] == "/stories/first/"

    def test_answers_410_at_both_addresses_once_withdrawn(self, client):
        story = make_story_in("withdrawn", slug="first")
        revise(reload(story), {"slug": "second"})
        assert client.get("/stories/first/").status_code == 410
        assert client.get("/stories/second/").status_code == 410

    def test_reserves_its_old_slug(self):
        revise(reload(make_story(slug="first")), {"slug": "second"})
        form = StoryForm(story_values(slug="first"))
        assert "This address led elsewhere once, and still does." in str(form.errors["slug"])
        assert make_story(title="First", slug="").slug == "first-2"


class AStoryThatBecameADraftAgain:
    def test_answers_410_and_not_404(self, client):
        story = make_story(slug="first")
        revise(reload(story), {"publish_at": None})
        assert client.get("/stories/first/").status_code == 410


class ADraft:
    @pytest.mark.parametrize("state", ["draft", "scheduled"])
    def test_keeps_no_past_slug(self, client, state):
        story = make_story_in(state, slug="first")
        revise(reload(story), {"slug": "second"})
        assert not StoryPastSlug.objects.exists()
        assert client.get("/stories/first/").status_code == 404


class AFounderWithANewSlug:
    def test_redirects_in_one_hop(self, client):
        founder = make_founder(name="Ada Byron", slug="ada")
        rename(rename(founder, "ada-byron"), "ada-lovelace")
        for old in ("ada", "ada-byron"):
            response = client.get(f"/founders/{old}/")
            assert (response.status_code, response["Location"]) == (301, "/founders/ada-lovelace/")

    def test_answers_410_at_both_addresses_once_hidden(self, client):
        founder = rename(make_founder(slug="ada"), "ada-byron")
        founder.hide("They asked us to.")
        assert client.get("/founders/ada/").status_code == 410
        assert client.get("/founders/ada-byron/").status_code == 410

    def test_who_was_never_public_keeps_no_past_slug(self, client):
        rename(make_founder("pending", slug="ada"), "ada-byron")
        assert client.get("/founders/ada/").status_code == 404

    def test_reserves_the_old_slug(self):
        rename(make_founder(slug="ada"), "ada-byron")
        form = FounderForm({"name": "Ada", "slug": "ada"})
        assert "This address led elsewhere once" in str(form.errors["slug"])
