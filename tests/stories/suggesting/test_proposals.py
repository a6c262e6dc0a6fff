"""Proposals: a writer's change of an approved profile waits, and the live profile stays."""

import pytest
from django.core.exceptions import ValidationError

from stories.models import Suggestion
from stories.suggesting.deciding import accept, profile_form, reject
from tests.factories import make_founder, make_user, picture, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    client.user = make_user("Writer", username="will")
    client.force_login(client.user)
    return client


@pytest.fixture
def moderator():
    return make_user("Moderator", username="mo")


def address(founder):
    return f"/admin/stories/suggestion/propose/{founder.pk}/"


def propose(client, founder, **changes):
    """Open the form, change some values, and send it."""
    form = client.get(address(founder)).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    changes.setdefault("message", "A book.")
    return client.post(address(founder), shown | changes)


def form_of(proposal, **changes):
    """The form that the moderator sends, with what it shows changed by `changes`."""
    shown = profile_form(proposal)
    values = {name: shown[name].value() or "" for name in shown.fields}
    return profile_form(reload(proposal), values | changes)


class AProposal:
    def test_waits_and_the_live_profile_stays(self, writer):
        ada = make_founder(name="Ada", headline="A weaver.")
        response = propose(writer, ada, headline="A programmer.")
        proposal = Suggestion.objects.get()
        assert response["Location"] == f"/admin/stories/suggestion/{proposal.pk}/change/"
        assert proposal.content == {"headline": "A programmer."}
        assert proposal.based_on == {"headline": "A weaver."}
        assert (proposal.author, proposal.founder, proposal.kind) == (writer.user, ada, "profile")
        assert reload(ada).headline == "A weaver."
        page = writer.get(response["Location"]).text
        assert "<del>weaver</del><ins>programmer</ins>" in page
        assert "Only moderators can decide this." in page

    def test_goes_live_when_a_moderator_accepts(self, writer, moderator):
        ada = make_founder(name="Ada", slug="ada", headline="A weaver.")
        propose(writer, ada, headline="A programmer.", slug="ada-byron")
        proposal = Suggestion.objects.get()
        accept(proposal, moderator, form_of(proposal))
        assert reload(ada).headline == "A programmer."
        assert writer.get("/founders/ada/")["Location"] == "/founders/ada-byron/"

    def test_can_be_a_portrait_which_the_public_does_not_see_yet(self, writer, moderator):
        ada = make_founder(name="Ada")
        upload = {"portrait-upload": picture(), "portrait_alt": "Ada at a loom."}
        propose(writer, ada, **upload)
        proposal = Suggestion.objects.get()
        rendition = f"/media/renditions/{proposal.content['portrait'][:-5]}-64.jpg"
        assert writer.get(rendition).getvalue()
        writer.logout()
        assert writer.get(rendition).status_code == 404
        accept(proposal, moderator, form_of(proposal))
        assert writer.get(rendition).getvalue()
        assert reload(ada).portrait_alt == "Ada at a loom."

    def test_does_not_overwrite_another_one(self, writer, moderator):
        ada = make_founder(biography="One.\n\nTwo.\n\nThree.", company="Looms")
        propose(writer, ada, biography="One!\n\nTwo.\n\nThree.")
        propose(writer, ada, biography="One.\n\nTwo.\n\nThree!", company="Mills")
        for proposal in Suggestion.objects.waiting():
            accept(proposal, moderator, form_of(proposal))
        assert reload(ada).biography == "One!\n\nTwo.\n\nThree!"
        assert reload(ada).company == "Mills"

    def test_that_contradicts_a_newer_text_says_so(self, writer, moderator, client):
        ada = make_founder(headline="A weaver.")
        propose(writer, ada, headline="A programmer.")
        proposal = Suggestion.objects.get()
        ada.headline = "A poet."
        ada.save()
        client.force_login(moderator)
        page = client.get(f"/admin/stories/suggestion/{proposal.pk}/change/").text
        assert "The profile has changed here since this was sent." in page

    def test_that_changes_nothing_is_refused(self, writer):
        ada = make_founder(biography="One\n\nTwo")
        response = propose(writer, ada, biography="One\r\n\r\nTwo")
        assert "Nothing differs from the profile." in response.text
        assert not Suggestion.objects.exists()

    def test_keeps_what_was_typed_if_it_is_not_right(self, writer):
        ada = make_founder()
        response = propose(writer, ada, headline="Typed with care", message="", links="no address")
        assert "Typed with care" in response.text
        assert "is not a web address" in response.text
        assert not Suggestion.objects.exists()

    def test_is_answered_on_the_front_page_of_the_desk(self, writer, moderator):
        propose(writer, make_founder(name="Ada"), headline="A programmer.")
        assert "My proposals" in writer.get("/admin/").text
        reject(Suggestion.objects.get(), moderator, "The book is wrong.")
        page = writer.get("/admin/").text
        assert "rejected" in page
        assert "The book is wrong." in page

    def test_can_be_taken_back_by_its_author_until_it_is_decided(self, writer, moderator, client):
        propose(writer, make_founder(), headline="A programmer.")
        proposal = Suggestion.objects.get()
        back = f"/admin/stories/suggestion/{proposal.pk}/withdraw/"
        other = make_user("Writer")
        writer.force_login(other)
        assert writer.post(back).status_code == 403
        writer.force_login(writer.user)
        assert "You have taken the proposal back." in writer.post(back, follow=True).text
        assert reload(proposal).status == "withdrawn"
        with pytest.raises(ValidationError, match="will was first: taken back"):
            accept(proposal, moderator)
        assert "ill was first: taken back" in writer.post(back, follow=True).text

    def test_of_somebody_else_is_not_shown_to_a_writer(self, writer):
        propose(writer, make_founder(), headline="A programmer.")
        proposal = Suggestion.objects.get()
        writer.force_login(make_user("Writer"))
        assert writer.get(f"/admin/stories/suggestion/{proposal.pk}/change/").status_code == 403


class TheFormOfAProposal:
    def test_is_offered_where_the_profile_cannot_be_changed(self, writer):
        ada = make_founder()
        assert address(ada) in writer.get(f"/admin/founders/founder/{ada.pk}/change/").text

    def test_leads_to_the_profile_who_may_change_it(self, writer, client):
        draft, ada = make_founder("draft"), make_founder()
        profile = f"/admin/founders/founder/{draft.pk}/change/"
        assert writer.get(address(draft))["Location"] == profile
        client.force_login(make_user("Moderator"))
        assert client.get(address(ada)).status_code == 302

    def test_is_for_the_staff_that_may_write(self, client):
        client.force_login(make_user(is_staff=True))
        assert client.get(address(make_founder())).status_code == 403
