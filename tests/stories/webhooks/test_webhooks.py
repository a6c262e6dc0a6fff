"""Webhooks are told what readers see change: once, signed, and nothing else."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.utils import timezone

from stories.models import StoryEvent, Webhook, WebhookDelivery
from stories.webhooks.events import plan_what_is_scheduled
from stories.webhooks.messages import sign
from stories.webhooks.sending import send_due
from stories_project.page_cache.delivering import deliver_due
from stories_project.page_cache.models import Delivery
from tests.factories import make_founder, make_story, make_story_in, make_user, revise, rework
from tests.recording_server import recording_server

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _webhooks(settings):
    settings.WEBHOOKS = True
    settings.PINGS = {"webhook": "stories.webhooks.events.tell"}
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True


@pytest.fixture
def server():
    with recording_server() as server:
        yield server


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
        yield clock


def make_webhook(server, path="/hook", events=StoryEvent.Name.values):
    webhook = Webhook(url=server.address + path, events=list(events))
    webhook.full_clean(exclude=["secret"])
    webhook.plain_secret = webhook.add(make_user(is_staff=True, is_superuser=True))
    return webhook


@pytest.fixture
def webhook(server):
    return make_webhook(server)


def deliver():
    deliver_due()
    send_due()


def told(server):
    """Deliver what is due, and return (event, story) of each message."""
    server.requests.clear()
    deliver()
    bodies = [json.loads(body) for *_, body in server.requests]
    return [(body["event"], body.get("story")) for body in bodies]


def events(server):
    return [event for event, _ in told(server)]


def hmac_by_hand(key, text):
    """RFC 2104, without the module that the site uses."""
    padded = key.ljust(64, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in padded) + text).digest()
    return sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()


class AStory:
    def test_is_told_when_it_is_published_changed_and_withdrawn(self, server, webhook):
        story = make_story_in("draft", slug="the-loom", title="The loom")
        assert told(server) == []
        story.publish()
        [(event, content)] = told(server)
        assert event == "story.published"
        assert (content["slug"], content["title"]) == ("the-loom", "The loom")
        revise(story, {"title": "The ledger"})
        [(event, content)] = told(server)
        assert (event, content["title"]) == ("story.updated", "The ledger")
        story.withdraw()
        gone = {"id": story.pk, "slug": "the-loom", "url": f"{SITE}/stories/the-loom/"}
        assert told(server) == [("story.withdrawn", gone)]
        assert told(server) == []

    def test_is_told_as_in_the_api(self, server, webhook, client):
        story = make_story(founders=[make_founder(slug="ada")])
        [(_, content)] = told(server)
        assert content == client.get(f"/api/stories/{story.slug}/").json()

    def test_that_is_scheduled_is_told_at_its_times_although_nobody_acts(
        self, server, webhook, clock
    ):
        now = timezone.now()
        make_story(publish_at=now + MINUTE, unpublish_at=now + HOUR)
        assert events(server) == []
        clock.move_to(now + MINUTE - timedelta(seconds=1))
        assert events(server) == []
        clock.move_to(now + MINUTE)
        assert events(server) == ["story.published"]
        assert json.loads(server.requests[0][3])["occurred_at"] == "2026-03-01T12:01:00Z"
        clock.move_to(now + 2 * HOUR)
        assert events(server) == ["story.withdrawn"]
        assert events(server) == []

    def test_that_was_scheduled_before_anybody_planned_events_is_told_too(
        self, server, settings, clock
    ):
        settings.PINGS = {}
        make_story(publish_at=timezone.now() + MINUTE)
        settings.PINGS = {"webhook": "stories.webhooks.events.tell"}
        make_webhook(server)
        plan_what_is_scheduled()
        plan_what_is_scheduled()
        clock.shift(60)
        assert events(server) == ["story.published"]

    def test_whose_schedule_is_moved_is_told_once(self, server, webhook, clock):
        story = make_story(publish_at=timezone.now() + MINUTE)
        revise(story, {"publish_at": timezone.now() + HOUR})
        clock.shift(120)
        assert events(server) == []
        clock.shift(3600)
        assert events(server) == ["story.published"]

    def test_with_a_scheduled_update_is_told_when_it_goes_live(self, server, webhook, clock):
        from stories.planning.scheduling import watch

        story = make_story()
        deliver()
        rework(story, {"title": "The ledger"})
        story.schedule(timezone.now() + 2 * MINUTE)
        assert events(server) == []
        clock.shift(120)
        watch.apply_due_updates(timezone.now())
        [(event, content)] = told(server)
        assert (event, content["title"]) == ("story.updated", "The ledger")

    def test_that_is_withdrawn_before_the_delivery_is_told_as_withdrawn_only(self, server, webhook):
        story = make_story(title="A secret")
        story.withdraw()
        assert events(server) == ["story.withdrawn"]
        assert b"A secret" not in server.requests[0][3]
        published = WebhookDelivery.objects.get(event="story.published")
        assert (published.status, published.attempts) == ("not sent", 0)
        assert published.reason == "The story is not public any more."

    def test_that_is_public_again_is_not_told_as_withdrawn(self, server, webhook):
        story = make_story()
        deliver()
        story.withdraw()
        revise(story, {"unpublish_at": None})
        assert events(server) == ["story.published"]

    def test_that_is_deleted_is_told_by_its_last_address(self, server, webhook):
        story = make_story(slug="the-loom")
        key = story.pk
        deliver()
        story.remove()
        gone = {"id": key, "slug": "the-loom", "url": f"{SITE}/stories/the-loom/"}
        assert told(server) == [("story.withdrawn", gone)]

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_that_readers_do_not_see_is_told_to_nobody(self, server, webhook, state):
        story = make_story_in(state, slug="a-secret")
        revise(story, {"title": "Another secret"})
        assert told(server) == []

    def test_keeps_its_working_copy_and_its_new_slug_to_itself(self, server, webhook):
        story = make_story(slug="the-loom")
        deliver()
        rework(story, {"title": "A secret"})
        assert told(server) == []
        story.withdraw()
        revise(story, {"slug": "a-secret"})
        assert b"secret" not in b"".join(body for *_, body in server.requests)
        [(_, gone)] = told(server)
        assert gone["slug"] == "the-loom"


class AMessage:
    def test_is_signed_as_standard_webhooks_says(self, server, webhook):
        make_story()
        deliver()
        [(method, path, headers, body)] = server.requests
        assert (method, path, headers["Content-Type"]) == ("POST", "/hook", "application/json")
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = b64decode(webhook.plain_secret.removeprefix("whsec_"))
        assert len(key) == 32
        expected = b64encode(hmac_by_hand(key, signed)).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
        assert json.loads(body)["id"] == headers["webhook-id"]

    def test_is_signed_as_the_libraries_of_the_standard_do(self):
        """Their own example."""
        secret, identity = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
        signature = sign(identity, 1614265330, b'{"test": 2432232314}', secret)
        assert signature == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_is_tried_again_until_it_is_accepted(self, server, webhook, clock):
        make_story()
        server.answers = [(503, b"Busy"), (500, b"")]
        ids = set()
        for attempt, status in ((1, "waiting"), (2, "waiting"), (3, "delivered")):
            server.requests.clear()
            deliver()
            message = WebhookDelivery.objects.get()
            assert (message.attempts, message.status) == (attempt, status)
            ids |= {headers["webhook-id"] for _, _, headers, _ in server.requests}
            deliver()
            assert len(server.requests) == 1
            clock.shift(attempt * 2)
        assert len(ids) == 1
        assert (message.response_code, message.response_start) == (200, '{"success": true}')
        assert not Delivery.objects.exists()
        webhook.refresh_from_db()
        assert webhook.failures == 0

    def test_is_given_up_after_a_day(self, server, webhook, clock):
        make_story()
        server.usual = (500, b"Broken\0")
        deliver()
        while (waiting := Delivery.objects.first()) and len(server.requests) < 400:
            clock.move_to(max(waiting.due_at, timezone.now()))
            deliver()
        message = WebhookDelivery.objects.get()
        assert message.status == "given up"
        assert message.reason == "The answer has the status 500."
        assert (message.response_code, message.response_start) == (500, "Broken")
        assert 100 < len(server.requests) < 200
        message.queue()
        server.usual = (200, b"")
        deliver()
        message.refresh_from_db()
        assert message.status == "delivered"

    def test_is_not_delivered_by_a_redirect(self, server, webhook):
        make_story()
        server.usual = (302, b"")
        deliver()
        assert [path for _, path, *_ in server.requests] == ["/hook"]
        assert WebhookDelivery.objects.get().reason == "The answer has the status 302."

    def test_is_written_once_although_the_outbox_says_it_twice(self, server, webhook):
        make_story()
        rows = list(Delivery.objects.all())
        deliver_due()
        Delivery.objects.bulk_create(rows)
        assert events(server) == ["story.published"]

    def test_with_a_secret_of_another_key_is_not_sent(self, server, webhook, settings):
        make_story()
        settings.SECRET_KEY = "another-key"
        deliver()
        assert not server.requests
        message = WebhookDelivery.objects.get()
        assert message.status == "given up"
        assert "SECRET_KEY" in message.reason

    def test_is_forgotten_after_thirty_days(self, server, webhook, clock):
        make_story()
        deliver()
        clock.shift(31 * DAY)
        make_story()
        deliver()
        assert WebhookDelivery.objects.count() == 1


class AWebhook:
    def test_is_told_only_what_it_wants_to_know(self, server):
        make_webhook(server, events=["story.withdrawn"])
        story = make_story()
        assert events(server) == []
        story.withdraw()
        assert events(server) == ["story.withdrawn"]

    def test_that_fails_holds_up_no_other(self, server, webhook):
        with recording_server() as broken:
            broken.usual = (500, b"")
            make_webhook(broken)
            for _ in range(3):
                make_story()
            assert len(events(server)) == 3
            assert len(broken.requests) == 1

    def test_that_fails_is_left_alone_with_all_messages(self, server, webhook, clock):
        server.usual = (500, b"")
        for _ in range(5):
            make_story()
        for _ in range(120):
            deliver()
            clock.shift(1)
        # After 0, 1, 3, 7, 15, 31 and 63 seconds: the same as for one message.
        assert 6 <= len(server.requests) <= 10
        server.usual = (200, b"")
        for _ in range(3):
            clock.shift(600)
            deliver()
        assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"delivered"}

    def test_that_refuses_one_message_gets_the_others(self, server, webhook, clock):
        make_story()
        server.answers = [(400, b"")] * 3
        deliver()
        for _ in range(2):
            make_story()
        for _ in range(20):
            clock.shift(5)
            deliver()
        assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"delivered"}

    def test_that_is_paused_is_told_nothing_also_not_later(self, server, webhook):
        admin = make_user(is_staff=True, is_superuser=True)
        make_story()
        deliver_due()
        webhook.pause(admin)
        make_story()
        assert events(server) == []
        assert WebhookDelivery.objects.get().reason == "The webhook was paused."
        webhook.resume(admin)
        make_story()
        assert events(server) == ["story.published"]

    def test_that_is_paused_gets_pings(self, server, webhook):
        admin = make_user(is_staff=True, is_superuser=True)
        webhook.pause(admin)
        webhook.ping(admin)
        assert told(server) == [("ping", None)]

    def test_that_is_deleted_is_told_nothing_more(self, server, webhook):
        make_story()
        deliver_due()
        webhook.remove(make_user(is_staff=True, is_superuser=True))
        assert events(server) == []
        assert not Delivery.objects.exists()

    def test_keeps_its_secret_encrypted(self, webhook):
        stored = Webhook.objects.get()
        assert webhook.plain_secret not in stored.secret
        assert stored.read_secret() == webhook.plain_secret

    def test_costs_a_story_the_same_whether_there_is_none_or_ten(
        self, server, django_assert_max_num_queries
    ):
        make_story()
        counts = []
        for hooks in (0, 10):
            for number in range(hooks):
                make_webhook(server, path=f"/{number}")
            founder = make_founder()
            with django_assert_max_num_queries(60) as queries:
                make_story(founders=[founder])
            counts.append(len(queries))
        assert counts[0] == counts[1]
