"""Notifications: who is told what, where, and once a day by e-mail."""

from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stories.models import Digest, Notification, NotificationPreference, Plan
from stories.models.notification import DEFAULTS, KEPT, Kind
from stories.notifying import daily, digests
from stories.notifying.notify import notify
from stories.planning.plans import change_plan
from stories.planning.scheduling import watch
from stories.reviewing.steps import return_to_writer, submit
from tests.factories import make_story_in, make_user, reload

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)  # a Wednesday
TODAY = NOON.date()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAGE = "/admin/stories/story/notifications/"
PREFERENCES = f"{PAGE}preferences/"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def ada():
    return make_user("Writer", username="ada", email="ada@example.org")


@pytest.fixture
def boss():
    return make_user("Editor", username="boss", first_name="Bo", email="boss@example.org")


@pytest.fixture
def story():
    return make_story_in("draft", title="The Loom")


@pytest.fixture
def tell(django_capture_on_commit_callbacks, boss, story):
    """Return a function that notifies, and commits."""

    def told(kind, *recipients, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return notify(kind, recipients, story, options.pop("by", boss), **options)

    return told


def prefer(user, kind, channel):
    NotificationPreference.objects.create(user=user, kind=kind, channel=channel)


class ANotification:
    def test_is_rolled_back_with_what_caused_it(self, ada, boss, story):
        with transaction.atomic():
            submit(story, ada)
            transaction.set_rollback(True)
        assert not Notification.objects.exists()

    def test_tells_editors_of_a_submitted_story(self, ada, boss, story):
        submit(story, ada, "Please look.")
        (told,) = Notification.objects.all()
        assert (told.recipient, told.kind, told.text) == (boss, "submitted", "Please look.")
        assert told.sentence == "ada submitted it for review."

    def test_tells_the_owner_of_a_returned_story(self, ada, boss, story):
        change_plan(story, {"owner": ada}, boss)
        submit(story, ada)
        return_to_writer(story, boss, "Mend it.")
        assert Notification.objects.filter(recipient=ada, kind="returned").exists()

    def test_is_not_for_who_did_it_nor_for_who_has_left(self, tell, boss):
        gone = make_user("Writer", is_active=False)
        assert tell("comment", boss, gone) == []

    def test_leads_to_its_story_or_to_another_page(self, tell, ada, story):
        (told,) = tell("comment", ada)
        assert told.leads_to == f"/admin/stories/story/{story.pk}/change/"
        (told,) = tell("comment", ada, path="/admin/somewhere/#comment-3")
        assert told.leads_to == "/admin/somewhere/#comment-3"

    @pytest.mark.parametrize("path", ["https://example.org/", "//example.org/"])
    def test_leads_to_no_other_site(self, tell, ada, path):
        with pytest.raises(IntegrityError), transaction.atomic():
            tell("comment", ada, path=path)

    @pytest.mark.parametrize("kind", Kind)
    def test_says_what_happened(self, tell, ada, kind):
        (told,) = tell(kind, ada, moment=NOON)
        assert "%(" not in told.sentence
        assert str(told) == f"The Loom: {told.sentence}"

    def test_goes_with_its_story(self, tell, ada, story, boss):
        tell("comment", ada)
        story.remove(boss)
        assert not Notification.objects.exists()

    def test_is_deleted_after_ninety_days(self, tell, ada):
        tell("comment", ada)
        tell("mention", ada)
        old = Notification.objects.earliest("pk")
        Notification.objects.filter(pk=old.pk).update(created_at=old.created_at - KEPT - DAY)
        call_command("clean_up")
        assert [told.kind for told in Notification.objects.all()] == ["mention"]


class AnEmailAtOnce:
    def test_is_sent_by_default(self, tell, ada, settings):
        tell("mention", ada, text="What about @ada?")
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == (
            ["ada@example.org"],
            "Somebody mentions you: The Loom",
        )
        assert "What about @ada?" in letter.body
        assert "By Bo" in letter.body
        assert f"{settings.SITE_URL}{PREFERENCES}" in letter.body
        assert letter.extra_headers["List-Unsubscribe"] == f"<{settings.SITE_URL}{PREFERENCES}>"

    def test_is_not_sent_if_the_transaction_fails(self, ada, boss, story):
        with transaction.atomic():
            notify("mention", [ada], story, boss)
            transaction.set_rollback(True)
        assert mail.outbox == []

    @pytest.mark.parametrize(
        ("channel", "at_the_desk", "e_mails", "in_digest"),
        [("desk", 1, 0, 0), ("email", 1, 1, 0), ("digest", 1, 0, 1), ("none", 0, 0, 0)],
    )
    def test_follows_the_preference(self, tell, ada, channel, at_the_desk, e_mails, in_digest):
        prefer(ada, "mention", channel)
        tell("mention", ada)
        rows = Notification.objects.filter(recipient=ada)
        assert (rows.count(), len(mail.outbox)) == (at_the_desk, e_mails)
        assert rows.filter(waits_for_digest=True).count() == in_digest

    def test_costs_the_same_for_one_and_for_many(self, ada, boss, story):
        def cost(*users):
            with CaptureQueriesContext(connection) as captured:
                notify("mention", users, story, boss)
            return len(captured)

        assert cost(ada) == cost(*[make_user("Writer") for _ in range(12)])


class TheDailyLetter:
    @pytest.fixture
    def waiting(self, tell, ada, noon):
        return tell("comment", ada, text="A fine end.")

    def at(self, moment):
        with time_machine.travel(moment, tick=False):
            call_command("send_digests")
        letters, mail.outbox[:] = list(mail.outbox), []
        return letters

    def test_lists_what_waits_in_its_hour(self, waiting, settings, story):
        (letter,) = self.at(NOON + DAY)
        assert letter.to == ["ada@example.org"]
        assert letter.subject == "How They Began: 1 notification"
        assert "The Loom\nThere is a new comment. “A fine end.”" in letter.body
        assert f"{settings.SITE_URL}/admin/stories/story/{story.pk}/change/" in letter.body
        assert PREFERENCES in letter.body

    def test_waits_for_its_hour(self, waiting):
        assert self.at(NOON + 11 * HOUR) == []
        assert self.at(NOON + 18 * HOUR) == []
        assert len(self.at(NOON + 19 * HOUR)) == 1

    def test_is_due_in_the_zone_of_the_publication(self, waiting, settings):
        settings.DIGEST_HOUR = 13
        assert digests.last_moment(NOON) == NOON - 23 * HOUR

    def test_is_sent_once_a_day(self, waiting, tell, ada):
        assert len(self.at(NOON + DAY)) == 1
        with time_machine.travel(NOON + DAY, tick=False):
            tell("comment", ada)
        assert self.at(NOON + DAY + HOUR) == []
        assert len(self.at(NOON + 2 * DAY)) == 1

    def test_is_not_sent_by_two_that_send_at_once(self, waiting, ada):
        moment = digests.last_moment(NOON + DAY)
        first = digests._claim(ada, moment.date(), moment)
        assert (len(first), digests._claim(ada, moment.date(), moment)) == (1, [])

    def test_is_tried_again_if_the_mail_server_fails(self, waiting, monkeypatch, caplog):
        def fail(*arguments):
            raise OSError("no mail today")

        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
            assert self.at(NOON + DAY) == []
        assert "No digest for account" in caplog.text
        assert len(self.at(NOON + DAY)) == 1

    def test_is_not_sent_to_who_has_left(self, waiting, ada):
        type(ada).objects.filter(pk=ada.pk).update(is_active=False)
        assert self.at(NOON + DAY) == []
        assert Digest.objects.get().sent_on == TODAY + DAY

    def test_says_how_many_more_there_are(self, waiting, tell, ada, monkeypatch):
        monkeypatch.setattr(digests, "LISTED", 1)
        tell("comment", ada)
        (letter,) = self.at(NOON + DAY)
        assert "1 more is at the desk." in letter.body
        assert letter.subject.endswith("2 notifications")

    def test_is_sent_by_the_worker(self, waiting, monkeypatch):
        called = Event()
        monkeypatch.setattr(daily, "CHECK_EVERY", 0.001)
        monkeypatch.setattr(daily, "send_digests", lambda now: called.set())
        with daily.Daily():
            assert called.wait(10)


class ADeadline:
    def reminders(self, moment):
        with time_machine.travel(moment, tick=False):
            call_command("send_digests")
        kinds = Notification.objects.order_by("pk").values_list("kind", flat=True)
        return [kind for kind in kinds if kind in ("deadline", "overdue")]

    def plan(self, story, ada, boss, deadline):
        change_plan(story, {"owner": ada, "deadline": deadline}, boss)

    def test_is_reminded_of_on_the_day_before_and_once_it_has_passed(self, story, ada, boss, noon):
        self.plan(story, ada, boss, TODAY + 2 * DAY)
        assert self.reminders(NOON) == []
        assert self.reminders(NOON + DAY) == ["deadline"]
        assert self.reminders(NOON + 2 * DAY) == ["deadline"]
        assert self.reminders(NOON + 3 * DAY) == ["deadline", "overdue"]
        assert self.reminders(NOON + 4 * DAY) == ["deadline", "overdue"]
        assert "Its deadline is May 15, 2026." in mail.outbox[0].body
        assert "Its deadline was May 15, 2026. It is overdue." in mail.outbox[1].body

    def test_is_reminded_of_again_when_it_was_moved(self, story, ada, boss, noon):
        self.plan(story, ada, boss, TODAY + DAY)
        assert self.reminders(NOON) == ["deadline"]
        self.plan(story, ada, boss, TODAY + 4 * DAY)
        assert self.reminders(NOON + 3 * DAY) == ["deadline", "deadline"]

    def test_is_nothing_for_a_text_that_is_handed_in(self, story, ada, boss, noon):
        self.plan(story, ada, boss, TODAY - DAY)
        submit(story, ada)
        assert self.reminders(NOON) == []

    def test_is_nothing_for_a_story_with_a_date(self, ada, boss, noon):
        self.plan(make_story_in("published"), ada, boss, TODAY - DAY)
        assert self.reminders(NOON) == []

    def test_reminds_nobody_where_nobody_owns_it(self, story, boss, noon):
        change_plan(story, {"deadline": date(2026, 5, 12)}, boss)
        assert self.reminders(NOON) == []
        assert Plan.of(story).warned_of is None


class TheBell:
    def test_counts_what_is_unread(self, tell, client, ada):
        client.force_login(ada)
        assert "bell__count" not in client.get("/admin/").text
        tell("mention", ada)
        tell("comment", ada)
        assert '<strong class="bell__count">2' in client.get("/admin/").text

    def test_counts_up_to_99(self, tell, client, ada, story, boss):
        rows = [Notification(recipient=ada, kind="comment", story=story) for _ in range(105)]
        Notification.objects.bulk_create(rows)
        client.force_login(ada)
        assert '<strong class="bell__count">99+' in client.get("/admin/").text

    def test_is_not_shown_to_staff_without_a_role(self, client):
        client.force_login(make_user(is_staff=True))
        assert 'class="bell"' not in client.get("/admin/").text

    def test_makes_one_query(self, client, ada):
        client.force_login(ada)
        client.get(PREFERENCES)
        watch.forget()
        with CaptureQueriesContext(connection) as captured:
            client.get(PREFERENCES)
        counted = [q for q in captured if "COUNT(" in q["sql"] and "notification" in q["sql"]]
        assert len(counted) == 1


class ThePageOfNotifications:
    def test_lists_the_newest_first_and_marks_them_read_when_opened(self, tell, client, ada, story):
        (first,) = tell("mention", ada, text="First words")
        (second,) = tell("comment", ada, text="Second words")
        client.force_login(ada)
        page = client.get(PAGE).text
        assert page.index("Second words") < page.index("First words")
        answer = client.get(f"{PAGE}{second.pk}/")
        assert answer["Location"] == f"/admin/stories/story/{story.pk}/change/"
        assert (reload(first).read_at, reload(second).read_at is None) == (None, False)

    def test_marks_all_as_read_that_it_shows(self, tell, client, ada):
        (shown,) = tell("mention", ada)
        (later,) = tell("comment", ada)
        client.force_login(ada)
        client.post(f"{PAGE}read/", {"newest": shown.pk})
        assert list(Notification.objects.unread()) == [later]
        client.post(f"{PAGE}read/")
        assert not Notification.objects.unread().exists()

    def test_shows_and_marks_nothing_of_others(self, tell, client, ada, boss):
        (hers,) = tell("mention", ada, text="For Ada only")
        client.force_login(boss)
        assert "For Ada only" not in client.get(PAGE).text
        assert client.get(f"{PAGE}{hers.pk}/").status_code == 404
        client.post(f"{PAGE}read/")
        assert reload(hers).read_at is None

    def test_says_what_will_come_where_nothing_is(self, client, ada):
        client.force_login(ada)
        assert "Nothing here yet." in client.get(PAGE).text

    def test_goes_on_to_earlier_ones(self, client, ada, story):
        rows = [
            Notification(recipient=ada, kind="comment", story=story, text=f"Word {n}.")
            for n in range(60)
        ]
        Notification.objects.bulk_create(rows)
        client.force_login(ada)
        newest = client.get(PAGE).text
        assert ("Word 59." in newest, "Word 9." in newest) == (True, False)
        last = Notification.objects.order_by("-pk")[49].pk
        assert f"?before={last}" in newest
        assert "Word 9." in client.get(f"{PAGE}?before={last}").text

    def test_makes_the_same_number_of_queries_with_many(self, tell, client, ada):
        def cost():
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                client.get(PAGE)
            return len(captured)

        client.force_login(ada)
        tell("mention", ada)
        tell("mention", ada)
        client.get(PAGE)
        few = cost()
        for _ in range(38):
            tell("mention", ada, by=make_user("Editor"))
        assert cost() == few


class ThePreferences:
    def test_begin_with_the_defaults(self, client, ada):
        client.force_login(ada)
        page = client.get(PREFERENCES)
        assert page.context["form"].initial == DEFAULTS
        assert "ada@example.org" in page.text

    def test_are_kept(self, client, ada):
        client.force_login(ada)
        client.post(PREFERENCES, DEFAULTS | {"mention": "none"})
        kept = NotificationPreference.objects.values_list("user", "kind", "channel")
        assert list(kept) == [(ada.pk, "mention", "none")]
        assert client.get(PREFERENCES).context["form"].initial["mention"] == "none"

    def test_refuse_what_is_no_choice(self, client, ada):
        client.force_login(ada)
        answer = client.post(PREFERENCES, DEFAULTS | {"mention": "pigeon"})
        assert "Select a valid choice" in answer.text
        assert not NotificationPreference.objects.exists()
