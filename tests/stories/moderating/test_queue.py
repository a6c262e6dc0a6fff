"""The queue of moderators: claimed, decided, and on to the next."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from founders.forms import FounderForm
from founders.models import CannedReason, Founder
from stories.models import Suggestion
from stories.moderating.queue import Place, next_item, waiting
from stories.suggesting.deciding import accept, reject
from tests.factories import make_founder, make_story, make_user, reload

pytestmark = pytest.mark.django_db

QUEUE, NEXT = "/admin/stories/suggestion/queue/", "/admin/stories/suggestion/queue/next/"


@pytest.fixture
def moderator(client):
    client.user = make_user("Moderator", username="mo")
    client.force_login(client.user)
    return client


@pytest.fixture
def other():
    return make_user("Moderator", username="bea")


@pytest.fixture
def items():
    """What waits, the longest waiting first."""
    rows = []
    for hours, kind in enumerate(["suggestion", "founder", "suggestion", "founder"]):
        at = timezone.now() - timedelta(hours=24 - hours)
        with time_machine.travel(at, tick=False):
            if kind == "founder":
                rows.append(make_founder("pending"))
            else:
                rows.append(Suggestion.objects.create(kind="founder", name=f"Grace {hours}"))
    return rows


def path_of(item):
    app = "founders" if isinstance(item, Founder) else "stories"
    return f"/admin/{app}/{item._meta.model_name}/{item.pk}/change/?queue"


class TheQueue:
    def test_has_profiles_and_suggestions_the_longest_waiting_first(self, moderator, items):
        assert waiting(moderator.user) == items
        page = moderator.get(QUEUE).text
        places = [page.index(path_of(item)) for item in items]
        assert places == sorted(places)

    def test_leads_from_one_to_the_next_and_says_when_it_ends(self, moderator, items):
        address = NEXT
        for item in items:
            response = moderator.get(address)
            assert response["Location"] == path_of(item)
            assert moderator.get(response["Location"]).status_code == 200
            address = f"{NEXT}?after={Place.of(item)}"
        page = moderator.get(address, follow=True).text
        assert "You have seen all that waits." in page

    def test_does_not_skip_what_waits_since_the_same_moment(self, moderator):
        with time_machine.travel(timezone.now(), tick=False):
            rows = [make_founder("pending"), make_founder("pending")]
            rows += [Suggestion.objects.create(kind="founder", name=name) for name in "ab"]
        seen, item = [], next_item(moderator.user)
        while item:
            seen.append(item)
            item = next_item(moderator.user, Place.of(item))
        assert seen == rows

    def test_that_is_empty_says_so(self, moderator):
        assert "Nothing waits for you." in moderator.get(QUEUE).text
        assert "Nothing waits for you." in moderator.get(NEXT, follow=True).text

    def test_of_an_editor_has_corrections_of_stories_only(self, client, items):
        correction = Suggestion.objects.create(kind="story", name="Loom", story=make_story())
        client.force_login(editor := make_user("Editor"))
        assert waiting(editor) == [correction]
        assert client.get(NEXT)["Location"] == path_of(correction)

    def test_is_closed_to_who_decides_nothing(self, client):
        client.force_login(make_user("Writer"))
        assert client.get(QUEUE).status_code == 403
        assert client.get(NEXT).status_code == 403

    def test_says_until_when_an_answer_is_due(self, moderator, settings):
        settings.ANSWER_WITHIN = timedelta(days=30)
        with time_machine.travel("2026-01-01 12:00Z"):
            Suggestion.objects.create(kind="founder", name="Grace")
        with time_machine.travel("2026-01-20 12:00Z"):
            moderator.force_login(moderator.user)
            assert "Answer by January 31, 2026." in moderator.get(QUEUE).text
        with time_machine.travel("2026-02-01 12:00Z"):
            moderator.force_login(moderator.user)
            assert "Answer by January 31, 2026: overdue." in moderator.get(QUEUE).text
            assert "January 31, 2026, overdue" in moderator.get("/admin/stories/suggestion/").text

    def test_makes_the_same_number_of_queries_for_many_items(
        self, moderator, django_assert_max_num_queries
    ):
        for number in range(20):
            make_founder("pending")
            Suggestion.objects.create(kind="founder", name=str(number))
        with django_assert_max_num_queries(8):
            moderator.get(QUEUE)


class AClaim:
    def test_is_made_by_opening_and_skipped_by_others(self, moderator, other, items):
        moderator.get(path_of(items[0]))
        moderator.get(path_of(items[1]))
        assert next_item(other) == items[2]
        assert "is deciding this" not in moderator.get(QUEUE).text
        moderator.force_login(other)
        assert moderator.get(QUEUE).text.count("mo is deciding this.") == 2

    def test_is_given_up_by_going_on(self, moderator, other, items):
        for item in items[:2]:
            moderator.get(path_of(item))
            moderator.get(f"{NEXT}?after={Place.of(item)}")
        assert next_item(other) == items[0]

    def test_of_somebody_else_is_not_given_up(self, moderator, other, items):
        items[1].claim(other)
        moderator.get(f"{NEXT}?after={Place.of(items[1])}")
        assert reload(items[1]).claimed_by == other

    def test_ends_after_a_quarter_of_an_hour(self, moderator, other, items):
        items[1].claim(other)
        assert reload(items[1]).is_claimed_from(moderator.user)
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            assert not reload(items[1]).is_claimed_from(moderator.user)

    def test_keeps_others_from_deciding_about_a_profile(self, moderator, other, items):
        founder = items[1]
        founder.claim(other)
        page = moderator.get(path_of(founder)).text
        assert "bea is deciding this at the moment." in page
        with pytest.raises(ValidationError, match="bea is deciding"):
            founder.approve(moderator.user)
        founder.approve(other)

    def test_changes_nothing_for_who_edits_the_profile(self, moderator, items):
        founder = items[1]
        version = founder.version
        founder.claim(moderator.user)
        assert reload(founder).version == version

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "founder-1",
            "1-founder-x",
            "1-user-1",
            "1-founder-99999999999999",
            "9" * 30 + "-founder-1",
        ],
    )
    def test_of_what_does_not_exist_cannot_be_given_up(self, moderator, items, name):
        assert moderator.get(NEXT, {"after": name})["Location"] == path_of(items[0])


class TwoWhoDecideAtOnce:
    def test_about_a_profile_one_wins_and_the_other_reads_who_and_what(self, moderator, other):
        founder = make_founder("pending")
        founder.reject("Too little is known.", other)
        data = {"founder": f"{founder.pk} {reload(founder).version}", "status": "approved"}
        page = moderator.post("/admin/founders/founder/decide/", data).text
        assert "bea was first: Waiting for a moderator → Rejected on" in page
        assert "Reason: Too little is known." in page
        assert reload(founder).status == "rejected"

    def test_about_a_suggestion_one_wins_and_the_other_reads_who_and_what(self, moderator, other):
        suggestion = Suggestion.objects.create(kind="founder", name="Grace")
        reject(suggestion, other, "No source.")
        with pytest.raises(ValidationError, match=r"bea was first: rejected on .* No source"):
            accept(suggestion, moderator.user)


class ADecisionInTheQueue:
    def test_leads_on_to_the_next(self, moderator, items):
        first, second, third, _ = items
        response = moderator.post(path_of(first), {"_reject": "", "reason": "No source."})
        assert response["Location"] == f"{NEXT}?after={Place.of(first)}"
        assert moderator.get(response["Location"])["Location"] == path_of(second)
        data = {"founder": f"{second.pk} {reload(second).version}", "status": "approved"}
        response = moderator.post(
            "/admin/founders/founder/decide/", data | {"queue": str(Place.of(second))}
        )
        assert moderator.get(response["Location"])["Location"] == path_of(third)

    def test_outside_of_it_stays_where_it_was(self, moderator, items):
        founder = items[1]
        data = {"founder": f"{founder.pk} {reload(founder).version}", "status": "approved"}
        response = moderator.post("/admin/founders/founder/decide/", data)
        assert response["Location"] == f"/admin/founders/founder/{founder.pk}/change/"


class ACannedReason:
    def test_is_the_reason_if_nothing_else_was_typed(self, moderator):
        canned = CannedReason.objects.get(name="No source")
        suggestion = Suggestion.objects.create(kind="founder", name="Grace")
        moderator.post(
            f"/admin/stories/suggestion/{suggestion.pk}/change/",
            {"_reject": "", "canned": canned.pk, "reason": " "},
        )
        assert reload(suggestion).reason == canned.text

    def test_gives_way_to_what_was_typed(self, moderator):
        canned = CannedReason.objects.get(name="No source")
        founder = make_founder("pending")
        data = {"founder": f"{founder.pk} {reload(founder).version}", "status": "rejected"}
        data |= {"canned": canned.pk, "reason": "My own words."}
        moderator.post("/admin/founders/founder/decide/", data)
        assert founder.decisions.first().reason == "My own words."

    def test_that_was_deleted_meanwhile_is_said_to_be_gone(self, moderator):
        founder = make_founder("pending")
        data = {"founder": f"{founder.pk} {reload(founder).version}", "status": "rejected"}
        page = moderator.post("/admin/founders/founder/decide/", data | {"canned": 99999}).text
        assert "is not one of the available choices" in page
        assert reload(founder).status == "pending"

    def test_is_edited_by_moderators_and_not_by_editors(self, moderator, client):
        address = "/admin/founders/cannedreason/"
        data = {"name": "Too short", "text": "Tell us more.", "position": 3}
        assert moderator.post(f"{address}add/", data).status_code == 302
        assert CannedReason.objects.get(name="Too short").text == "Tell us more."
        client.force_login(make_user("Editor"))
        assert client.get(address).status_code == 200
        assert client.post(f"{address}add/", data).status_code == 403


class ADecidedProfile:
    def test_is_claimed_by_nobody_when_it_waits_again(self, moderator, other):
        founder = make_founder("pending")
        founder.claim(moderator.user)
        founder.reject("Too little.", moderator.user)
        founder.submit()
        founder.approve(other)
        assert reload(founder).is_approved

    def test_is_not_changed_by_a_form_that_was_sent_before(self):
        founder = make_founder("pending")
        form = FounderForm(instance=reload(founder))
        values = {name: form[name].value() or "" for name in form.fields}
        late = FounderForm(values | {"biography": "Never read."}, instance=reload(founder))
        founder.approve()
        assert not late.is_valid()
        assert "Somebody has decided about this profile" in str(late.errors)
