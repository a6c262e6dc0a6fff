"""Administrators keep webhooks at the desk; nobody else sees them."""

import pytest
import time_machine

from stories.models import Webhook
from stories.webhooks.sending import send_due
from stories_project.audit.models import AuditEntry
from stories_project.page_cache.delivering import deliver_due
from stories_project.page_cache.models import Delivery
from tests.factories import make_story, make_user, reload
from tests.recording_server import recording_server

pytestmark = pytest.mark.django_db

LIST = "/admin/stories/story/webhooks/"
URL = "https://example.org/hook"
EVENTS = ["story.published", "story.withdrawn"]


@pytest.fixture(autouse=True)
def _webhooks(settings):
    settings.WEBHOOKS = True
    settings.PINGS = {"webhook": "stories.webhooks.events.tell"}


@pytest.fixture
def admin(client):
    user = make_user(is_staff=True, is_superuser=True, username="admin")
    client.force_login(user)
    return user


@pytest.fixture
def webhook(admin):
    webhook = Webhook(url=URL, events=EVENTS)
    webhook.add(admin)
    return webhook


def page(webhook):
    return f"{LIST}{webhook.pk}/"


def text(answer):
    return " ".join(answer.text.split())


def done():
    """What the audit log says, the newest first."""
    return AuditEntry.objects.order_by("-pk").values_list("what", flat=True)


class AnAdministrator:
    def test_adds_a_webhook_and_sees_its_secret_once(self, client, admin):
        assert "There is no webhook yet." in text(client.get(LIST))
        answer = client.post(LIST, {"url": URL, "events": EVENTS})
        secret = Webhook.objects.get().read_secret()
        assert secret in answer.text
        assert "no-store" in answer["Cache-Control"]
        for address in (LIST, page(Webhook.objects.get())):
            assert secret not in client.get(address).text
            assert URL in client.get(address).text
        assert done()[0] == "added the webhook"
        assert not AuditEntry.objects.filter(after__icontains=secret).exists()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"url": "", "events": EVENTS}, "This field is required."),
            ({"url": URL}, "Choose what it is told of."),
            ({"url": "http://example.org/", "events": EVENTS}, "begins with https://."),
            ({"url": "https://a:b@example.org/", "events": EVENTS}, "Leave the name"),
            ({"url": URL, "events": ["story.no"]}, "Select a valid choice"),
        ],
    )
    def test_reads_what_is_wrong_with_a_webhook(self, client, admin, values, sentence):
        assert sentence in text(client.post(LIST, values))
        assert not Webhook.objects.exists()

    def test_cannot_add_the_same_address_twice(self, client, webhook):
        answer = client.post(LIST, {"url": URL, "events": EVENTS})
        assert "There is a webhook for this address already." in text(answer)
        assert Webhook.objects.count() == 1

    def test_sends_a_ping_and_reads_the_answer(self, client, admin, settings):
        settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
        with recording_server() as server:
            server.usual = (500, b"<script>alert(1)</script>")
            webhook = Webhook(url=server.address, events=EVENTS)
            webhook.add(admin)
            answer = client.post(f"{page(webhook)}ping/", follow=True)
            assert "The ping is on its way." in text(answer)
            assert "Waiting" in text(answer)
            with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False):
                Delivery.objects.update(due_at="2026-03-01T12:00:00Z")
                send_due()
            shown = text(client.get(page(webhook)))
            assert "The answer has the status 500." in shown
            assert "Next try: March 1, 12:00:0" in shown
            assert "&lt;script&gt;" in shown
            assert "Failing: 1 attempt in succession" in shown
            server.usual = (204, b"")
            message = webhook.deliveries.get()
            client.post(f"{page(webhook)}again/{message.pk}/")
            send_due()
            shown = text(client.get(page(webhook)))
            assert "Delivered" in shown
            assert "204" in shown
            ids = {headers["webhook-id"] for _, _, headers, _ in server.requests}
            assert len(ids) == 1

    def test_pauses_resumes_and_deletes(self, client, webhook):
        client.post(f"{page(webhook)}pause/")
        assert reload(webhook).paused_at
        assert "Paused" in text(client.get(LIST))
        client.post(f"{page(webhook)}pause/")
        assert not reload(webhook).paused_at
        client.post(f"{page(webhook)}delete/")
        assert not Webhook.objects.exists()
        assert list(done()[:3]) == [
            "deleted the webhook",
            "resumed the webhook",
            "paused the webhook",
        ]

    def test_reads_which_story_a_message_was_about(self, client, webhook):
        story = make_story(title="The loom")
        deliver_due()
        assert "A story is published: The loom" in text(client.get(page(webhook))).replace(
            f'<a href="/admin/stories/story/{story.pk}/change/">', ""
        )
        key = story.pk
        story.remove()
        assert f"story {key}, which is deleted" in text(client.get(page(webhook)))

    def test_sees_that_nothing_is_told_if_that_is_off(self, client, webhook, settings):
        settings.WEBHOOKS = False
        assert "WEBHOOKS is off" in client.get(LIST).text

    def test_reads_a_long_log_in_pages_at_the_same_cost(
        self, client, webhook, django_assert_max_num_queries
    ):
        client.get(page(webhook))
        counts = []
        for more in (2, 60):
            for _ in range(more):
                webhook.deliveries.create(event="ping", occurred_at=webhook.created_at)
            with django_assert_max_num_queries(12) as queries:
                answer = client.get(page(webhook))
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert "Older" in answer.text
        assert client.get(f"{page(webhook)}?page=2").status_code == 200


class NobodyElse:
    @pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
    def test_sees_or_changes_webhooks(self, client, webhook, role):
        client.force_login(make_user(role))
        assert client.get(LIST).status_code == 403
        assert client.post(LIST, {"url": f"{URL}/2", "events": EVENTS}).status_code == 403
        assert client.get(page(webhook)).status_code == 403
        for verb in ("ping/", "pause/", "delete/", "again/1/"):
            assert client.post(page(webhook) + verb).status_code == 403
        assert Webhook.objects.count() == 1
        assert "/webhooks/" not in client.get("/admin/").text

    def test_is_shown_what_a_reader_asks_for(self, client, webhook):
        client.logout()
        assert client.get(LIST).status_code == 302


class AGet:
    @pytest.mark.parametrize("verb", ["ping/", "pause/", "delete/", "again/1/"])
    def test_changes_nothing(self, client, webhook, verb):
        assert client.get(page(webhook) + verb).status_code == 405
