"""Every delivery is made at least once, by one process at a time, whatever fails meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from stories_project.env import NetworkAddress
from stories_project.page_cache import change_log, delivering
from stories_project.page_cache.delivering import claim, delay_after, deliver, deliver_due
from stories_project.page_cache.delivery_worker import worker_without_pages
from stories_project.page_cache.models import Delivery
from stories_project.page_cache.posting import NotDelivered
from tests.at_once import at_once
from tests.factories import make_story, rework

pytestmark = pytest.mark.django_db

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01T12:00:00+00:00", tick=False) as clock:
        yield clock


class Service:
    """Notes the keys it is told of; fails while `failure` is set."""

    def __init__(self):
        self.calls, self.failure = [], None

    def __call__(self, keys):
        self.calls.append(sorted(keys))
        if self.failure:
            raise self.failure


@pytest.fixture
def purges(settings, monkeypatch):
    settings.NETWORK = NetworkAddress("cloudflare", "zone", "token")
    service = Service()
    monkeypatch.setattr(
        "stories_project.page_cache.networks.Cloudflare.purge", lambda network, keys: service(keys)
    )
    return service


@pytest.fixture
def pings(settings, monkeypatch):
    service = Service()
    monkeypatch.setattr(delivering, "import_string", lambda path: service)
    settings.PINGS = {"indexnow": "a.service"}
    return service


class APurge:
    def test_is_made_and_repeated_once(self, purges, clock):
        change_log.record("newest")
        deliver_due()
        assert purges.calls == [["newest"]]
        clock.shift(4)
        deliver_due()
        assert len(purges.calls) == 1
        clock.shift(1)
        deliver_due()
        clock.shift(3600)
        deliver_due()
        assert purges.calls == [["newest"]] * 2
        assert not Delivery.objects.exists()

    def test_is_merged_with_others_within_the_limit_of_a_call(self, purges, clock):
        for number in range(35):
            change_log.record(f"list-{number}")
        deliver_due()
        told = [key for call in purges.calls for key in call]
        assert len(told) == 36
        assert {f"list-{number}" for number in range(35)} | {"list-any"} == set(told)
        assert [len(call) for call in purges.calls] == [30, 6]

    def test_of_everything_names_nothing_else(self, purges, clock):
        change_log.record("story-1")
        change_log.record("everything")
        deliver_due()
        assert purges.calls == [["everything"]]

    def test_of_a_transition_waits_for_its_moment(self, purges, clock):
        story = make_story(publish_at=timezone.now() + MINUTE)
        deliver_due()
        clock.shift(59)
        deliver_due()
        purges.calls.clear()
        clock.shift(1)
        deliver_due()
        [keys] = purges.calls
        assert {story.surrogate_key, "newest", "search", "missing"} <= set(keys)


class AFailure:
    def test_is_tried_again_later_each_time_and_never_given_up(self, purges, clock):
        purges.failure = NotDelivered("Cloudflare answered with status 503.")
        change_log.record("newest")
        delays = []
        for attempt in range(1, 15):
            deliver_due()
            delivery = Delivery.objects.get()
            assert (delivery.attempts, len(purges.calls)) == (attempt, attempt)
            delays.append((delivery.due_at - timezone.now()).total_seconds())
            clock.move_to(delivery.due_at - SECOND / 10)
            deliver_due()
            assert len(purges.calls) == attempt
            clock.move_to(delivery.due_at)
        assert delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600]
        clock.shift(30 * DAY)
        deliver_due()
        assert Delivery.objects.get().failure == "Cloudflare answered with status 503."
        purges.failure = None
        clock.shift(600)
        deliver_due()
        delivery = Delivery.objects.get()
        assert (delivery.attempts, delivery.failure) == (0, "")

    def test_of_a_ping_is_given_up_after_a_day(self, pings, clock):
        pings.failure = NotDelivered("IndexNow answered with status 429.")
        make_story()
        deliver_due()
        clock.shift(DAY - SECOND)
        deliver_due()
        assert Delivery.objects.exists()
        clock.shift(601)
        deliver_due()
        assert not Delivery.objects.exists()

    def test_of_a_ping_holds_up_no_purge(self, purges, pings, clock):
        pings.failure = NotDelivered("IndexNow cannot be reached.")
        make_story()
        deliver_due()
        assert purges.calls
        assert [d.target for d in Delivery.objects.failing()] == ["indexnow"]

    def test_that_nobody_foresaw_is_tried_again_too(self, pings, clock):
        pings.failure = RuntimeError("a secret")
        make_story()
        deliver_due()
        assert Delivery.objects.get().failure == delivering.OUR_OWN_ERROR

    def test_waits_for_so_long_at_most(self):
        assert delay_after(10**6) == timedelta(minutes=10)


class AProcessThatIsKilled:
    def test_before_it_has_told_anybody_leaves_the_rest_to_others(self, purges, clock):
        change_log.record("newest")
        assert claim("purge", timezone.now())
        deliver_due()
        assert not purges.calls
        clock.shift(31)
        deliver_due()
        assert purges.calls == [["newest"]]

    def test_after_it_has_told_somebody_is_followed_by_one_who_tells_it_again(self, purges, clock):
        change_log.record("newest")
        claim("purge", timezone.now())
        purges(["newest"])
        clock.shift(31)
        deliver_due()
        assert purges.calls == [["newest"]] * 2


class AProcessThatIsTooSlow:
    @pytest.mark.parametrize("failure", [None, NotDelivered("No.")])
    def test_changes_nothing_of_what_another_has_claimed(self, purges, clock, failure):
        change_log.record("newest")
        slow = claim("purge", timezone.now())
        clock.shift(31)
        fast = claim("purge", timezone.now())
        purges.failure = failure
        deliver(slow, purges)
        [delivery] = Delivery.objects.all()
        assert (delivery.claimed_until, delivery.attempts) == (fast.until, 0)


@pytest.mark.django_db(transaction=True)
class TwoProcessesAtOnce:
    def test_deliver_each_delivery_once(self, settings, tmp_path):
        settings.NETWORK = NetworkAddress("cloudflare", "zone", "token")
        for number in range(500):
            change_log.record(f"list-{number}")

        def claim_all(connect, n):
            connect()
            rows = []
            while claimed := claim("purge", timezone.now()):
                rows += [row.pk for row in claimed.rows]
            return rows

        first, second, third = at_once(3, tmp_path, claim_all)
        assert len(first + second + third) == len({*first, *second, *third}) == 500


class AWorker:
    def test_applies_a_due_update_and_purges_although_nobody_asks_for_a_page(self, purges, clock):
        story = make_story(title="The loom")
        rework(story, {"title": "The ledger"})
        story.schedule(timezone.now() + 2 * MINUTE)
        worker = worker_without_pages()
        worker.deliver_once()
        purges.calls.clear()
        clock.shift(120)
        worker.deliver_once()
        story.refresh_from_db()
        assert story.title == "The ledger"
        assert any(story.surrogate_key in call for call in purges.calls)

    def test_goes_on_after_an_error_of_the_database(self, purges, clock, monkeypatch):
        def fail():
            raise RuntimeError

        monkeypatch.setattr("stories_project.page_cache.delivery_worker.deliver_due", fail)
        worker_without_pages().deliver_once()

    def test_is_woken_by_a_change(self, purges, django_capture_on_commit_callbacks):
        worker = worker_without_pages()
        worker.deliver_once()
        with django_capture_on_commit_callbacks(execute=True):
            change_log.record("newest")
        assert worker._woken.is_set()
