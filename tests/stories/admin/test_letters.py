"""The desk's pages about followers and letters."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.following.sending import send_due
from stories.models import Follower, Letter, Sending
from stories.planning.scheduling import watch
from stories_project.audit.models import AuditEntry
from tests.factories import make_story, make_story_in, make_user
from tests.stories.following.test_following import make_follower

pytestmark = pytest.mark.django_db
LETTERS = "/admin/stories/story/letters/"
ADDRESSES = f"{LETTERS}addresses/"


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.DIRECT_EMAIL_BACKEND = settings.EMAIL_BACKEND


@pytest.fixture
def letter():
    """Return a letter that one follower has got, and that failed for another."""
    for name in ("ada", "bob"):
        make_follower(f"{name}@example.org")
    make_story(title="The Loom", publish_at=timezone.now())
    while send_due():
        pass
    Sending.objects.filter(follower__address="bob@example.org").update(
        status="failed", failure="550 unknown"
    )
    letter = Letter.objects.get(kind="story")
    letter.finish()
    return letter


class TheListOfLetters:
    def test_says_how_many_follow_and_what_was_sent(self, editor, letter):
        make_follower("carl@example.org", paused_at=timezone.now())
        page = editor.get(LETTERS).text
        assert "The Loom" in page
        assert "<td>2</td>" in page  # They get each story.
        assert "<td>1</td><td>1</td><td>0</td><td>0</td>" in page

    def test_is_empty_at_first(self, editor):
        assert "No letter yet" in editor.get(LETTERS).text

    def test_makes_as_many_queries_for_many_letters(self, editor):
        counts = []
        for number in (2, 38):
            for _ in range(number):
                Letter.objects.create(kind="story", story=make_story(), until=timezone.now())
            watch.forget()
            with CaptureQueriesContext(connection) as queries:
                editor.get(LETTERS)
            counts.append(len(queries))
        assert counts[0] == counts[1] < 20

    @pytest.mark.parametrize("role", ["Writer", "Moderator"])
    def test_is_for_who_may_publish(self, client, letter, role):
        client.force_login(make_user(role))
        assert client.get(LETTERS).status_code == 403
        assert client.get(f"{LETTERS}{letter.pk}/").status_code == 403
        values = {"addresses": "ada@example.org", "erase": ""}
        assert client.post(ADDRESSES, values).status_code == 403
        assert Follower.objects.count() == 2


class ALetter:
    def test_shows_what_failed_and_why(self, editor, letter):
        page = editor.get(f"{LETTERS}{letter.pk}/").text
        assert "bob@example.org" in page
        assert "550 unknown" in page
        assert "ada@example.org" not in page

    def test_is_stopped_by_its_button(self, editor):
        letter = Letter.objects.create(kind="daily", until=timezone.now())
        Sending.objects.create(letter=letter, follower=make_follower())
        page = editor.post(f"{LETTERS}{letter.pk}/stop/", follow=True).text
        assert "Nobody else gets it" in page
        assert not Sending.objects.exists()
        assert "stopped the letter about" in str(AuditEntry.objects.latest("pk"))


class TheLetterOfAStory:
    def test_says_how_many_get_it(self, editor):
        make_follower()
        make_follower("b@example.org")
        story = make_story_in("scheduled")
        assert "2 followers get it" in editor.get(address(story)).text

    def test_is_never_of_a_story_of_long_ago(self, editor):
        assert "it is in no letter" in editor.get(address(make_story())).text

    def test_is_linked_from_the_form_of_the_story(self, editor):
        story = make_story()
        assert address(story) in editor.get(f"/admin/stories/story/{story.pk}/change/").text

    @pytest.mark.parametrize("state", ["draft", "scheduled", "published", "withdrawn"])
    def test_has_a_preview_in_every_state(self, editor, state):
        story = make_story_in(state, title="The Loom")
        preview = editor.get(f"{address(story)}preview/")
        assert "The Loom" in preview.text
        assert "style-src 'unsafe-inline'" in preview["Content-Security-Policy"]
        assert "sandbox" in preview["Content-Security-Policy"]
        assert "no-store" in preview["Cache-Control"]
        text = editor.get(f"{address(story)}preview/?as=text")
        assert text["Content-Type"].startswith("text/plain")

    def test_is_sent_to_me_as_a_test_and_to_nobody_else(self, editor):
        make_follower()
        editor.user.email = "grace@example.org"
        editor.user.save()
        story = make_story_in("draft", title="The Loom")
        page = editor.post(f"{address(story)}test/", follow=True).text
        assert "Sent to grace@example.org" in page
        assert [(m.subject, m.to) for m in mail.outbox] == [
            ("Test: The Loom", ["grace@example.org"])
        ]
        assert not Letter.objects.exists()

    def test_says_what_the_mail_server_answers_to_a_test(self, editor, settings):
        editor.user.email = "grace@example.org"
        editor.user.save()
        settings.DIRECT_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        page = editor.post(f"{address(make_story())}test/", follow=True).text
        assert "Not sent. The mail server says" in page


class AnAddressAtTheDesk:
    def test_that_came_back_is_paused(self, editor):
        make_follower()
        page = editor.post(
            ADDRESSES, {"addresses": "Ada@example.org\nx@y.z", "bounced": ""}, follow=True
        ).text
        assert "1 follower was found" in page
        assert Follower.objects.get().paused_at

    def test_is_erased(self, editor):
        make_follower()
        editor.post(ADDRESSES, {"addresses": "ada@example.org", "erase": ""})
        assert not Follower.objects.exists()

    def test_is_exported(self, editor):
        make_follower()
        answer = editor.post(ADDRESSES, {"addresses": "ada@example.org", "export": ""})
        assert answer.json()["address"] == "ada@example.org"
        assert "exported all about a follower" in str(AuditEntry.objects.latest("pk"))
        unknown = {"addresses": "nobody@example.org", "export": ""}
        assert editor.post(ADDRESSES, unknown).status_code == 404


class TheSystem:
    def test_says_that_letters_are_late(self, client):
        client.force_login(make_user(is_staff=True, is_superuser=True))
        make_follower()
        page = client.get("/admin/stories/story/system/").text
        assert "nothing is late" in page
        letter = Letter.objects.create(kind="daily", until=timezone.now(), trouble="451 disk full")
        assert letter.trouble in client.get("/admin/stories/story/system/").text


def address(story):
    return f"/admin/stories/story/{story.pk}/letter/"
