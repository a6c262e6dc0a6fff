"""The calendar, its feed, and the front page of the desk."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from stories.health import readiness
from stories.models import CalendarAddress, ScheduledUpdate, Story, Suggestion
from stories.planning.calendar import entries
from stories.planning.scheduling import watch
from stories.reviewing.steps import return_to_writer, submit
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    reload,
    revise,
    rework,
)

pytestmark = pytest.mark.django_db

CALENDAR, MOVE = "/admin/stories/story/calendar/", "/admin/stories/story/calendar/move/"
NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def planned(noon):
    """A scheduled story, a public one with a scheduled update, and one with a planned withdrawal."""
    first = make_story(title="To come", publish_at=NOON + DAY)
    second = make_story(title="To be changed", publish_at=NOON - 40 * DAY)
    rework(second, {"title": "Changed"})
    second = reload(second)
    ScheduledUpdate.objects.create(
        story=second, revision=second.working_revision, at=NOON + 2 * DAY
    )
    third = make_story(
        title="To be withdrawn", publish_at=NOON - 40 * DAY, unpublish_at=NOON + 3 * DAY
    )
    return {"publish": first, "update": second, "withdraw": third}


class TheCalendar:
    @pytest.mark.parametrize("query", ["", "?show=week", "?show=list", "?day=2026-04-20"])
    def test_shows_events_with_their_times(self, editor, planned, query):
        page = editor.get(CALENDAR + query).text
        for text in ("To come", "To be changed", "To be withdrawn", "Changes go live, 12:00"):
            assert text in page

    def test_begins_with_this_week(self, editor, planned):
        page = editor.get(CALENDAR).text
        assert page.index('data-day="2026-05-11"') == page.index("data-day=")
        assert "?show=month&amp;day=2026-04-06" in page  # the weeks before

    def test_shows_other_weeks(self, editor, planned):
        page = editor.get(f"{CALENDAR}?day=2026-07-01").text
        assert "June 29, 2026 to August 2, 2026" in page
        assert "To come" not in page

    def test_marks_future_weeks_without_a_story(self, editor, planned):
        page = editor.get(CALENDAR).text
        assert page.count("No story this week") == 4

    def test_marks_days_without_a_story_in_a_week(self, editor, planned):
        assert editor.get(f"{CALENDAR}?show=week").text.count("No story") == 4

    @pytest.mark.parametrize("day", ["x", "2026-13-01", "0001-01-01", "9999-12-31", "\x00"])
    def test_answers_404_for_an_invalid_day(self, editor, day):
        assert editor.get(CALENDAR, {"day": day}).status_code == 404

    def test_makes_the_same_number_of_queries_with_many_stories(self, editor, planned):
        def cost():
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                editor.get(CALENDAR)
            return len(captured)

        editor.get(CALENDAR)
        few = cost()
        for number in range(20):
            make_story(publish_at=NOON + number * timedelta(hours=1))
        assert cost() == few

    def test_is_read_only_for_writers(self, client, planned):
        client.force_login(make_user("Writer"))
        assert 'draggable="true"' not in client.get(CALENDAR).text
        data = {"story": planned["publish"].pk, "kind": "publish", "at": "2026-05-20T08:00"}
        assert client.post(MOVE, data).status_code == 403


class AnEntry:
    @pytest.mark.parametrize("kind", ["publish", "update", "withdraw"])
    def test_is_moved_to_another_time(self, editor, planned, kind):
        data = {"story": planned[kind].pk, "kind": kind, "at": "2026-05-20T08:00"}
        answer = editor.post(MOVE, data, headers={"accept": "application/json"})
        assert answer.json() == {"error": ""}
        found = {entry.kind: entry.at for entry in entries(NOON, NOON + 30 * DAY)}
        assert found[kind] == datetime(2026, 5, 20, 8, 0, tzinfo=UTC)

    def test_keeps_the_text_and_the_working_copy_when_moved(self, editor, planned):
        story = planned["update"]
        reload(story).retime({"unpublish_at": NOON + 9 * DAY})
        data = {"story": story.pk, "kind": "withdraw", "at": "2026-05-25T08:00"}
        editor.post(MOVE, data)
        story = reload(story)
        assert story.title == "To be changed"
        assert story.working_revision.content.title == "Changed"
        assert story.scheduled_update.revision.content.title == "Changed"

    def test_is_recorded_when_moved(self, editor, planned):
        data = {"story": planned["publish"].pk, "kind": "publish", "at": "2026-05-20T08:00"}
        editor.post(MOVE, data)
        step = planned["publish"].reviews.latest("pk")
        assert (step.step, step.by, step.planned_at.day) == ("scheduled", editor.user, 20)

    @pytest.mark.parametrize(
        ("kind", "at", "sentence"),
        [
            ("publish", "2026-05-13T11:00", "at least a minute from now"),
            ("publish", "rubbish", "Enter a valid date"),
            ("nonsense", "2026-05-20T08:00", "Select a valid choice"),
            ("withdraw", "2026-05-20T08:00", "not planned any more"),
            ("update", "2026-05-20T08:00", "not planned any more"),
        ],
    )
    def test_that_cannot_be_moved_shows_why(self, editor, planned, kind, at, sentence):
        data = {"story": planned["publish"].pk, "kind": kind, "at": at}
        answer = editor.post(MOVE, data, headers={"accept": "application/json"})
        assert answer.status_code == 400
        assert sentence in answer.json()["error"]
        assert sentence in editor.post(MOVE, data, follow=True).text

    def test_of_a_publication_in_the_past_is_not_moved(self, editor, planned):
        data = {"story": planned["withdraw"].pk, "kind": "publish", "at": "2026-05-20T08:00"}
        answer = editor.post(MOVE, data, headers={"accept": "application/json"})
        assert "happened already" in answer.json()["error"]


class TheFeed:
    def address(self, user):
        return CalendarAddress.objects.get_or_create(user=user)[0].get_absolute_url()

    def test_has_the_events_as_icalendar(self, client, planned):
        answer = client.get(self.address(make_user("Writer")))
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert "no-store" in answer["Cache-Control"]
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        found = {str(event["SUMMARY"]): event["DTSTART"].dt for event in events}
        assert found == {
            "Published: To come": NOON + DAY,
            "Changes go live: To be changed": NOON + 2 * DAY,
            "Withdrawn: To be withdrawn": NOON + 3 * DAY,
        }

    def test_has_the_same_uids_after_a_move(self, client, planned):
        address = self.address(make_user("Writer"))

        def ids():
            events = Calendar.from_ical(client.get(address).content).walk("VEVENT")
            return sorted(str(event["UID"]) for event in events)

        before = ids()
        reload(planned["publish"]).retime({"publish_at": NOON + 5 * DAY})
        assert ids() == before

    def test_can_get_a_new_address(self, editor):
        old = self.address(editor.user)
        assert editor.get(old).status_code == 200
        editor.post("/admin/stories/story/calendar/renew/")
        assert editor.get(old).status_code == 404
        assert editor.get(self.address(editor.user)).status_code == 200

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
    def test_is_closed_to_users_who_have_left(self, client, change):
        user = make_user("Writer")
        address = self.address(user)
        type(user).objects.filter(pk=user.pk).update(**change)
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("token", ["x", "%00", "💥"])
    def test_cannot_be_guessed(self, client, token):
        assert client.get(f"/calendar/{token}.ics").status_code == 404


class TheFrontPageOfTheDesk:
    def page(self, client, role="Editor"):
        client.force_login(make_user(role))
        return client.get("/admin/").text

    def test_shows_the_events_of_this_week(self, client, planned):
        page = self.page(client)
        assert "May 14, 2026, 12:00" in page
        assert "To come" in page

    def test_shows_editors_the_submitted_stories(self, client):
        story = make_story_in("draft", title="To be reviewed")
        Story.objects.filter(pk=story.pk).update(
            review_status="submitted", review_status_changed_at=timezone.now()
        )
        assert "To be reviewed" in self.page(client)
        assert "Review:" not in self.page(client, "Writer")

    def test_shows_writers_their_returned_stories(self, client):
        writer = make_user("Writer")
        story = make_story_in("draft", title="To be mended")
        editor = make_user("Editor")
        revise(story, {"excerpt": "Mine."}, by=writer)
        submit(story, writer)
        revise(story, {"excerpt": "Ours."}, by=editor)
        return_to_writer(story, editor, "Mend the end.")
        client.force_login(writer)
        assert "Returned to you" in client.get("/admin/").text
        assert "To be mended" in client.get("/admin/").text
        assert "To be mended" not in self.page(client, "Writer")
        client.force_login(editor)
        assert "Returned to you" not in client.get("/admin/").text

    def test_shows_editors_only_the_suggestions_that_they_may_decide(self, client):
        Suggestion.objects.create(kind="founder", name="Grace Hopper")
        Suggestion.objects.create(kind="story", name="The Loom", story=make_story())
        page = self.page(client, "Editor")
        assert ("The Loom" in page, "Grace Hopper" in page) == (True, False)
        assert "Suggestions: 1" in page
        page = self.page(client, "Moderator")
        assert ("The Loom" in page, "Grace Hopper" in page) == (True, True)

    def test_shows_moderators_the_pending_founders(self, client):
        make_founder("pending", name="Ada Byron")
        assert "Ada Byron" in self.page(client, "Moderator")
        assert "Ada Byron" not in self.page(client, "Writer")

    def test_shows_failed_updates(self, client, planned):
        planned["update"].founders[0].hide("They asked us to.")
        with time_machine.travel(NOON + 2 * DAY, tick=False):
            page = self.page(client)
        assert "Could not go live" in page
        assert "approved founder" in page

    def test_shows_unpublished_changes(self, client, planned):
        assert "To be changed" in self.page(client).split("Unpublished changes")[1]

    def test_shows_a_plot_of_the_stories_in_each_week(self, client, planned):
        assert "May 11: 1" in self.page(client)

    def test_shows_a_sentence_where_nothing_waits(self, client):
        page = self.page(client)
        for text in ("Nothing is waiting for you.", "Nothing is scheduled."):
            assert text in page

    def test_makes_the_same_number_of_queries_with_many_stories(self, client, planned):
        client.force_login(make_user(is_superuser=True, role="Editor"))

        def cost():
            watch.forget()
            readiness.forget()
            with CaptureQueriesContext(connection) as captured:
                client.get("/admin/")
            return len(captured)

        few = cost()
        for _ in range(20):
            make_story(publish_at=NOON + DAY)
            rework(make_story(), {"title": "Worked on"})
            make_founder("pending")
        assert cost() == few
