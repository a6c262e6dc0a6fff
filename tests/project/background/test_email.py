"""E-mail outside of the request: by a worker if one runs, with further attempts, and at the desk."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.cache import caches
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from stories_project.background import email, failures, worker
from stories_project.background.email import BackgroundEmail
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.DIRECT_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def running():
    """A worker that says that it runs, and does nothing."""
    with worker.Saying():
        while not worker.is_running():
            pass
        yield


@pytest.fixture
def broken(monkeypatch):
    """A mail server that cuts the line, as long as `broken` is set."""
    state = {"is": True}
    sent = locmem.EmailBackend.send_messages

    def send(self, messages):
        if state["is"]:
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        return sent(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send)
    return state


def message():
    built = EmailMultiAlternatives(
        "To “you”", "Text\n", "desk@example.org", ["a@example.org"], headers={"X-Kind": "test"}
    )
    built.attach_alternative("<p>Text</p>", "text/html")
    return built


def work():
    """Do what is due, as the worker does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signal.signal", lambda *a: None)
        # A test is one transaction, on one connection.
        patch.setattr(f"{db_worker.__name__}.close_old_connections", lambda: None)
        call_command("work", once=True, verbosity=0)


def make_due():
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(seconds=1))


class AnEmail:
    def test_is_sent_at_once_while_no_worker_runs(self):
        assert BackgroundEmail().send_messages([message()]) == 1
        assert mail.outbox[0].subject == "To “you”"
        assert not DBTaskResult.objects.exists()

    def test_is_sent_by_the_worker_whole_and_leaves_nothing_behind(self, running):
        assert BackgroundEmail().send_messages([message()]) == 1
        assert mail.outbox == []
        work()
        [sent] = mail.outbox
        assert sent.message()["X-Kind"] == "test"
        assert (sent.to, sent.body) == (["a@example.org"], "Text\n")
        assert sent.alternatives[0][0] == "<p>Text</p>"
        assert not DBTaskResult.objects.exists()

    def test_with_an_attachment_is_sent_at_once(self, running):
        built = EmailMessage("Subject", "Text", to=["a@example.org"])
        built.attach("a.txt", "content", "text/plain")
        BackgroundEmail().send_messages([built])
        assert len(mail.outbox) == 1

    def test_is_tried_again_later_each_time(self, running, broken):
        BackgroundEmail().send_messages([message()])
        pauses = []
        for _ in email.PAUSES:
            make_due()
            began = timezone.now()
            work()
            [row] = DBTaskResult.objects.all()
            pauses.append(round((row.run_after - began) / timedelta(minutes=1)))
        assert pauses == [pause / timedelta(minutes=1) for pause in email.PAUSES]
        broken["is"] = False
        make_due()
        work()
        assert len(mail.outbox) == 1

    def test_raises_in_the_request_if_no_worker_runs(self, broken):
        with pytest.raises(SMTPServerDisconnected):
            BackgroundEmail().send_messages([message()])


class AFailure:
    @pytest.fixture
    def failure(self, running, broken, client):
        email.send.enqueue(email._to_json(message()), len(email.PAUSES) + 1)
        work()
        client.force_login(make_user(is_staff=True, is_superuser=True))
        [failure] = failures.failures()
        return failure

    def test_is_shown_at_the_desk_with_its_reason(self, failure, client):
        page = client.get("/admin/stories/story/system/").text
        assert "E-mail “To “you”” to a@example.org" in page
        assert "Connection unexpectedly closed" in page

    def test_is_tried_again(self, failure, client, broken):
        address = f"/admin/stories/story/system/work/{failure.key}/"
        assert "tries it again within seconds" in client.post(address, follow=True).text
        assert "This is done already." in client.post(address, follow=True).text
        broken["is"] = False
        work()
        assert len(mail.outbox) == 1
        assert failures.failures() == []

    def test_is_forgotten_when_somebody_says_so_or_after_a_week(self, failure, client):
        address = f"/admin/stories/story/system/work/{failure.key}/"
        now = timezone.now()
        assert failures.forget_what_is_done(now) == 0
        assert "Forgotten." in client.post(address, {"forget": ""}, follow=True).text
        email.send.enqueue(email._to_json(message()), len(email.PAUSES) + 1)
        work()
        assert failures.forget_what_is_done(now + timedelta(days=8)) == 1


class AWorker:
    def test_is_believed_for_some_seconds(self, monkeypatch):
        assert not worker.is_running()
        with worker.Saying():
            while not worker.is_running():
                pass
            later = worker.time() + worker.BELIEVED_FOR + 1
            monkeypatch.setattr(worker, "time", lambda: later)
            assert not worker.is_running()
        monkeypatch.undo()
        assert not worker.is_running()

    def test_is_not_believed_in_if_the_cache_is_away(self, monkeypatch):
        def fail(*args):
            raise ConnectionError

        monkeypatch.setattr(type(caches["default"]), "get", fail)
        assert not worker.is_running()
