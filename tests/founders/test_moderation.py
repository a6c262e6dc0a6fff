"""Only approved profiles are public, and every step is recorded as a decision."""

import pytest
from django.core.exceptions import ValidationError

from founders.models import STEPS, Founder
from tests.factories import make_founder, make_user, reload

pytestmark = pytest.mark.django_db

STATUSES = [status.value for status in Founder.Status]
EVERY_STEP = [(now, then) for now in STATUSES for then in STATUSES]


class AStep:
    @pytest.mark.parametrize(("now", "then"), EVERY_STEP)
    def test_is_taken_or_refused_in_a_sentence(self, now, then):
        founder = make_founder(now)
        decisions = founder.decisions.count()
        if then in STEPS[now]:
            founder.decide(then, reason="Because.")
            assert reload(founder).status == then
            assert founder.decisions.count() == decisions + 1
        else:
            with pytest.raises(ValidationError, match="cannot become"):
                founder.decide(then, reason="Because.")
            assert reload(founder).status == now
            assert founder.decisions.count() == decisions

    @pytest.mark.parametrize(("now", "then"), [("pending", "rejected"), ("approved", "hidden")])
    @pytest.mark.parametrize("reason", ["", " \n "])
    def test_that_refuses_needs_a_reason(self, now, then, reason):
        founder = make_founder(now)
        with pytest.raises(ValidationError, match="Give a reason"):
            founder.decide(then, reason=reason)
        assert reload(founder).status == now

    def test_is_recorded_with_moderator_and_reason(self):
        moderator, founder = make_user("Moderator"), make_founder("pending")
        founder.reject("Too little is known.", by=moderator)
        decision = founder.decisions.first()
        assert (decision.moderator, decision.reason) == (moderator, "Too little is known.")
        assert (decision.from_status, decision.to_status) == ("pending", "rejected")

    def test_is_checked_against_the_stored_status_not_the_loaded_one(self):
        founder = make_founder("pending")
        stale = reload(founder)
        founder.reject("Too little is known.")
        with pytest.raises(ValidationError, match="cannot become"):
            stale.approve()

    def test_is_not_undone_by_somebody_who_saves_an_older_profile(self):
        founder = make_founder("approved")
        stale = reload(founder)
        founder.hide("They asked us to.")
        stale.headline = "A new headline"
        stale.save()
        assert (reload(founder).status, reload(founder).headline) == ("hidden", "A new headline")

    def test_is_never_edited(self):
        decision = make_founder().decisions.first()
        with pytest.raises(TypeError, match="never edited"):
            decision.save()


class TheQueue:
    def test_has_the_longest_waiting_first(self):
        second, first = make_founder("draft"), make_founder("draft")
        make_founder("approved")
        first.submit()
        second.submit()
        assert list(Founder.objects.waiting()) == [first, second]


class ADirectory:
    def test_is_sorted_whatever_the_accents(self, client):
        for name in ("Zoe", "Émile", "eric", "Ada"):
            make_founder(name=name, slug=name)
        names = [founder.name for founder in Founder.objects.approved().by_name()]
        assert names == ["Ada", "Émile", "eric", "Zoe"]

    @pytest.mark.parametrize("typed", ["sakichi", "TOYO", "toyoda", "豊田", "Sákichi To"])
    def test_finds_by_the_beginning_of_any_name(self, typed):
        founder = make_founder(name="Sakichi Toyoda", native_name="豊田 佐吉")
        make_founder(name="Ada Byron")
        assert list(Founder.objects.beginning_with(typed)) == [founder]

    def test_says_when_nobody_matches(self, client):
        assert "Nobody here answers to that" in client.get("/founders/?q=nobody").text

    def test_says_when_it_is_empty(self, client):
        assert "still being introduced" in client.get("/founders/").text


class AProfile:
    def test_shows_what_is_known(self, client):
        make_founder(
            name="Sakichi Toyoda",
            slug="sakichi-toyoda",
            native_name="豊田 佐吉",
            birth_year=1867,
            death_year=1930,
            birthplace="Kosai",
            company="Toyoda Loom",
            biography="He *made* looms.",
            links="https://example.org/toyoda",
        )
        page = client.get("/founders/sakichi-toyoda/").text
        for text in ("豊田 佐吉", "1867–1930", "Kosai", "Toyoda Loom", "He <em>made</em> looms."):
            assert text in page
        assert 'href="https://example.org/toyoda"' in page
        assert "still being written" in page

    def test_accepts_web_addresses_only(self):
        founder = Founder(name="A", slug="a", links="https://a.org\njavascript:alert(1)")
        with pytest.raises(ValidationError, match="Line 2 is not a web address"):
            founder.full_clean()
