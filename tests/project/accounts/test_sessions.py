from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.utils import timezone

from stories.models.calendar_address import CalendarAddress
from stories_project.accounts.views import browser_in_words
from stories_project.audit.models import AuditEntry
from tests.factories import make_user


@pytest.fixture
def began_at():
    return timezone.now().replace(microsecond=0)


def opens_desk(client):
    return client.get("/admin/").status_code == 200


class ASession:
    def test_ends_after_twelve_hours_without_a_request(self, db, client, began_at):
        with time_machine.travel(began_at, tick=False) as clock:
            client.force_login(make_user("Editor"))
            clock.shift(timedelta(hours=11))
            assert opens_desk(client)
            clock.shift(timedelta(hours=11))
            assert opens_desk(client)
            clock.shift(timedelta(hours=12, seconds=1))
            assert not opens_desk(client)
            assert not get_user(client).is_authenticated

    def test_ends_after_fourteen_days_in_any_case(self, db, client, began_at):
        with time_machine.travel(began_at, tick=False) as clock:
            client.force_login(make_user("Editor"))
            for _ in range(28):
                clock.shift(timedelta(hours=11, minutes=59))
                assert opens_desk(client)
            clock.shift(timedelta(hours=1))
            assert not opens_desk(client)

    def test_writes_when_it_was_used_at_most_once_a_minute(self, db, client, began_at):
        with time_machine.travel(began_at, tick=False) as clock:
            client.force_login(make_user("Editor"))
            clock.shift(timedelta(minutes=2))
            opens_desk(client)
            stored = client.session["seen_at"]
            clock.shift(timedelta(seconds=59))
            opens_desk(client)
            assert client.session["seen_at"] == stored

    def test_of_a_reader_is_never_begun(self, db, client):
        for path in ["/", "/stories/", "/search/?q=loom", "/account/login/"]:
            assert "sessionid" not in client.get(path).cookies

    def test_is_listed_and_ended_by_its_user(self, db, client):
        user = make_user("Editor")
        other = type(client)()
        other.post("/account/login/", {"login": user.username, "password": "secret"})
        client.post("/account/login/", {"login": user.username, "password": "secret"})
        assert opens_desk(other)
        assert client.get("/account/sessions/").content.decode().count("127.0.0.1") == 2
        client.post("/account/sessions/")
        assert not opens_desk(other)
        assert opens_desk(client)

    def test_is_ended_alone_by_its_user_and_by_nobody_else(self, db, client):
        user = make_user("Editor")
        agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"
        other = type(client)(headers={"user-agent": agent})
        for each in (other, client):
            each.post("/account/login/", {"login": user.username, "password": "secret"})
        page = client.get("/account/sessions/")
        [session] = [s for s in page.context["sessions"] if s.browser == "Firefox on Windows"]
        stranger = type(client)()
        stranger.force_login(make_user("Editor"))
        address = f"/account/sessions/{session.pk}/end/"
        assert stranger.post(address).status_code == 404
        assert opens_desk(other)
        assert "The session has ended." in client.post(address, follow=True).text
        assert not opens_desk(other)
        assert opens_desk(client)
        assert AuditEntry.objects.latest("pk").what == "ended a session"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_2) Version/18.2 Safari/605.1.15",
            "Safari on Mac",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "Something else"),
        ("a robot on Linux", "Another program on Linux"),
        ("", "Something else"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert browser_in_words(user_agent) == words


class ADeactivatedAccount:
    def test_loses_its_sessions_and_its_calendar_at_once(self, db, client):
        user = make_user("Editor")
        client.force_login(user)
        address = CalendarAddress.objects.create(user=user).get_absolute_url()
        assert opens_desk(client)
        assert client.get(address).status_code == 200
        user.is_active = False
        user.save()
        assert not opens_desk(client)
        assert client.get(address).status_code == 404
