"""Editors choose at the desk what newcomers should read first."""

import pytest
from django.core.exceptions import ValidationError

from stories.models import StartHere
from stories_project.audit.models import AuditEntry
from tests.factories import make_story, make_story_in, make_user
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

PAGE = "/admin/stories/story/start-here/"
CHOOSE = f"{PAGE}choose/"


@pytest.fixture
def editor(client):
    user = make_user("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def three(editor):
    """Three chosen stories: A, B and C."""
    return [StartHere.objects.choose(make_story(title=name), "", editor) for name in "ABC"]


def order():
    return [str(choice) for choice in StartHere.objects.in_order()]


def change(client, choice, **values):
    return client.post(f"{PAGE}{choice.pk}/", values, follow=True)


def done():
    """What the audit log says, the newest first."""
    return AuditEntry.objects.order_by("-pk").values_list("what", flat=True)


class AnEditor:
    def test_begins_with_an_empty_list(self, client, editor):
        assert "Nothing is chosen yet" in client.get(PAGE).text

    def test_finds_a_public_story_by_its_title_and_adds_it(self, client, editor):
        story = make_story(title="The loom that stopped")
        make_story_in("draft", title="A loom that is a draft")
        found = client.get(f"{PAGE}?q=loom")
        assert "The loom that stopped" in found.text
        assert "is a draft" not in found.text
        answer = client.post(CHOOSE, {"story": story.pk, "why": "Short."}, follow=True)
        assert "Readers see “The loom that stopped” under “Start here”." in answer.text
        assert done()[0] == "put under “Start here”"
        assert "No other story" in client.get(f"{PAGE}?q=loom").text

    def test_changes_the_order_and_the_front_page_follows(self, client, three):
        make_story(title="The lead")
        cached = CachingClient()
        body = cached.get("/").body
        change(client, three[2], do="up")
        assert order() == ["A", "C", "B"]
        change(client, three[0], do="down")
        assert order() == ["C", "A", "B"]
        assert done()[0] == "moved under “Start here”"
        cached.cache.freshness.hurry()
        assert cached.get("/").body != body

    def test_cannot_move_beyond_the_ends(self, client, three):
        change(client, three[0], do="up")
        change(client, three[2], do="down")
        assert order() == ["A", "B", "C"]

    def test_stores_a_sentence_with_every_button(self, client, three):
        change(client, three[0], do="explain", why="Begin here.")
        change(client, three[1], do="up", why="Then this.")
        assert list(StartHere.objects.in_order().values_list("why", flat=True)) == [
            *("Then this.", "Begin here.", ""),
        ]
        assert done()[1] == "explained under “Start here”"

    def test_keeps_a_sentence_that_is_too_long(self, client, three):
        answer = change(client, three[0], do="down", why="x" * 201)
        assert "at most 200 characters" in answer.text
        assert "x" * 201 in answer.text
        assert order() == ["A", "B", "C"]

    def test_removes_a_story_from_the_list_only(self, client, three):
        change(client, three[1], do="remove")
        assert order() == ["A", "C"]
        assert client.get(three[1].story.get_absolute_url()).status_code == 200
        assert done()[0] == "took out of “Start here”"

    @pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "1\0", "-1"])
    def test_reads_a_sentence_about_a_story_that_is_none(self, client, editor, key):
        answer = client.post(CHOOSE, {"story": key}, follow=True)
        assert "Find a story first" in answer.text

    def test_is_told_that_readers_do_not_see_a_story(self, client, three):
        three[0].story.withdraw()
        assert "Readers do not see it now." in client.get(PAGE).text

    def test_finds_the_page_from_the_list_and_by_name(self, client, editor):
        assert PAGE in client.get("/admin/stories/story/").text
        assert PAGE in client.get("/admin/stories/story/find/?q=start").text


class AChoice:
    def test_is_of_a_story_that_readers_see(self, editor):
        with pytest.raises(ValidationError, match="Readers do not see this story"):
            StartHere.objects.choose(make_story_in("draft"), "", editor)

    def test_is_made_once(self, three, editor):
        with pytest.raises(ValidationError, match="This story is here already"):
            StartHere.objects.choose(three[0].story, "", editor)

    def test_is_one_of_four(self, three, editor):
        StartHere.objects.choose(make_story(), "", editor)
        with pytest.raises(ValidationError, match="There are 4 stories already"):
            StartHere.objects.choose(make_story(), "", editor)

    def test_goes_with_its_story(self, three, editor):
        three[0].story.remove(by=editor)
        assert order() == ["B", "C"]


class NobodyElse:
    @pytest.mark.parametrize("role", ["Writer", "Moderator"])
    def test_opens_or_changes_the_list(self, client, three, role):
        client.force_login(make_user(role))
        story = make_story()
        assert client.get(PAGE).status_code == 403
        assert client.post(CHOOSE, {"story": story.pk}).status_code == 403
        assert client.post(f"{PAGE}{three[0].pk}/", {"do": "remove"}).status_code == 403
        assert order() == ["A", "B", "C"]


class TheList:
    def test_costs_the_same_for_one_story_and_for_four(
        self, client, editor, django_assert_max_num_queries
    ):
        for _ in range(4):
            StartHere.objects.choose(make_story(), "", editor)
        with django_assert_max_num_queries(8):
            client.get(PAGE)
