"""Letters: due at their minute, to whom they concern, once, and never about a withdrawn story."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

import pytest
import time_machine
from django.conf import settings as site
from django.core.management import call_command
from django.utils import timezone

from stories.following import sending
from stories.following.lateness import how_late
from stories.following.matching import how_many_would_get
from stories.following.sending import claim, give_back, send_all, send_due
from stories.models import Letter, Sending
from stories.moderating.founder_merges import merge_founders
from stories.writing import verbs
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, make_tag, make_user, picture, reload
from tests.own_smtp import MailServer
from tests.stories.following.test_following import make_follower

pytestmark = pytest.mark.django_db
# A Saturday, after the hour of the digests.
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.DIRECT_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def sink(settings, _in_memory):
    sink = MailServer()
    settings.DIRECT_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink
    sink.stop()


@pytest.fixture
def follower(clock):
    """Return a follower who has confirmed before anything was published."""
    return follow("ada@example.org")


def follow(address, **fields):
    at = timezone.now() - timedelta(days=20)
    return make_follower(address, **{"confirmed_at": at, "told_until": at, **fields})


def publish(hours_ago=0.02, **fields):
    return make_story(publish_at=timezone.now() - timedelta(hours=hours_ago), **fields)


def send_everything():
    """Send all that is due and within the limit."""
    while send_due():
        pass
    send_due()


class AStory:
    def test_is_sent_once_to_who_follows_it(self, follower, mailoutbox):
        publish(title="The Loom")
        send_everything()
        send_everything()
        assert [(m.subject, m.to) for m in mailoutbox] == [("The Loom", ["ada@example.org"])]
        letter = Letter.objects.get()
        assert (letter.sent_count, letter.failed_count, bool(letter.finished_at)) == (1, 0, True)

    def test_is_never_sent_before_its_minute(self, follower, mailoutbox, clock):
        make_story(publish_at=NOON + timedelta(minutes=30))
        clock.move_to(NOON + timedelta(minutes=29, seconds=59))
        send_everything()
        assert (mailoutbox, Letter.objects.count()) == ([], 0)
        clock.move_to(NOON + timedelta(minutes=30))
        send_everything()
        assert len(mailoutbox) == 1

    def test_is_not_sent_once_it_is_withdrawn(self, follower, mailoutbox):
        story = publish()
        story.withdraw()
        send_everything()
        assert not mailoutbox

    def test_is_not_sent_to_the_rest_when_it_is_withdrawn_meanwhile(
        self, mailoutbox, settings, clock
    ):
        for number in range(3):
            follow(f"a{number}@example.org")
        settings.LETTERS_A_MINUTE = 1
        story = publish()
        send_due()
        verbs.withdraw(story)
        for minute in range(1, 5):
            clock.move_to(NOON + timedelta(minutes=2 * minute))
            send_everything()
        assert len(mailoutbox) == 1
        clock.move_to(NOON + timedelta(days=3))
        send_everything()
        assert len(mailoutbox) == 1
        assert Letter.objects.get().finished_at

    def test_is_checked_again_for_each_recipient(self, mailoutbox, monkeypatch):
        for number in range(3):
            follow(f"a{number}@example.org")
        story = publish()
        begin = Sending.begin

        def begin_and_withdraw(sending):
            is_begun = begin(sending)
            type(story).objects.filter(pk=story.pk).update(unpublish_at=NOON)
            return is_begun

        monkeypatch.setattr(Sending, "begin", begin_and_withdraw)
        send_due()
        assert len(mailoutbox) == 1

    def test_of_long_ago_is_not_sent(self, follower, mailoutbox):
        publish(hours_ago=72)
        send_everything()
        assert not mailoutbox

    def test_is_not_sent_to_who_comes_later(self, mailoutbox, clock):
        publish()
        send_everything()
        clock.shift(60)
        make_follower()
        send_everything()
        assert not mailoutbox

    def test_is_not_sent_again_after_it_was_withdrawn_and_published(self, follower, mailoutbox):
        story = publish()
        send_everything()
        verbs.withdraw(story)
        verbs.publish(reload(story))
        send_everything()
        assert len(mailoutbox) == 1

    def test_goes_to_who_follows_its_founder_or_tag(self, mailoutbox):
        ada, grace = make_founder(), make_founder()
        craft, trade = make_tag("Craft"), make_tag("Trade")
        follow("founder@example.org", founder=ada)
        follow("tag@example.org", tag=craft)
        follow("other@example.org", founder=grace)
        follow("another@example.org", tag=trade)
        story = publish(founders=[ada], tags=["Craft"])
        assert how_many_would_get(story) == 2
        send_everything()
        assert {m.to[0] for m in mailoutbox} == {"founder@example.org", "tag@example.org"}

    def test_goes_to_who_followed_a_profile_that_was_merged(self, mailoutbox):
        ada, kept = make_founder(name="Ada B"), make_founder(name="Ada Byron")
        follow("founder@example.org", founder=ada)
        merge_founders(ada, kept)
        publish(founders=[kept])
        send_everything()
        assert len(mailoutbox) == 1

    def test_does_not_tell_who_follows_a_founder_that_is_hidden(self, mailoutbox):
        ada, grace = make_founder(), make_founder()
        follow("founder@example.org", founder=ada)
        ada.hide("They asked us to.")
        publish(founders=[grace, ada])
        send_everything()
        assert not mailoutbox


class ADigest:
    def test_has_the_stories_of_a_day(self, mailoutbox, clock):
        follow("ada@example.org", frequency="daily")
        clock.move_to(NOON - timedelta(days=1))
        for title in ("First", "Second"):
            publish(title=title)
            clock.shift(120)
        send_everything()
        assert not mailoutbox
        clock.move_to(NOON.replace(hour=7, minute=2))
        send_everything()
        send_everything()
        [message] = mailoutbox
        assert message.subject == "Second, and 1 more"
        assert message.body.index("Second") < message.body.index("First")

    def test_is_not_made_for_a_day_without_stories(self, mailoutbox, clock):
        follow("ada@example.org", frequency="daily")
        send_everything()
        assert not Letter.objects.exists()

    def test_of_a_week_comes_on_monday(self, mailoutbox, clock):
        follow("ada@example.org", frequency="weekly")
        publish(title="The Loom")
        clock.move_to(datetime(2026, 11, 30, 6, 59, tzinfo=UTC))
        send_everything()
        assert not mailoutbox
        clock.move_to(datetime(2026, 11, 30, 7, 1, tzinfo=UTC))
        send_everything()
        assert [message.subject for message in mailoutbox] == ["The Loom"]

    def test_leaves_out_what_was_withdrawn(self, mailoutbox, clock):
        follow("ada@example.org", frequency="daily")
        publish(title="Kept")
        verbs.withdraw(publish(title="Withdrawn"))
        clock.shift(timedelta(days=1))
        send_everything()
        assert [message.subject for message in mailoutbox] == ["Kept"]

    def test_has_nothing_that_was_sent_before_the_follower_chose_it(self, mailoutbox, clock):
        follower = follow("ada@example.org")
        publish(title="Sent at once")
        send_everything()
        clock.shift(60)
        follower.choose("daily")
        clock.shift(120)
        publish(title="Later")
        clock.shift(timedelta(days=1))
        send_everything()
        assert [message.subject for message in mailoutbox] == ["Sent at once", "Later"]

    def test_loses_nothing_when_a_week_becomes_a_day(self, mailoutbox, clock):
        follower = follow("ada@example.org", frequency="weekly")
        publish(title="On Saturday")
        clock.move_to(NOON + timedelta(days=1))
        follower.choose("daily")
        publish(title="On Sunday")
        clock.move_to(NOON + timedelta(days=2))
        send_everything()
        assert [message.subject for message in mailoutbox] == ["On Sunday, and 1 more"]


class TheEmail:
    def html(self, message):
        [alternative] = message.alternatives
        return alternative.content

    def test_can_be_left_with_one_click(self, follower, mailoutbox):
        publish()
        send_everything()
        headers = mailoutbox[0].message()
        leave = f"{site.SITE_URL}{follower.path('leave')}"
        assert headers["List-Unsubscribe"] == f"<{leave}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert parseaddr(headers["List-Id"])[1] == "letters.127.0.0.1"
        assert headers["Precedence"] == "list"
        assert follower.token in mailoutbox[0].body
        assert leave in self.html(mailoutbox[0])

    def test_has_the_story_as_text_and_as_html(self, follower, mailoutbox):
        cover = store_image(picture((1600, 900)), "covers")
        publish(
            title="The <Loom>",
            body="## Prologue: It\n\nIt *began*.\n\n![A loom](/media/images/x.png)",
            cover=cover,
            cover_alt="A red field",
        )
        send_everything()
        html = self.html(mailoutbox[0])
        assert "The &lt;Loom&gt;" in html
        assert 'alt="A red field"' in html
        assert re.search(r"<em[^>]*>began</em>", html)
        assert "It *began*." in mailoutbox[0].body
        assert "First takeaway" in html

    def test_has_its_sources_and_curly_marks(self, follower, mailoutbox):
        story = publish(
            title="The widow's loom", body="## Prologue: It\n\nIt began.[^1]\n\n[^1]: So."
        )
        send_everything()
        html = self.html(mailoutbox[0])
        assert mailoutbox[0].subject == "The widow’s loom"
        assert "The widow’s loom</a></h1>" in html
        assert '<a href="https://example.org/"' in html
        assert f'href="{story.absolute_url}#fn1"' in html

    def test_has_its_styles_in_its_elements(self, follower, mailoutbox):
        publish()
        send_everything()
        html = self.html(mailoutbox[0])
        assert re.search(r'<h1 style="[^"]*font-size', html)
        assert "<style" not in html
        assert "<link" not in html
        assert "<script" not in html

    def test_tracks_nobody(self, mailoutbox, clock):
        """Only links to leave and to the preferences differ; every link and picture is our own."""
        one, other = follow("ada@example.org"), follow("bob@example.org")
        cover = store_image(picture((1600, 900)), "covers")
        story = publish(cover=cover, cover_alt="A red field")
        send_everything()
        first, second = (self.html(message) for message in mailoutbox)
        assert first.replace(one.token, other.token) == second
        pictures = re.findall(r'<img[^>]*\ssrc="([^"]+)', first)
        assert len(pictures) == 1
        assert all(address.startswith(f"{site.SITE_URL}/media/") for address in pictures)
        assert one.token not in "".join(pictures)
        links = re.findall(r'href="([^"]+)"', first)
        assert f"{site.SITE_URL}/stories/{story.slug}/" in links
        assert all("?" not in link for link in links)

    def test_has_a_long_story_as_an_excerpt_with_a_link(self, follower, mailoutbox):
        publish(body="## Prologue: It\n\n" + "Long paragraph.\n\n" * 8000)
        send_everything()
        html = self.html(mailoutbox[0])
        assert "Long paragraph" not in html
        assert "Read the story" in html
        assert len(html) < 100_000

    def test_has_the_same_id_whenever_it_is_tried(self, follower, mailoutbox):
        publish()
        send_everything()
        sending = Sending.objects.get()
        name = f"<letter-{sending.letter_id}-{sending.pk}@127.0.0.1>"
        assert mailoutbox[0].message()["Message-ID"] == name


class TheMailServer:
    def test_gets_many_over_one_connection(self, sink):
        for number in range(20):
            follow(f"a{number}@example.org")
        publish(title="The Loom", body="## Prologue: It\n\n.A line with a dot.")
        send_everything()
        assert sorted(sink.recipients) == sorted(f"a{n}@example.org" for n in range(20))
        assert sink.connections == 1
        message = sink.messages[0]
        assert message["Subject"] == "The Loom"
        assert ".A line with a dot." in message.get_body(("plain",)).get_content()

    def test_that_refuses_an_address_three_times_gets_no_more_for_it(self, sink, clock):
        follower = follow("gone@example.org")
        sink.refused["gone@example.org"] = "550 5.1.1 <gone@example.org> unknown"
        for _ in range(4):
            publish()
            send_everything()
            clock.shift(60)
        rows = Sending.objects.all()
        assert [row.status for row in rows] == ["failed"] * 3
        assert "550 5.1.1" in rows[0].failure
        assert reload(follower).paused_at

    def test_that_refuses_a_text_does_not_pause_the_address(self, sink, follower, clock):
        sink.answer_to_text = "554 5.7.1 looks like spam"
        for _ in range(4):
            publish()
            send_everything()
            clock.shift(60)
        assert reload(follower).paused_at is None
        assert Letter.objects.filter(failed_count=1).count() == 4

    def test_that_says_later_is_asked_again_later(self, sink, follower, clock):
        sink.refused["ada@example.org"] = "450 4.2.1 greylisted"
        publish()
        send_everything()
        assert Sending.objects.get().status == "waiting"
        sink.refused.clear()
        clock.shift(timedelta(minutes=4))
        send_everything()
        assert not sink.taken
        clock.shift(timedelta(minutes=2))
        send_everything()
        assert sink.recipients == ["ada@example.org"]

    def test_that_takes_nothing_is_tried_again_and_loses_nobody(self, sink, clock):
        for number in range(3):
            follow(f"a{number}@example.org")
        publish()
        sink.answer_to_sender = "451 disk full"
        send_everything()
        letter = Letter.objects.get()
        assert "disk full" in letter.trouble
        assert how_late(timezone.now()).trouble == letter.trouble
        sink.answer_to_sender = "250 go on"
        clock.shift(61)
        send_everything()
        assert len(sink.taken) == 3
        assert reload(letter).trouble == ""

    def test_that_is_away_is_tried_again(self, sink, follower, settings, clock):
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        publish()
        send_everything()
        settings.EMAIL_PORT = port
        clock.shift(61)
        send_everything()
        assert len(sink.taken) == 1

    def test_that_hangs_up_after_the_text_is_not_given_it_again(self, sink, follower, clock):
        sink.is_cut = True
        publish()
        send_everything()
        sink.is_cut = False
        clock.shift(timedelta(hours=1))
        send_everything()
        assert not sink.taken
        assert Sending.objects.get().status == "unknown"
        assert Letter.objects.get().unknown_count == 1


class AProcessThatDies:
    def test_leaves_its_claims_to_the_next(self, mailoutbox, follower, clock):
        publish()
        sending.plan(timezone.now())
        letter = Letter.objects.get()
        sending.address(letter)
        assert len(claim(letter, "the one that dies")) == 1
        send_everything()
        assert not mailoutbox
        clock.shift(timedelta(minutes=3))
        send_everything()
        assert len(mailoutbox) == 1

    def test_never_leaves_what_it_was_handing_over(self, mailoutbox, follower, clock):
        publish()
        sending.plan(timezone.now())
        letter = Letter.objects.get()
        sending.address(letter)
        claim(letter, "the one that dies")
        assert Sending.objects.get().begin()
        clock.shift(timedelta(minutes=3))
        send_everything()
        assert not mailoutbox
        assert Sending.objects.get().status == "unknown"

    def test_and_comes_back_sends_nothing_of_what_others_have_claimed(self, follower, clock):
        publish()
        sending.plan(timezone.now())
        letter = Letter.objects.get()
        sending.address(letter)
        claim(letter, "slow")
        slow = Sending.objects.get()
        clock.shift(timedelta(minutes=3))
        give_back(timezone.now())
        claim(letter, "quick")
        assert not slow.begin()
        assert Sending.objects.get().begin()

    def test_while_it_addresses_leaves_nobody_out(self, mailoutbox, monkeypatch):
        monkeypatch.setattr("stories.following.planning_letters.FOLLOWERS_AT_ONCE", 2)
        for number in range(5):
            follow(f"a{number}@example.org")
        publish()
        sending.plan(timezone.now())
        letter = Letter.objects.get()
        from stories.following.planning_letters import _address_some, subjects_of

        _address_some(letter, subjects_of(letter))
        assert Sending.objects.count() == 2
        send_everything()
        assert len({message.to[0] for message in mailoutbox}) == len(mailoutbox) == 5


class AFollowerWhoLeaves:
    def test_gets_nothing_that_is_claimed_already(self, follower, mailoutbox):
        publish()
        sending.plan(timezone.now())
        letter = Letter.objects.get()
        sending.address(letter)
        claim(letter, "a process")
        row = Sending.objects.select_related("follower").get()
        follower.leave()
        assert not row.begin()


class TheLimit:
    def test_of_a_minute_is_kept(self, mailoutbox, settings, clock):
        settings.LETTERS_A_MINUTE = 2
        for number in range(5):
            follow(f"a{number}@example.org")
        publish()
        for minute, sent in enumerate((2, 4, 5)):
            clock.move_to(NOON + timedelta(seconds=61 * minute))
            send_everything()
            assert len(mailoutbox) == sent

    def test_of_how_long_a_letter_is_sent_ends_it(self, mailoutbox, follower, clock, settings):
        settings.LETTERS_A_MINUTE = 0
        publish()
        send_everything()
        clock.shift(timedelta(days=2, minutes=1))
        send_everything()
        assert Letter.objects.get().finished_at
        assert not Sending.objects.exists()


class ALateLetter:
    def test_is_noticed_when_no_worker_runs(self, follower, clock):
        publish()
        assert how_late(timezone.now()) is None
        clock.shift(timedelta(minutes=11))
        assert how_late(timezone.now()) == (None, "")
        sending.plan(timezone.now())
        sending.address(Letter.objects.get())
        clock.shift(timedelta(minutes=11))
        assert how_late(timezone.now()).letter == Letter.objects.get()
        send_everything()
        assert how_late(timezone.now()) is None

    def test_of_a_withdrawn_story_is_not_late(self, follower, clock):
        story = publish()
        sending.plan(timezone.now())
        sending.address(Letter.objects.get())
        verbs.withdraw(story)
        clock.shift(timedelta(minutes=30))
        assert how_late(timezone.now()) is None


class TheCommand:
    def test_waits_for_the_next_minute(self, mailoutbox, settings, clock):
        settings.LETTERS_A_MINUTE = 2
        for number in range(5):
            follow(f"a{number}@example.org")
        publish()
        assert send_all(pause=lambda seconds: clock.shift(20)) == 5
        assert len(mailoutbox) == 5

    def test_ends_if_nothing_may_be_sent(self, follower, mailoutbox, settings):
        settings.LETTERS_A_MINUTE = 0
        publish()
        assert send_all() == 0
        assert not mailoutbox

    def test_ends_if_everything_was_withdrawn(self, mailoutbox, clock):
        follow("ada@example.org", frequency="daily")
        story = publish()
        clock.shift(timedelta(days=1))
        sending.plan(timezone.now())
        verbs.withdraw(story)
        assert send_all() == 0
        assert Letter.objects.get(kind="daily").finished_at

    @pytest.mark.django_db(transaction=True)
    def test_is_part_of_the_worker(self, follower, mailoutbox):
        publish()
        call_command("work", once=True)
        assert len(mailoutbox) == 1

    def test_sends_what_is_due_and_ends(self, follower, mailoutbox, capsys):
        publish()
        call_command("send_letters")
        assert "Letters handled: 1." in capsys.readouterr().out
        assert len(mailoutbox) == 1

    def test_deletes_the_rows_of_old_letters_and_keeps_their_counts(self, follower, clock):
        publish()
        send_everything()
        clock.shift(timedelta(days=60))
        call_command("clean_up")
        assert not Sending.objects.exists()
        assert Letter.objects.get().sent_count == 1


class AnEditor:
    def test_stops_a_letter(self, mailoutbox, settings):
        settings.LETTERS_A_MINUTE = 1
        for number in range(3):
            follow(f"a{number}@example.org")
        publish()
        send_due()
        Letter.objects.get().stop(make_user("Editor"))
        settings.LETTERS_A_MINUTE = 100
        send_everything()
        assert len(mailoutbox) == 1
