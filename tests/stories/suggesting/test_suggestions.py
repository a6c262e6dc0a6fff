"""Suggestions: never public, decided once, and answered on a private page."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from founders.models import Founder
from stories.models import Suggestion
from stories.suggesting.deciding import accept, profile_form, reject
from tests.factories import bring, make_founder, make_story, make_user, reload

pytestmark = pytest.mark.django_db
FOUNDER = {"name": "Grace Hopper", "message": "She began with a moth.", "consent": "on"}


def send(client, address, seconds=10, **values):
    """Open a form, wait some seconds, and send what it shows, changed by `values`."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page = client.get(address)
        assert page.status_code == 200
        form = page.context["form"]
        shown = {name: form[name].value() or "" for name in form.fields if name != "consent"}
        clock.shift(timedelta(seconds=seconds))
        return client.post(address, shown | values)


def make_suggestion(**fields):
    defaults = {"kind": "founder", "name": "Grace Hopper", "content": {"name": "Grace Hopper"}}
    return Suggestion.objects.create(**defaults | fields)


class TheForm:
    def test_of_a_founder_becomes_a_suggestion_with_a_private_page(self, client):
        response = send(client, "/suggest/", **FOUNDER, company="Eckert-Mauchly")
        sent = Suggestion.objects.get()
        assert (sent.kind, sent.name, sent.message) == (
            *("founder", "Grace Hopper", "She began with a moth."),
        )
        assert sent.content == {"name": "Grace Hopper", "company": "Eckert-Mauchly"}
        assert response["Location"] == f"/suggestions/{sent.token}/"
        page = client.get(response["Location"])
        assert "waits for a moderator" in page.text
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]

    def test_of_a_profile_keeps_only_what_differs(self, client):
        ada = make_founder(
            name="Ada Byron", slug="ada", biography="One\r\n\r\nTwo", birth_year=1815
        )
        address = "/corrections/?founder=ada"
        send(client, address, birth_year="1816", message="A book.", consent="on")
        sent = Suggestion.objects.get()
        assert (sent.kind, sent.founder, sent.content) == ("profile", ada, {"birth_year": 1816})
        assert reload(ada).birth_year == 1815

    def test_of_a_profile_asks_for_a_difference(self, client):
        make_founder(name="Ada Byron", slug="ada", biography="One\n\nTwo")
        address = "/corrections/?founder=ada"
        response = send(
            client, address, biography="One\r\n\r\nTwo", message="A book.", consent="on"
        )
        assert "Nothing differs from the profile" in response.text

    def test_of_a_story_keeps_the_message(self, client):
        story = make_story(slug="loom", title="The Loom")
        send(client, "/corrections/?story=loom", message="It was 1924.", consent="on")
        sent = Suggestion.objects.get()
        assert (sent.kind, sent.story, sent.name) == ("story", story, "The Loom")

    @pytest.mark.parametrize(
        ("values", "seconds", "sentence"),
        [
            ({"consent": ""}, 10, "This field is required"),
            ({"message": ""}, 10, "This field is required"),
            ({"name": ""}, 10, "This field is required"),
            ({"links": "no address"}, 10, "is not a web address"),
            ({"website": "https://spam.example/"}, 10, "trap for bots"),
            ({}, 1, "quicker than anybody types"),
            ({}, 90_000, "open for too long"),
            ({"began": "forged"}, 10, "open for too long"),
            ({"email": "nobody"}, 10, "valid email address"),
            ({"name": "x" * 201}, 10, "at most 200 characters"),
            ({"name": "\x00"}, 10, "Null characters are not allowed"),
        ],
    )
    def test_keeps_what_was_typed_and_shows_the_error(self, client, values, seconds, sentence):
        sent = FOUNDER | {"headline": "Typed with care"} | values
        response = send(client, "/suggest/", seconds, **sent)
        assert response.status_code == 200
        assert sentence in response.text
        assert "Typed with care" in response.text
        assert not Suggestion.objects.exists()

    def test_that_was_open_for_too_long_can_be_sent_again(self, client):
        response = send(client, "/suggest/", 90_000, **FOUNDER)
        began = re.search(r'name="began" value="([^"]+)"', response.text)[1]
        with time_machine.travel(timezone.now() + timedelta(seconds=90_100)):
            assert client.post("/suggest/", FOUNDER | {"began": began}).status_code == 302

    def test_is_accepted_five_times_an_hour_from_one_ip_address(self, client, settings):
        for _ in range(5):
            assert send(client, "/suggest/", **FOUNDER).status_code == 302
        response = send(client, "/suggest/", **FOUNDER)
        assert "try in an hour" in response.text
        assert "She began with a moth." in response.text
        assert Suggestion.objects.count() == 5
        settings.CLIENT_ADDRESS_VARIABLE = "HTTP_X_REAL_IP"
        client.defaults["HTTP_X_REAL_IP"] = "192.0.2.1"
        assert send(client, "/suggest/", **FOUNDER).status_code == 302

    def test_is_validated_sixty_times_an_hour_from_one_ip_address(self, client, settings):
        settings.ATTEMPTS_AN_HOUR = 2
        for _ in range(2):
            assert "You have tried too often" not in send(client, "/suggest/", name="Ada").text
        page = send(client, "/suggest/", **FOUNDER).text
        assert "You have tried too often. What you typed is still here" in page
        assert "She began with a moth." in page
        assert not Suggestion.objects.exists()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"links": "x\n" * 2000}, "There are more than 30 lines."),
            ({"links": "https://example.org/" + "x" * 5000}, "at most 5000 characters"),
            ({"message": "x" * 5001}, "at most 5000 characters"),
            ({"biography": "x" * 50_001}, "at most 50000 characters"),
        ],
    )
    def test_says_what_is_too_long_and_keeps_it(self, client, values, sentence):
        make_founder(slug="ada")
        page = send(client, "/corrections/?founder=ada", **FOUNDER | values).text
        assert sentence in page
        [typed] = values.values()
        assert typed.strip() in page
        assert not Suggestion.objects.exists()

    def test_takes_no_body_of_more_than_a_hundred_kilobytes(self, client):
        page = client.post("/suggest/", FOUNDER | {"links": "x\n" * 60_000})
        assert page.status_code == 413
        assert "Your browser still has what you typed" in page.text

    def test_is_accepted_if_the_cache_is_down(self, client, monkeypatch):
        def fail(*args, **kwargs):
            raise OSError("no cache")

        broken = SimpleNamespace(get=fail, add=fail)
        monkeypatch.setattr("stories_project.rate_limit.cache", broken)
        assert send(client, "/suggest/", **FOUNDER).status_code == 302

    def test_needs_a_csrf_token(self, settings):
        from django.test import Client

        assert Client(enforce_csrf_checks=True).post("/suggest/", FOUNDER).status_code == 403


class AnAnonymousVisitor:
    @pytest.mark.parametrize("state", ["draft", "hidden", "pending", "rejected"])
    def test_cannot_correct_what_is_not_public(self, client, state):
        bring(make_founder(slug="ada"), state)
        make_story(slug="secret", publish_at=None)
        assert client.get("/corrections/?founder=ada").status_code == 404
        assert client.get("/corrections/?story=secret").status_code == 404
        assert client.get("/corrections/?story=%00").status_code == 404

    def test_sees_suggestions_nowhere_but_on_their_private_pages(self, client):
        make_story()
        sent = make_suggestion(name="Secret Person", message="Secret message")
        for address in ("/", "/founders/", "/search/?q=secret", "/corrections/", "/sitemap.xml"):
            assert "Secret" not in client.get(address).text
        assert client.get("/suggestions/other/").status_code == 404
        assert client.get(f"/suggestions/{sent.token}/").status_code == 200


class AModerator:
    def test_accepts_a_founder_into_the_queue(self):
        moderator = make_user("Moderator")
        sent = make_suggestion()
        form = profile_form(sent, {"name": "Grace Hopper", "slug": "grace-hopper"})
        accept(sent, moderator, form)
        founder = Founder.objects.get(slug="grace-hopper")
        assert founder.status == "pending"
        assert (reload(sent).status, reload(sent).founder) == ("accepted", founder)
        assert reload(sent).decided_by == moderator

    def test_accepts_a_correction_through_the_form_and_tells_readers(self, client):
        moderator = make_user("Moderator")
        ada = make_founder(name="Ada Byron", slug="ada", birth_year=1815)
        sent = make_suggestion(
            kind="profile", name="Ada", founder=ada, content={"birth_year": 1816}
        )
        client.force_login(moderator)
        address = f"/admin/stories/suggestion/{sent.pk}/change/"
        page = client.get(address)
        assert "<del>1815</del><ins>1816</ins>" in page.text
        values = {
            name: page.context["profile"][name].value() or ""
            for name in page.context["profile"].fields
        }
        assert values["birth_year"] == 1816
        note = "She was born in 1816."
        assert (
            client.post(address, values | {"_accept": "", "public_note": note}).status_code == 302
        )
        assert reload(ada).birth_year == 1816
        for public in ("/founders/ada/", "/corrections/"):
            assert note in client.get(public).text

    def test_does_not_overwrite_what_another_moderator_has_saved_meanwhile(self, client):
        ada = make_founder(name="Ada Byron", slug="ada", headline="A poet of numbers")
        sent = make_suggestion(
            kind="profile", name="Ada", founder=ada, content={"birth_year": 1816}
        )
        client.force_login(make_user("Moderator"))
        address = f"/admin/stories/suggestion/{sent.pk}/change/"
        form = client.get(address).context["profile"]
        values = {name: form[name].value() or "" for name in form.fields} | {"_accept": ""}
        ada.headline = "A mathematician"
        ada.save()
        page = client.post(address, values)
        assert "in: Headline, Birth year." in page.text
        assert "A poet of numbers" in page.text
        assert reload(ada).headline == "A mathematician"
        assert reload(sent).is_waiting
        values["read"] = page.context["profile"]["read"].value()
        assert client.post(address, values | {"headline": "A mathematician"}).status_code == 302
        assert (reload(ada).headline, reload(ada).birth_year) == ("A mathematician", 1816)

    @pytest.mark.django_db(transaction=True)
    def test_is_asked_for_the_reason_of_a_rejected_correction(self, client):
        ada = make_founder(name="Ada Byron", slug="ada")
        sent = make_suggestion(
            kind="profile", name="Ada", founder=ada, content={"birth_year": 1816}
        )
        client.force_login(make_user(is_staff=True, is_superuser=True))
        address = f"/admin/stories/suggestion/{sent.pk}/change/"
        form = client.get(address).context["profile"]
        values = {name: form[name].value() or "" for name in form.fields}
        page = client.post(address, values | {"_reject": "", "reason": ""})
        assert "Give a reason" in page.text
        assert 'value="1816"' in page.text
        assert reload(sent).is_waiting

    def test_tells_readers_of_a_corrected_story_while_it_is_public(self, client):

        story = make_story(slug="loom")
        sent = make_suggestion(kind="story", name="Loom", story=story, content={})
        accept(sent, make_user("Moderator"), None, "It was 1924, not 1925.")
        assert "It was 1924, not 1925." in client.get("/stories/loom/").text
        assert "It was 1924, not 1925." in client.get("/corrections/").text
        reload(story).withdraw()
        assert "It was 1924" not in client.get("/corrections/").text

    def test_rejects_with_a_reason_that_its_sender_reads(self, client):
        sent = make_suggestion()
        client.force_login(make_user("Moderator"))
        address = f"/admin/stories/suggestion/{sent.pk}/change/"
        page = client.post(address, {"_reject": "", "slug": "not a slug", "headline": "Typed"}).text
        assert "Give a reason" in page
        assert page.count("errorlist") == 1  # the profile is not what is rejected
        assert ('value="not a slug"' in page, 'value="Typed"' in page) == (True, True)
        assert reload(sent).is_waiting
        client.post(address, {"_reject": "", "reason": "Already <here>."})
        page = client.get(f"/suggestions/{sent.token}/").text
        assert "Already &lt;here&gt;." in page
        assert client.post(address, {"_reject": "", "reason": "Again"}).status_code == 200
        assert reload(sent).reason == "Already <here>."

    def test_rejects_several_with_one_reason(self, client):
        sent = [make_suggestion() for _ in range(3)]
        client.force_login(make_user("Moderator"))
        chosen = {"action": "reject_selected", "_selected_action": [s.pk for s in sent]}
        address = "/admin/stories/suggestion/?status=waiting"
        assert "Reject 3 suggestions" in client.post(address, chosen).text
        assert "Give a reason" in client.post(address, chosen | {"reason": ""}).text
        client.post(address, chosen | {"reason": "All the same."})
        assert {reload(s).reason for s in sent} == {"All the same."}

    def test_cannot_decide_what_another_moderator_has_opened(self, client):
        first, second = make_user("Moderator"), make_user("Moderator")
        sent = make_suggestion()
        address = f"/admin/stories/suggestion/{sent.pk}/change/"
        client.force_login(first)
        assert '<button type="submit" name="_accept" data-key="a">' in client.get(address).text
        client.force_login(second)
        assert f"{first} is deciding this" in client.get(address).text
        with pytest.raises(ValidationError, match="is deciding this"):
            reject(sent, second, "Mine")
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            reject(sent, second, "Mine")

    def test_sees_founders_and_suggestions_of_the_same_name(self, client):
        make_founder(name="Gracé Hopper", slug="old-grace")
        sent, other = make_suggestion(), make_suggestion(name="GRACE HOPPER")
        client.force_login(make_user("Moderator"))
        page = client.get(f"/admin/stories/suggestion/{sent.pk}/change/").text
        assert "Gracé Hopper" in page
        assert f"/admin/stories/suggestion/{other.pk}/change/" in page

    def test_sees_suggestions_on_the_front_page_of_the_desk(self, client):
        make_suggestion(name="Waiting Person")
        client.force_login(make_user("Moderator"))
        assert "Waiting Person" in client.get("/admin/").text


class TheAddressOfASender:
    def test_is_deleted_thirty_days_after_the_answer(self):
        old, recent, waiting = (make_suggestion(email=f"{n}@example.org") for n in range(3))
        moderator, now = make_user("Moderator"), timezone.now()
        with time_machine.travel(now - timedelta(days=31)):
            reject(old, moderator, "We know too little.")
        with time_machine.travel(now - timedelta(days=29)):
            reject(recent, moderator, "We know too little.")
        assert reload(old).email
        reject(make_suggestion(), moderator, "We know too little.")
        assert [reload(each).email for each in (old, recent, waiting)] == [
            *("", "1@example.org", "2@example.org"),
        ]

    def test_is_deleted_by_the_command_of_every_day(self, capsys):
        sent = make_suggestion(email="ana@example.org")
        with time_machine.travel(timezone.now() - timedelta(days=31)):
            reject(sent, make_user("Moderator"), "We know too little.")
        call_command("clean_up")
        assert "senders deleted: 1." in capsys.readouterr().out
        assert reload(sent).email == ""

    @pytest.mark.parametrize("path", ["/privacy/", "/suggest/"])
    def test_is_known_to_be_deleted(self, client, settings, path):
        assert "30 days after" in client.get(path).text


class EveryRole:
    @pytest.mark.parametrize(
        ("role", "kind", "may"),
        [
            *(("Moderator", kind, True) for kind in ("founder", "profile", "story")),
            *(
                ("Editor", "founder", False),
                ("Editor", "profile", False),
                ("Editor", "story", True),
            ),
        ],
    )
    def test_decides_only_what_it_may(self, client, role, kind, may):
        sent = make_suggestion(kind=kind, founder=make_founder(), story=make_story())
        client.force_login(make_user(role))
        address = f"/admin/stories/suggestion/{sent.pk}/change/"
        assert client.get(address).status_code == 200
        response = client.post(address, {"_reject": "", "reason": "No."})
        assert response.status_code == (302 if may else 403)

    @pytest.mark.parametrize("role", ["Writer", None])
    def test_without_permission_sees_no_suggestions(self, client, role):
        sent = make_suggestion()
        client.force_login(make_user(role))
        for address in (
            "/admin/stories/suggestion/",
            f"/admin/stories/suggestion/{sent.pk}/change/",
        ):
            assert client.get(address).status_code in (302, 403)
            assert client.post(address, {"_reject": "", "reason": "x"}).status_code in (302, 403)
        assert reload(sent).is_waiting
