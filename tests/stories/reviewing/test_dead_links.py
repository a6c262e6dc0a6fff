"""The check of links to other sites, in the background."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from stories.models import DeadLink, LinkCheck
from stories.reviewing import dead_links
from stories.reviewing.dead_links import check_due
from stories_project.public_web import Answer, NoAnswer
from tests.factories import make_story, make_story_in, make_user

pytestmark = pytest.mark.django_db

URL = "https://example.org/page"


class Web:
    """Answers each URL with a status, or with no answer."""

    def __init__(self, **statuses):
        self.statuses = statuses
        self.asked = Counter()

    def __call__(self, url, headers):
        self.asked[url] += 1
        status = self.statuses.get(url.rsplit("/", 1)[1], 200)
        if status is None:
            raise NoAnswer("example.org cannot be reached.")
        return Answer(status, b"", "")


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    waited = []
    monkeypatch.setattr(dead_links, "sleep", waited.append)
    return waited


def linking(*paths, **values):
    body = " ".join(f"[a](https://example.org/{path})" for path in paths)
    return make_story(body=body, **{"sources": "", **values})


class ALink:
    @pytest.mark.parametrize(
        ("status", "is_dead", "is_gone"),
        [
            *((404, True, True), (410, True, True), (500, True, False), (None, True, False)),
            *((200, False, False), (403, False, False), (401, False, False), (429, False, False)),
        ],
    )
    def test_is_dead_if_nobody_can_open_it(self, status, is_dead, is_gone):
        linking("page")
        check_due(10, Web(page=status))
        assert DeadLink.objects.exists() is is_dead
        assert DeadLink.objects.filter(is_gone=True).exists() is is_gone

    def test_that_does_not_answer_is_told_after_a_day(self, clock):
        linking("page")
        check_due(10, Web(page=None))
        assert not DeadLink.objects.certain()
        clock.shift(timedelta(days=1, minutes=1))
        check_due(10, Web(page=None))
        assert DeadLink.objects.certain().get().failure == "example.org cannot be reached."

    def test_that_is_back_is_forgotten(self, clock):
        linking("page")
        check_due(10, Web(page=404))
        clock.shift(timedelta(days=1, minutes=1))
        check_due(10, Web())
        assert not DeadLink.objects.exists()

    def test_of_a_source_is_checked_and_one_to_this_site_is_not(self, settings):
        own = f"[a]({settings.SITE_URL}/stories/) [b](/stories/) [c](mailto:a@example.org)"
        make_story(body=own, sources=f"A page | {URL}")
        web = Web()
        check_due(10, web)
        assert web.asked == {URL: 1}

    def test_that_is_no_address_is_dead_and_keeps_nothing_from_being_checked(self):
        make_story(body="[a](http://[bad/a) [b](http://x:99999/)", sources="", slug="bad")
        linking("page", slug="good")
        web = Web()
        assert check_due(10, web).stories == 2
        assert web.asked == {URL: 1}

    def test_of_two_stories_is_asked_once_and_a_host_waited_for(self, no_pause):
        linking("a#one", "b", slug="one")
        linking("a#two", slug="two")
        web = Web()
        assert check_due(10, web) == (2, 3, 0)
        assert set(web.asked.values()) == {1}
        assert len(no_pause) == 1


class AStory:
    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_that_nobody_can_see_is_left_alone(self, state):
        make_story_in(state, body=f"[a]({URL})")
        assert check_due(10, Web()).stories == 0

    def test_is_checked_again_after_a_month(self, clock):
        linking("page")
        assert [check_due(10, Web()).stories for _ in range(2)] == [1, 0]
        clock.shift(timedelta(days=31))
        assert check_due(10, Web()).stories == 1

    def test_that_waited_longest_comes_first(self):
        old, new = linking("old", slug="old"), linking("new", slug="new")
        now = timezone.now()
        LinkCheck.objects.create(story=old, due_at=now - timedelta(days=2))
        LinkCheck.objects.create(story=new, due_at=now - timedelta(days=9))
        web = Web()
        check_due(1, web)
        assert list(web.asked) == ["https://example.org/new"]

    def test_with_a_dead_link_is_on_the_front_page_of_the_desk(self, client):
        story = linking("page", title="The loom")
        check_due(10, Web(page=404))
        client.force_login(make_user("Editor"))
        page = client.get(reverse("admin:index")).text
        assert "Dead links" in page
        assert reverse("admin:stories_story_change", args=[story.pk]) in page
        assert "It answers with status 404." in page


class TheCommand:
    def test_says_what_it_found(self, monkeypatch, capsys):
        linking("page")
        monkeypatch.setattr(
            "stories.management.commands.check_links.check_due",
            lambda most: check_due(most, Web(page=404)),
        )
        call_command("check_links", most=5)
        assert (
            "Stories checked: 1. Links: 1. Links that lead nowhere: 1." in capsys.readouterr().out
        )
