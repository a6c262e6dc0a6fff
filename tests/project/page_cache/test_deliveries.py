"""What is stored for the services outside: with the change, or not at all."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from stories.writing.series import remove_series
from stories_project.env import NetworkAddress
from stories_project.page_cache import change_log
from stories_project.page_cache.models import Delivery
from tests.factories import make_founder, make_series, make_story, make_story_in, revise

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def network(settings):
    settings.NETWORK = NetworkAddress("varnish", api="http://127.0.0.1:1")


@pytest.fixture
def pings(settings):
    settings.PINGS = {"indexnow": "nobody.calls.this"}


def planned():
    return set(Delivery.objects.exclude(subject="").values_list("target", "due_at"))


class AChange:
    def test_stores_a_purge_of_its_keys(self, network):
        change_log.record("story-1", "newest")
        delivery = Delivery.objects.get()
        assert (delivery.target, delivery.keys) == ("purge", "newest story-1 story-any")
        assert delivery.due_at <= timezone.now()

    def test_that_is_rolled_back_leaves_none(self, network, pings):
        with transaction.atomic():
            make_story()
            assert Delivery.objects.count() > 1
            transaction.set_rollback(True)
        assert not Delivery.objects.exists()

    def test_stores_nothing_without_a_network_and_pings(self):
        make_story(unpublish_at=timezone.now() + HOUR)
        assert not Delivery.objects.exists()

    def test_of_a_founder_stores_a_purge_and_no_ping(self, network, pings):
        ada = make_founder()
        Delivery.objects.all().delete()
        ada.hide("They asked us to.")
        assert [d.target for d in Delivery.objects.all()] == ["purge"]


class AStory:
    def test_is_pinged_when_it_is_published_changed_and_withdrawn(self, pings):
        story = make_story(publish_at=None)
        counts = []
        for step in (story.publish, lambda: revise(story, {"title": "New"}), story.withdraw):
            Delivery.objects.all().delete()
            step()
            counts.append(Delivery.objects.filter(subject="").count())
        assert counts == [1, 1, 1]

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_that_readers_do_not_see_is_not_pinged(self, pings, state):
        story = make_story_in(state)
        revise(story, {"title": "New"})
        assert not Delivery.objects.filter(subject="").exists()

    def test_plans_its_transitions(self, network, pings):
        begin, end = timezone.now() + HOUR, timezone.now() + 2 * HOUR
        make_story(publish_at=begin, unpublish_at=end)
        assert planned() == {(t, at) for t in ("purge", "indexnow") for at in (begin, end)}

    def test_replaces_its_plan_and_no_other_when_its_times_change(self, network):
        begin, end = timezone.now() + HOUR, timezone.now() + 2 * HOUR
        make_story(publish_at=begin)
        moved = make_story(publish_at=begin)
        revise(moved, {"publish_at": end})
        assert sorted(at for _, at in planned()) == [begin, end]

    def test_that_comes_into_a_series_is_planned_with_it(self, network):
        series = make_series(make_story_in("scheduled"))
        key = f"stories-of-series-{series.pk}"
        assert key in Delivery.objects.exclude(subject="").get().keys.split()
        remove_series(series)
        assert key not in Delivery.objects.exclude(subject="").get().keys.split()

    @pytest.mark.parametrize("step", ["unschedule", "remove"])
    def test_that_will_not_be_published_has_no_plan(self, network, step):
        story = make_story(publish_at=timezone.now() + HOUR)
        revise(story, {"publish_at": None}) if step == "unschedule" else story.remove()
        assert not planned()

    def test_keeps_what_was_tried_in_vain(self, network):
        story = make_story(publish_at=timezone.now() + HOUR)
        failing = Delivery.objects.exclude(subject="").get()
        Delivery.objects.filter(pk=failing.pk).update(attempts=1)
        revise(story, {"title": "New"})
        assert Delivery.objects.filter(pk=failing.pk).exists()
