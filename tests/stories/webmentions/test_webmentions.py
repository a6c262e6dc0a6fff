"""Webmentions: sent by other sites, read by the worker, decided by moderators, and then shown."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stories.models import Webmention
from stories.moderating.erasing import erase
from stories.moderating.person import Person, held
from stories.moderating.purging import Purge
from stories.webmentions import deciding, reading, receiving
from stories_project import public_web
from stories_project.audit.models import AuditEntry
from stories_project.page_cache.models import Change
from stories_project.public_web import Answer, NoAnswer
from tests.factories import make_founder, make_story, make_story_in, make_user, reload, revise

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
STORY = f"{SITE}/stories/loom/"
SOURCE = "https://blog.example/on-looms"
LIST = "/admin/stories/suggestion/webmentions/"


@pytest.fixture
def story():
    ada = make_founder(name="Ada Byron", slug="ada")
    return make_story(slug="loom", title="The Loom", founders=[ada])


@pytest.fixture
def web(monkeypatch):
    """Other sites: {URL: an Answer, HTML, or a status}. What is not there does not answer."""
    pages = {}

    def get(url, headers=None, *, most_bytes=0):
        page = pages.get(url)
        if page is None:
            raise NoAnswer("It is away.")
        if isinstance(page, int):
            return Answer(page, b"", "")
        return Answer(200, page.encode()[:most_bytes], "")

    monkeypatch.setattr(public_web, "get", get)
    return pages


def page_with(link=STORY, title="On looms", more=""):
    return (
        f"<html><head><title>{title}</title><style>p {{ }}</style></head><body>"
        f'<p class="p-author">Grace\n Hopper</p><p>Not this.</p>'
        f'<p>I read <a href="{link}">a <b>story</b></a> about &lt;looms&gt;.</p>{more}</body></html>'
    )


def send(client, source=SOURCE, target=STORY, **headers):
    return client.post("/webmention", {"source": source, "target": target}, **headers)


def work():
    """Do what the worker would do now."""
    for task in list(DBTaskResult.objects.ready()):
        DBTaskResult.objects.filter(pk=task.pk).delete()
        reading.read.func(*task.args_kwargs["args"])


def received(client, web, **sent):
    """Return a webmention that was sent and read."""
    web.setdefault(sent.get("source", SOURCE), page_with(sent.get("target", STORY)))
    assert send(client, **sent).status_code == 202
    work()
    return Webmention.objects.latest("pk")


class AWebmention:
    def test_is_only_stored_when_it_is_sent(self, client, story, monkeypatch):
        monkeypatch.setattr(public_web, "get", None)
        answer = send(client)
        assert (answer.status_code, answer["Cache-Control"]) == (202, "no-store, private")
        row = Webmention.objects.get()
        assert (row.status, row.story, row.host) == ("unread", story, "blog.example")

    def test_waits_for_a_moderator_when_its_page_links_here(self, client, story, web):
        row = received(client, web)
        assert (row.status, row.title, row.author) == ("waiting", "On looms", "Grace Hopper")
        assert row.excerpt == "I read a story about <looms>."

    def test_is_never_shown_before_somebody_has_seen_it(self, client, story, web):
        received(client, web)
        assert "blog.example" not in client.get("/stories/loom/").text

    def test_is_shown_once_it_is_approved(self, client, story, web):
        row = received(client, web)
        Change.objects.all().delete()
        deciding.approve(row.pk, make_user("Moderator"))
        assert story.surrogate_key in Change.objects.get().keys.split()
        page = client.get("/stories/loom/").text
        assert "Mentioned on" in page
        link = f'<a href="{SOURCE}" rel="nofollow ugc noopener noreferrer external">'
        assert f"{link}<bdi>On looms</bdi></a>, <bdi>Grace Hopper</bdi>, blog.example" in page

    def test_of_a_founder_is_shown_on_the_profile(self, client, story, web):
        row = received(client, web, target=f"{SITE}/founders/ada/")
        deciding.approve(row.pk, make_user("Moderator"))
        assert SOURCE in client.get("/founders/ada/").text
        assert SOURCE not in client.get("/stories/loom/").text

    def test_is_one_row_however_often_it_is_sent(self, client, story, web):
        for _ in range(3):
            received(client, web)
        assert Webmention.objects.count() == 1
        send(client)
        send(client)
        assert DBTaskResult.objects.filter(status="READY").count() == 1

    def test_without_a_link_is_forgotten(self, client, story, web):
        web[SOURCE] = page_with("https://example.org/stories/loom/")
        send(client)
        work()
        assert not Webmention.objects.exists()

    def test_of_a_former_address_is_found(self, client, story, web):
        revise(story, {"slug": "power-loom"})
        assert received(client, web).story == story

    def test_of_a_story_that_was_withdrawn_meanwhile_is_forgotten(self, client, story, web):
        web[SOURCE] = page_with()
        send(client)
        reload(story).withdraw()
        work()
        assert not Webmention.objects.exists()

    def test_belongs_to_one_page_of_ours(self, story):
        with pytest.raises(IntegrityError), transaction.atomic():
            Webmention.objects.create(source=SOURCE, host="x", target=STORY)


class AnApprovedWebmention:
    @pytest.fixture
    def row(self, client, story, web):
        row = received(client, web)
        deciding.approve(row.pk, make_user("Moderator"))
        return row

    def again(self, client):
        with time_machine.travel(timezone.now() + timedelta(minutes=5)):
            assert send(client).status_code == 202
            work()

    @pytest.mark.parametrize("now", [404, 410, "<p>No link any more.</p>"])
    def test_goes_when_its_page_is_gone_or_links_here_no_more(self, client, row, web, now):
        web[SOURCE] = now
        self.again(client)
        assert not Webmention.objects.exists()
        assert SOURCE not in client.get("/stories/loom/").text
        assert "took back" in AuditEntry.objects.latest("pk").what

    def test_waits_again_when_its_page_says_something_else(self, client, row, web):
        web[SOURCE] = page_with(title="Buy pills")
        self.again(client)
        assert reload(row).status == "waiting"
        page = client.get("/stories/loom/").text
        assert "Buy pills" not in page
        assert SOURCE not in page

    def test_stays_when_its_page_says_the_same(self, client, row, web):
        self.again(client)
        assert SOURCE in client.get("/stories/loom/").text

    def test_stays_while_its_site_is_away(self, client, row, web):
        web[SOURCE] = 503
        self.again(client)
        assert reload(row).is_shown


class ARejectedWebmention:
    def test_keeps_its_address_only_and_does_not_come_back(self, client, story, web):
        row = received(client, web)
        deciding.reject(row.pk, make_user("Moderator"))
        row = reload(row)
        assert (row.title, row.author, row.excerpt, row.source) == ("", "", "", SOURCE)
        assert send(client).status_code == 202
        work()
        assert reload(row).status == "rejected"
        assert not DBTaskResult.objects.exists()


class ASite:
    def test_that_is_away_is_asked_again_and_then_forgotten(self, client, story, web):
        now = timezone.now()
        with time_machine.travel(now, tick=False) as clock:
            send(client)
            for minutes in (0, 10, 120, 720):
                clock.shift(timedelta(minutes=minutes))
                assert Webmention.objects.exists()
                work()
        assert not Webmention.objects.exists()
        assert not DBTaskResult.objects.exists()

    def test_is_not_asked_in_a_private_network(self, client, story):
        send(client, "http://localhost/page")
        assert send(client, "http://10.0.0.1/page").status_code == 202
        work()
        assert {row.status for row in Webmention.objects.all()} == {"unread"}

    def test_that_sends_too_much_has_to_wait(self, client, story, monkeypatch):
        monkeypatch.setattr(receiving, "MOST_OF_A_HOST", 2)
        for number in (1, 2):
            assert send(client, f"https://blog.example/{number}").status_code == 202
        assert send(client, "https://blog.example/3").status_code == 503
        assert send(client, "https://blog.example/1").status_code == 202
        assert send(client, "https://other.example/3").status_code == 202

    def test_of_one_address_may_send_so_many_an_hour(self, client, story, settings):
        settings.WEBMENTIONS_AN_HOUR = 2
        codes = [send(client, f"https://{n}.example/").status_code for n in range(3)]
        assert codes == [202, 202, 429]

    def test_sends_without_a_cookie_or_a_token(self, story):
        from django.test import Client

        assert send(Client(enforce_csrf_checks=True)).status_code == 202


class AnyInput:
    @pytest.mark.parametrize(
        ("source", "target"),
        [
            *(("", STORY), ("x", STORY), ("javascript://x/", STORY), ("ftp://x.example/", STORY)),
            *(("https://x.example/\0", STORY), ("http://[x]/", STORY), (STORY, STORY)),
            *((f"https://x.example/{'x' * 1000}", STORY), ("http://127.0.0.1:8000/", STORY)),
            *((SOURCE, ""), (SOURCE, f"{SITE}/"), (SOURCE, "https://example.org/stories/loom/")),
            *((SOURCE, f"{SITE}/stories/no/"), (SOURCE, f"{STORY}?\0"), (SOURCE, "http://[x]/")),
            *((SOURCE, f"{STORY}?{'x' * 1000}"), (SOURCE, f"{SITE}/tags/craft/")),
        ],
    )
    def test_that_is_wrong_gets_a_sentence(self, client, story, source, target):
        answer = send(client, source, target)
        assert answer.status_code == 400
        assert answer.text.strip().endswith(".")
        assert not Webmention.objects.exists()

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_about_what_nobody_sees_is_refused(self, client, state):
        make_story_in(state, slug="loom")
        make_founder("hidden", slug="hidden")
        assert send(client).status_code == 400
        assert send(client, target=f"{SITE}/founders/hidden/").status_code == 400

    def test_is_refused_where_no_webmentions_are_taken(self, client, story, settings):
        settings.WEBMENTIONS = False
        assert send(client).status_code == 404
        page = client.get("/stories/loom/")
        assert "Link" not in page
        assert 'rel="webmention"' not in page.text


class APageOfOurs:
    @pytest.mark.parametrize("path", ["/stories/loom/", "/founders/ada/"])
    def test_says_where_webmentions_are_taken(self, client, story, path):
        page = client.get(path)
        assert page["Link"] == f'<{SITE}/webmention>; rel="webmention"'
        assert '<link rel="webmention" href="/webmention">' in page.text

    def test_shows_twenty_at_most(self, client, story):
        for number in range(25):
            Webmention.objects.create(
                source=f"https://x.example/{number}", host="x.example", target=STORY,
                story=story, status="approved",
            )  # fmt: skip
        sources = re.findall(r"https://x\.example/\d+(?=\")", client.get("/stories/loom/").text)
        assert sources == [f"https://x.example/{n}" for n in range(24, 4, -1)]


class TheListOfModerators:
    @pytest.fixture
    def moderator(self, client, story, web):
        user = make_user("Moderator")
        received(client, web)
        client.force_login(user)
        return user

    def test_shows_what_waits_with_its_words(self, client, moderator):
        page = client.get(LIST).text
        for shown in ("On looms", "Grace Hopper", "I read a story about &lt;looms&gt;.", SOURCE):
            assert shown in page
        assert "Webmentions: 1" in client.get("/admin/").text

    def test_approves_and_takes_down(self, client, moderator):
        row = Webmention.objects.get()
        decide = f"{LIST}{row.pk}/decide/"
        client.post(decide, {"approve": ""})
        assert reload(row).is_shown
        assert "approved the webmention" in str(AuditEntry.objects.latest("pk"))
        assert "Take it down" in client.get(LIST).text
        client.post(decide, {"reject": ""})
        assert reload(row).status == "rejected"
        answer = client.post(decide, {"approve": ""}, follow=True)
        assert "Somebody has decided about this already." in answer.text

    def test_rejects_all_of_a_host(self, client, moderator, web):
        for number in range(3):
            received(client, web, source=f"https://spam.example/{number}")
        row = Webmention.objects.latest("pk")
        page = client.post(f"{LIST}{row.pk}/decide/", {"reject_host": ""}, follow=True).text
        assert "3 webmentions of spam.example are rejected." in page
        assert [row.host for row in Webmention.objects.waiting()] == ["blog.example"]

    def test_is_for_editors_as_far_as_stories_go(self, client, moderator, web):
        about = received(client, web, source="https://x.example/", target=f"{SITE}/founders/ada/")
        client.force_login(make_user("Editor"))
        assert "The Loom" in client.get(LIST).text
        assert client.post(f"{LIST}{about.pk}/decide/", {"approve": ""}).status_code == 404
        client.force_login(make_user("Writer"))
        assert client.get(LIST).status_code == 403

    def test_costs_the_same_with_many(
        self, client, moderator, story, django_assert_max_num_queries
    ):
        def cost():
            with django_assert_max_num_queries(30) as captured:
                client.get(LIST)
            return len(captured)

        few = cost()
        for number in range(40):
            Webmention.objects.create(
                source=f"https://x.example/{number}", host="x.example", target=STORY,
                story=story, status=("waiting", "approved")[number % 2],
            )  # fmt: skip
        assert cost() == few


class WhatIsHeldAboutAPerson:
    def test_has_the_webmentions_that_name_them(self, client, story, web):
        web[SOURCE] = page_with(title="Ada Byron, and looms")
        received(client, web)
        received(client, web, source="https://x.example/", target=f"{SITE}/founders/ada/")
        web["https://y.example/"] = page_with()
        received(client, web, source="https://y.example/")
        person = Person.with_slug("ada")
        assert [each["source"] for each in held(person)["webmentions"]] == [
            *(SOURCE, "https://x.example/"),
        ]
        erase(person)
        assert [row.source for row in Webmention.objects.all()] == ["https://y.example/"]

    def test_is_purged_from_their_words(self, client, story, web):
        row = received(client, web)
        deciding.approve(row.pk, make_user("Moderator"))
        assert Purge("Grace Hopper").count()["webmentions"] == 1
        Purge("Grace Hopper").run("Asked for.")
        assert reload(row).author == ""

    def test_is_not_kept_if_it_could_not_be_read(self, client, story, capsys):
        send(client)
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            call_command("clean_up")
        assert "Webmentions that could not be read: 1." in capsys.readouterr().out
        assert not Webmention.objects.exists()
