"""Following by e-mail: confirmed by the owner of the address, changed and left without an account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from stories.following.addresses import erase, note_bounces
from stories.models import Follow, Follower, Letter, Sending
from stories.moderating.erasing import erase as erase_person
from stories.moderating.person import Person
from stories.tagging.merging import merge
from stories_project.audit.models import AuditEntry
from tests.factories import make_founder, make_story, make_tag, make_user, reload
from tests.stories.suggesting.test_suggestions import send

pytestmark = pytest.mark.django_db
ASKED = {"email": "ada@example.org", "consent": "on"}


def make_follower(address="ada@example.org", founder=None, tag=None, **fields):
    now = timezone.now()
    follower = Follower.objects.create(
        **{"address": address, "folded_address": address.lower(), "asked_at": now, **fields}
    )
    follower.follows.create(founder=founder, tag=tag)
    return follower


def link_in(message):
    return re.search(r"http\S+(/follow/\S+)", message.body)[1]


class TheForm:
    def test_stores_nothing_and_sends_a_link(self, client, mailoutbox):
        response = send(client, "/follow/", **ASKED)
        assert response["Location"] == "/follow/asked/"
        assert not Follower.objects.exists()
        assert [message.to for message in mailoutbox] == [["ada@example.org"]]

    def test_answers_the_same_for_an_address_that_follows(self, client, mailoutbox):
        unknown = send(client, "/follow/", **ASKED | {"email": "new@example.org"})
        make_follower()
        known = send(client, "/follow/", **ASKED)
        assert (known.status_code, known["Location"]) == (302, unknown["Location"])
        words = [re.sub(r"http\S+", "", message.body) for message in mailoutbox]
        assert words[0] == words[1]

    @pytest.mark.parametrize(
        ("values", "seconds", "sentence"),
        [
            ({"consent": ""}, 10, "This field is required"),
            ({"email": "no address"}, 10, "Enter a valid email address"),
            ({"website": "x"}, 10, "trap for bots"),
            ({}, 1, "quicker than anybody types"),
        ],
    )
    def test_refuses_what_is_incomplete_or_of_a_bot(
        self, client, mailoutbox, values, seconds, sentence
    ):
        response = send(client, "/follow/", seconds, **ASKED | values)
        assert sentence in response.text
        assert not mailoutbox

    def test_asks_one_address_three_times_a_day_at_most(self, client, mailoutbox):
        for _ in range(5):
            assert send(client, "/follow/", **ASKED).status_code == 302
        assert len(mailoutbox) == 3

    def test_limits_how_many_a_client_asks_for(self, client, mailoutbox, settings):
        settings.FOLLOWS_AN_HOUR = 2
        for number in range(4):
            response = send(client, "/follow/", **ASKED | {"email": f"a{number}@example.org"})
        assert "tried too often" in response.text
        assert len(mailoutbox) == 2

    def test_does_not_know_a_founder_who_is_not_public(self, client):
        make_founder("pending", slug="grace")
        assert client.get("/follow/?founder=grace").status_code == 404
        assert client.get("/follow/?tag=none").status_code == 404
        assert client.get("/follow/?tag=%00").status_code == 404

    def test_is_linked_from_stories_founders_and_tags(self, client):
        ada = make_founder(slug="ada")
        make_story(slug="loom", founders=[ada], tags=["Craft"])
        assert 'href="/follow/"' in client.get("/stories/loom/").text
        assert 'href="/follow/?founder=ada"' in client.get("/founders/ada/").text
        assert 'href="/follow/?tag=craft"' in client.get("/tags/craft/").text


class TheLinkOfAnEmail:
    def test_confirms_by_its_button_and_not_by_opening(self, client, mailoutbox):
        send(client, "/follow/", **ASKED, frequency="daily")
        link = link_in(mailoutbox[0])
        page = client.get(link)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert not Follower.objects.exists()
        response = client.post(link)
        follower = Follower.objects.get()
        assert response["Location"] == follower.get_absolute_url()
        assert (follower.address, follower.frequency) == ("ada@example.org", "daily")
        assert "may send me stories" in follower.consent
        assert [str(follow) for follow in follower.follows.all()] == ["Every story"]

    def test_follows_a_founder_or_a_tag(self, client, mailoutbox):
        ada = make_founder(name="Ada Byron", slug="ada")
        make_story(founders=[ada], tags=["Craft"])
        for query in ("founder=ada", "tag=craft"):
            send(client, f"/follow/?{query}", **ASKED)
            client.post(link_in(mailoutbox[-1]))
        names = [str(follow) for follow in Follow.objects.with_names()]
        assert names == ["Ada Byron", "Craft"]

    def test_expires_after_a_week_and_is_refused_if_changed(self, client, mailoutbox):
        send(client, "/follow/", **ASKED)
        link = link_in(mailoutbox[0])
        assert client.post(link[:-3] + "xx/").status_code == 410
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            assert client.post(link).status_code == 410
        assert not Follower.objects.exists()

    def test_lets_letters_come_again_that_had_come_back(self, client, mailoutbox):
        follower = make_follower(paused_at=timezone.now(), refusals=3)
        send(client, "/follow/", **ASKED | {"email": "ADA@example.org"})
        client.post(link_in(mailoutbox[0]))
        assert reload(follower).paused_at is None
        assert Follower.objects.count() == 1


class ThePageOfPreferences:
    def test_changes_how_often_and_what(self, client):
        follower = make_follower(founder=make_founder(name="Ada"))
        [of_ada] = follower.follows.all()
        page = client.get(follower.get_absolute_url())
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
        values = {"frequency": "weekly", "everything": "on", "follows": [of_ada.pk]}
        response = client.post(follower.get_absolute_url(), values, follow=True)
        assert "Saved." in response.text
        assert reload(follower).frequency == "weekly"
        assert {str(follow) for follow in follower.follows.all()} == {"Ada", "Every story"}

    def test_refuses_to_follow_nothing(self, client):
        follower = make_follower()
        response = client.post(follower.get_absolute_url(), {"frequency": "each"})
        assert "Keep something to follow" in response.text
        assert follower.follows.count() == 1

    def test_keeps_nobody_elses_follow(self, client):
        mine, other = make_follower(founder=make_founder()), make_follower("b@example.org")
        values = {"frequency": "each", "follows": [other.follows.get().pk]}
        client.post(mine.get_absolute_url(), values)
        assert other.follows.count() == 1
        assert mine.follows.count() == 1

    def test_is_for_who_has_its_address(self, client):
        assert client.get("/follow/no-such-token/").status_code == 404
        assert client.get("/follow/no-such-token/held.json").status_code == 404

    def test_hands_out_everything_that_is_held(self, client):
        follower = make_follower(consent="You may.")
        Sending.objects.create(
            letter=Letter.objects.create(kind="daily", until=timezone.now()), follower=follower
        )
        held = client.get(follower.path("held")).json()
        assert held["address"] == "ada@example.org"
        assert held["consent"] == "You may."
        assert held["follows"] == ["Every story"]
        assert len(held["letters"]) == 1


class ALeavingFollower:
    def test_is_deleted_by_the_post_of_an_email_client(self):
        follower = make_follower()
        strict = Client(enforce_csrf_checks=True)
        values = {"List-Unsubscribe": "One-Click"}
        for _ in range(2):  # It may be sent twice.
            response = strict.post(follower.path("leave"), values)
            assert response.status_code == 200
            assert "You get no more e-mail" in response.text
            assert "sessionid" not in response.cookies
        assert not Follower.objects.exists()
        assert not Follow.objects.exists()

    def test_stays_while_the_page_is_only_opened(self, client):
        follower = make_follower()
        assert "No more e-mail?" in client.get(follower.path("leave")).text
        assert Follower.objects.exists()

    def test_takes_along_what_a_mail_server_said(self):
        follower = make_follower()
        letter = Letter.objects.create(kind="daily", until=timezone.now())
        sending = Sending.objects.create(
            letter=letter, follower=follower, status="failed", failure="550 <ada@example.org>"
        )
        follower.leave()
        assert (reload(sending).failure, reload(sending).follower) == ("", None)


class AnAddress:
    def test_that_came_back_gets_nothing_more_and_is_deleted_later(self, tmp_path, capsys):
        follower = make_follower()
        file = tmp_path / "bounced"
        file.write_text("ADA@example.org\nnobody@example.org\n")
        call_command("bounced", str(file))
        assert "Followers paused: 1." in capsys.readouterr().out
        assert reload(follower).paused_at
        call_command("clean_up")
        assert Follower.objects.exists()
        with time_machine.travel(timezone.now() + site.SENDERS_KEPT + timedelta(days=1)):
            call_command("clean_up")
        assert not Follower.objects.exists()

    def test_is_exported_and_erased_by_command(self, capsys):
        make_follower()
        call_command("follower", "Ada@example.org")
        assert '"address": "ada@example.org"' in capsys.readouterr().out
        call_command("follower", "Ada@example.org", erase=True)
        assert not Follower.objects.exists()
        log = " ".join(str(entry) for entry in AuditEntry.objects.all())
        assert "erased followers: 1" in log
        assert "ada@" not in log

    def test_is_found_whatever_its_case(self):
        make_follower()
        by = make_user("Editor")
        assert note_bounces(["ADA@EXAMPLE.ORG"], by) == 1
        assert note_bounces(["ADA@EXAMPLE.ORG"], by) == 0
        assert erase(["ADA@EXAMPLE.ORG"], by) == 1


class AFollow:
    def test_of_a_tag_goes_along_when_tags_are_merged(self):
        old, kept = make_tag("Looms"), make_tag("Weaving")
        one, both = make_follower(tag=old), make_follower("b@example.org", tag=old)
        both.follows.create(tag=kept)
        merge([old], kept)
        assert [str(follow) for follow in one.follows.all()] == ["Weaving"]
        assert [str(follow) for follow in both.follows.all()] == ["Weaving"]

    def test_of_a_founder_ends_when_they_are_erased(self):
        ada = make_founder(slug="ada")
        follower = make_follower(founder=ada)
        erase_person(Person.with_slug("ada"))
        assert not follower.follows.exists()
