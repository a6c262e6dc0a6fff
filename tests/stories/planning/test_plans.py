"""Owner, deadline and planned date: who may change them, and where they show."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from stories.models import (
    CalendarAddress,
    DeskPreferences,
    Notification,
    Plan,
    Revision,
    Stage,
    Story,
)
from stories.models.plan import NOBODY
from stories.planning.board import IN_COLUMN, columns
from stories.planning.planned import planned
from stories.planning.plans import change_plan, take
from stories.planning.scheduling import watch
from stories.reviewing.steps import approve, return_to_writer, submit
from stories_project.audit.models import AuditEntry
from tests.factories import make_story_in, make_user, reload

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)  # a Wednesday
TODAY = NOON.date()
DAY = timedelta(days=1)
LIST, CALENDAR = "/admin/stories/story/", "/admin/stories/story/calendar/"
BOARD, MOVE = "/admin/stories/story/board/", "/admin/stories/story/calendar/plan/"
JSON = {"accept": "application/json"}


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def boss():
    return make_user("Editor", username="boss")


def of(story, what):
    return f"/admin/stories/story/{story.pk}/{what}/"


def planned_story(boss, **changes):
    values = {
        name: changes.pop(name) for name in ("owner", "deadline", "planned_on") if name in changes
    }
    story = make_story_in(changes.pop("state", "draft"), **changes)
    change_plan(story, values, boss)
    return story


def saved(client, story, before=None, **values):
    """Post the plan of a story as a form does that was opened when the plan was `before`."""
    before = before or Plan.of(story)
    shown = {
        "owner": before.owner_id or "",
        "deadline": before.deadline or "",
        "planned_on": before.planned_on or "",
    }
    data = {f"plan-{name}": value for name, value in (shown | values).items()}
    data |= {f"initial-plan-{name}": value for name, value in shown.items()}
    return client.post(of(story, "plan"), data, headers=JSON)


class APlan:
    def test_is_no_part_of_the_history(self, editor):
        story = make_story_in("draft")
        before = (Revision.objects.count(), reload(story).updated_at)
        ada = make_user("Writer", username="ada")
        answer = saved(editor, story, owner=ada.pk, deadline="2026-05-20", planned_on="2026-06-01")
        assert answer.json() == {"error": ""}
        plan = Plan.of(story)
        assert (plan.owner, plan.deadline) == (ada, date(2026, 5, 20))
        assert plan.planned_on == date(2026, 6, 1)
        assert (Revision.objects.count(), reload(story).updated_at) == before

    def test_is_emptied_again(self, editor):
        story = planned_story(editor.user, owner=editor.user, deadline=date(2026, 5, 20))
        saved(editor, story, owner="", deadline="")
        plan = Plan.of(story)
        assert (plan.owner, plan.deadline) == (None, None)

    def test_is_recorded_with_what_it_was_before(self, boss):
        ada = make_user("Writer", username="ada")
        planned_story(boss, owner=ada, deadline=date(2026, 5, 20))
        entry = AuditEntry.objects.get(what="planned")
        assert entry.before == {"owner": None, "deadline": None}
        assert entry.after == {"owner": "ada", "deadline": "2026-05-20"}

    def test_keeps_what_two_editors_change_at_once(self, editor):
        story = make_story_in("draft")
        opened = Plan.of(story)
        saved(editor, story, opened, deadline="2026-05-20")
        saved(editor, story, opened, planned_on="2026-06-01")
        plan = Plan.of(story)
        assert (str(plan.deadline), str(plan.planned_on)) == ("2026-05-20", "2026-06-01")

    def test_tells_its_new_owner(self, boss):
        ada = make_user("Writer")
        story = planned_story(boss, owner=ada)
        notification = Notification.objects.get()
        assert (notification.recipient, notification.kind) == (ada, "assigned")
        assert (notification.story, notification.actor) == (story, boss)

    def test_outlives_a_deleted_story(self, boss):
        story = planned_story(boss, deadline=date(2026, 5, 20))
        story.remove(boss)
        restored = Revision.objects.of_deleted_stories().get().restore(boss)
        assert Plan.of(restored).deadline == date(2026, 5, 20)

    def test_copies_the_times_of_its_story(self, boss):
        story = planned_story(boss, deadline=date(2026, 5, 20))
        assert Plan.objects.open().exists()
        story.publish(by=boss)
        assert not Plan.objects.open().exists()

    @pytest.mark.parametrize("value", ["x", "2026-13-01", "\x00"])
    def test_refuses_what_is_no_day(self, editor, value):
        story = make_story_in("draft")
        answer = saved(editor, story, deadline=value)
        assert (answer.status_code, answer.json()["error"]) == (400, "Enter a valid date.")

    def test_is_not_given_to_who_may_not_write(self, boss):
        with pytest.raises(ValidationError, match="may not write"):
            planned_story(boss, owner=make_user("Moderator"))


class AWriter:
    def test_plans_a_draft_of_their_own(self, writer, boss):
        story = planned_story(boss, owner=writer.user)
        assert saved(writer, story, deadline="2026-05-20").status_code == 200
        assert Plan.of(story).deadline == date(2026, 5, 20)

    def test_takes_a_draft_that_nobody_owns(self, writer):
        story = make_story_in("draft")
        assert writer.post(of(story, "take")).status_code == 302
        assert Plan.of(story).owner == writer.user
        assert not Notification.objects.exists()

    def test_does_not_take_the_draft_of_another(self, writer, boss):
        story = planned_story(boss, owner=make_user("Writer"))
        page = writer.post(of(story, "take"), follow=True).text
        assert "Somebody else has taken this story." in page
        assert Plan.of(story).owner != writer.user

    def test_may_take_a_draft_twice(self, writer):
        story = make_story_in("draft")
        assert take(story, writer.user) == take(story, writer.user)

    def test_does_not_plan_the_draft_of_another(self, writer, boss):
        story = planned_story(boss, owner=make_user("Writer"))
        assert saved(writer, story, deadline="2026-05-20").status_code == 403
        assert "plan-deadline" not in writer.get(of(story, "change")).text

    def test_does_not_plan_for_others_what_nobody_owns(self, writer):
        story = make_story_in("draft")
        answer = saved(writer, story, deadline="2026-05-20")
        assert "take it first" in answer.json()["error"]
        assert saved(writer, story, deadline="2026-05-20", owner=writer.user.pk).status_code == 200

    @pytest.mark.parametrize("state", ["scheduled", "published", "withdrawn"])
    def test_does_not_plan_a_story_with_a_date(self, writer, boss, state):
        story = planned_story(boss, owner=writer.user, state=state)
        assert saved(writer, story, deadline="2026-05-20").status_code == 403

    def test_owns_what_they_start(self, writer):
        writer.post(f"{BOARD}idea/", {"title": "A loom of glass"})
        story = Story.objects.get()
        assert (story.title, story.stage, Plan.of(story).owner) == (
            *("A loom of glass", Stage.IDEA),
            writer.user,
        )


class AnEditor:
    def test_notes_down_an_idea_that_nobody_owns(self, editor):
        editor.post(f"{BOARD}idea/", {"title": "A loom of glass"})
        assert Plan.of(Story.objects.get()).owner is None

    def test_reads_why_an_idea_is_not_stored(self, editor):
        page = editor.post(f"{BOARD}idea/", {"title": ""}, follow=True).text
        assert "This field is required." in page

    @pytest.mark.parametrize("state", ["draft", "scheduled", "published", "withdrawn"])
    def test_plans_every_story(self, editor, state):
        story = make_story_in(state)
        assert saved(editor, story, owner=editor.user.pk).status_code == 200
        assert Plan.of(story).owner == editor.user


def stories_in_every_stage(boss):
    """Return {stage: stories} with each way to be in it; None: in no column."""
    empty = {"body": "", "takeaways": "", "sources": ""}
    found = {
        Stage.IDEA: [make_story_in("draft", **empty)],
        Stage.WRITING: [make_story_in("draft"), make_story_in("draft", **empty)],
        Stage.REVIEW: [make_story_in("draft"), make_story_in("draft", **empty)],
        Stage.READY: [make_story_in("draft"), make_story_in("scheduled")],
        Stage.LIVE: [make_story_in("published")],
        None: [make_story_in("withdrawn")],
    }
    submitted = [found[Stage.WRITING][1], *found[Stage.REVIEW], found[Stage.READY][0]]
    for story in submitted:
        submit(story, boss)
    return_to_writer(found[Stage.WRITING][1], boss, "Mend the end.")
    approve(found[Stage.READY][0], boss)
    return {stage: [reload(story) for story in stories] for stage, stories in found.items()}


class TheStage:
    def test_is_the_same_in_python_and_in_sql(self, boss):
        expected = stories_in_every_stage(boss)
        for stage, stories in expected.items():
            assert {story.stage for story in stories} == {stage}
            if stage:
                assert set(Story.objects.in_stage(stage)) == set(stories)
        assert {stage for stage in expected if stage} == set(Stage)

    def test_filters_the_list_of_stories(self, editor, boss):
        story = stories_in_every_stage(boss)[Stage.REVIEW][0]
        other = make_story_in("draft", title="Not handed in")
        page = editor.get(f"{LIST}?stage=review").text
        assert story.title in page
        assert other.title not in page


class TheBoard:
    def test_has_every_story_in_its_column(self, editor, boss):
        expected = stories_in_every_stage(boss)
        found = {c.stage: {card.story for card in c.cards} for c in columns(editor.user)}
        assert found == {stage: set(stories) for stage, stories in expected.items() if stage}
        page = editor.get(BOARD).text
        assert all(story.title in page for stage in expected if stage for story in expected[stage])

    def test_begins_with_the_most_urgent(self, boss, noon):
        late = planned_story(boss, deadline=TODAY + 9 * DAY)
        soon = planned_story(boss, deadline=TODAY + DAY)
        whenever = make_story_in("draft")
        writing = next(c for c in columns(boss) if c.stage == Stage.WRITING)
        assert [card.story for card in writing.cards] == [soon, late, whenever]

    def test_marks_what_is_overdue_in_words(self, editor, noon):
        planned_story(editor.user, deadline=TODAY - DAY)
        assert "Overdue: deadline May 12" in editor.get(BOARD).text

    def test_marks_nothing_as_overdue_that_is_handed_in(self, editor, noon):
        submit(planned_story(editor.user, deadline=TODAY - DAY), editor.user)
        page = editor.get(BOARD).text
        assert "Deadline May 12" in page
        assert "Overdue" not in page

    def test_shows_the_stories_of_one_owner_or_of_nobody(self, editor):
        ada = make_user("Writer")
        planned_story(editor.user, title="Hers", owner=ada)
        make_story_in("draft", title="Free")
        assert [
            "Hers" in editor.get(BOARD + q).text for q in ("", f"?owner={ada.pk}", "?owner=nobody")
        ] == [True, True, False]
        assert [
            "Free" in editor.get(BOARD + q).text for q in ("", f"?owner={ada.pk}", "?owner=nobody")
        ] == [True, False, True]
        editor.force_login(ada)
        assert "Hers" in editor.get(f"{BOARD}?owner=me").text

    def test_is_bounded_and_leads_to_the_others(self, editor):
        story = make_story_in("draft", body="")
        rows = [Story(title=f"Idea {n}", slug=f"idea-{n}") for n in range(IN_COLUMN + 5)]
        Story.objects.bulk_create(rows)
        ideas = next(c for c in columns(editor.user) if c.stage == Stage.IDEA)
        assert (len(ideas.cards), ideas.has_more) == (IN_COLUMN, True)
        assert f"{LIST}?stage=idea" in editor.get(BOARD).text
        assert story.stage == Stage.IDEA

    def test_makes_the_same_number_of_queries_with_many_stories(self, editor, boss):
        def cost():
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                editor.get(BOARD)
            return len(captured)

        stories_in_every_stage(boss)
        editor.get(BOARD)
        few = cost()
        for number in range(12):
            owner = make_user("Writer")
            planned_story(boss, owner=owner, deadline=TODAY + number * DAY)
        stories_in_every_stage(boss)
        assert cost() == few

    def test_says_where_nothing_is(self, editor):
        assert editor.get(BOARD).text.count("No story is here.") == 5


class ACard:
    def moved(self, client, story, step, **data):
        return client.post(of(story, "move"), {"step": step, **data}, headers=JSON)

    def test_is_submitted_by_its_writer(self, writer):
        story = make_story_in("draft")
        assert self.moved(writer, story, "submit").json() == {"error": ""}
        assert reload(story).stage == Stage.REVIEW

    def test_is_approved_and_returned_by_editors_only(self, writer, boss):
        story = make_story_in("draft")
        submit(story, writer.user)
        assert self.moved(writer, story, "approve").status_code == 403
        assert self.moved(writer, story, "return", comment="Mend it.").status_code == 403
        writer.force_login(boss)
        assert self.moved(writer, story, "approve").status_code == 200
        assert reload(story).stage == Stage.READY
        assert self.moved(writer, story, "return", comment="Mend it.").status_code == 200
        assert reload(story).stage == Stage.WRITING

    def test_is_not_returned_without_a_reason(self, editor):
        story = make_story_in("draft")
        submit(story, editor.user)
        answer = self.moved(editor, story, "return")
        assert (answer.status_code, "Say in the note why" in answer.json()["error"]) == (400, True)

    @pytest.mark.parametrize("step", ["approve", "publish", "", "submit"])
    def test_goes_nowhere_without_a_step_that_leads_there(self, editor, step):
        story = make_story_in("draft", body="")
        assert self.moved(editor, story, step).status_code == 400
        assert reload(story).stage == Stage.IDEA

    def test_offers_only_the_steps_that_its_user_may_take(self, writer, boss):
        submit(make_story_in("draft"), boss)
        assert 'value="approve"' not in writer.get(BOARD).text
        writer.force_login(boss)
        assert 'value="approve"' in writer.get(BOARD).text

    @pytest.mark.parametrize("stage", [Stage.WRITING, Stage.REVIEW, Stage.READY])
    def test_leads_to_the_last_look_before_it_is_live_and_back(self, editor, boss, stage):
        story = stories_in_every_stage(boss)[stage][0]
        answer = self.moved(editor, story, "publish", back="owner=me")
        look = f"{of(story, 'last-look')}?board=owner%3Dme"
        assert answer.json() == {"error": "", "go": look}
        assert editor.post(of(story, "move"), {"step": "publish"}).url.startswith(look[:-12])
        assert f'href="{BOARD}?owner=me">Back to the board</a>' in editor.get(look).text
        assert not reload(story).is_published
        sent = {"newest": reload(story).newest_revision_id or "", "when": "now"}
        answer = editor.post(look, sent)
        assert answer.url == f"{BOARD}?owner=me"
        assert f"Live now: “{story}”." in editor.get(answer.url).text
        assert reload(story).stage == Stage.LIVE

    def test_is_live_at_once_for_who_takes_no_last_look(self, editor):
        DeskPreferences.objects.create(user=editor.user, skips_last_look=True)
        story = make_story_in("draft", title="The loom")
        assert self.moved(editor, story, "publish").json() == {"error": "", "go": f"{BOARD}?"}
        assert reload(story).stage == Stage.LIVE
        assert "Live now: “The loom”." in editor.get(BOARD).text
        unfit = make_story_in("draft", excerpt="")
        answer = self.moved(editor, unfit, "publish")
        assert (answer.status_code, reload(unfit).stage) == (400, Stage.WRITING)
        assert "excerpt" in answer.json()["error"]

    def test_is_not_made_live_by_a_writer_who_is_told_so(self, writer):
        story = make_story_in("draft")
        page = writer.get(BOARD).text
        assert 'value="publish"' not in page
        assert "Editors approve and publish." in page
        answer = self.moved(writer, story, "publish")
        assert (answer.status_code, reload(story).stage) == (403, Stage.WRITING)
        assert "Submit the story for review" in answer.json()["error"]
        told = writer.post(of(story, "move"), {"step": "publish"}, follow=True).text
        assert told.count("Editors approve and publish.") == 2 + told.count("data-refusal")

    @pytest.mark.parametrize("back", ["//evil.example", "a=b\r\nX: y", "owner=me#x"])
    def test_leads_to_the_board_whatever_is_sent(self, editor, back):
        answer = editor.post(of(make_story_in("draft"), "move"), {"step": "submit", "back": back})
        assert answer.url.startswith(f"{BOARD}?")
        assert answer.status_code == 302

    def test_leads_back_to_the_same_board_without_a_script(self, editor):
        story = make_story_in("draft")
        answer = editor.post(of(story, "move"), {"step": "submit", "back": "owner=me"})
        assert answer["Location"] == f"{BOARD}?owner=me"


class TheCalendar:
    def test_shows_what_is_planned_apart_from_the_schedule(self, editor, noon):
        planned_story(editor.user, title="A wish", planned_on=TODAY + DAY, deadline=TODAY)
        make_story_in("scheduled", title="A fact", publish_at=NOON + DAY)
        for query in ("", "?show=week", "?show=list"):
            page = editor.get(CALENDAR + query).text
            assert "entry--planned_on" in page
            assert "entry--deadline" in page
            assert "Will be published, 12:00" in page
            assert [page.count("A wish</a>"), page.count("A fact</a>")] == [2, 1]

    def test_shows_a_story_once_it_has_a_date_in_the_schedule_only(self, editor, noon):
        story = planned_story(editor.user, planned_on=TODAY + DAY)
        assert len(planned(TODAY, TODAY + 7 * DAY)) == 1
        story.schedule(NOON + 2 * DAY, by=editor.user)
        assert planned(TODAY, TODAY + 7 * DAY) == []

    def test_marks_an_overdue_deadline_in_words(self, editor, noon):
        planned_story(editor.user, deadline=TODAY - DAY)
        assert "<strong>Overdue deadline</strong>" in editor.get(CALENDAR).text

    def test_shows_what_one_owner_has_to_do(self, editor, noon):
        ada = make_user("Writer")
        planned_story(editor.user, title="Hers", owner=ada, planned_on=TODAY)
        planned_story(editor.user, title="Free", planned_on=TODAY)
        story = planned_story(editor.user, title="Her fact", owner=ada)
        story.schedule(NOON + DAY, by=editor.user)
        make_story_in("scheduled", title="Any fact", publish_at=NOON + DAY)
        page = editor.get(f"{CALENDAR}?owner={ada.pk}").text
        titles = ("Hers", "Her fact", "Free</a>", "Any fact")
        assert [title in page for title in titles] == [True, True, False, False]
        assert [p.story.title for p in planned(TODAY, TODAY, NOBODY)] == ["Free"]

    @pytest.mark.parametrize("owner", ["x", "-1", "99999999999999999999", "\x00"])
    def test_takes_nonsense_for_everybody(self, editor, owner):
        assert editor.get(CALENDAR, {"owner": owner}).status_code == 200
        assert editor.get(BOARD, {"owner": owner}).status_code == 200
        assert editor.get(LIST, {"owner": owner}).status_code == 200

    def test_makes_the_same_number_of_queries_with_many_plans(self, editor, noon):
        def cost():
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                editor.get(CALENDAR)
            return len(captured)

        planned_story(editor.user, planned_on=TODAY, owner=make_user("Writer"))
        editor.get(CALENDAR)
        few = cost()
        for _ in range(12):
            planned_story(editor.user, planned_on=TODAY, deadline=TODAY, owner=make_user("Writer"))
        assert cost() == few

    def test_gives_both_to_calendar_programs(self, client, boss, noon):
        planned_story(boss, title="A wish", planned_on=TODAY + DAY, deadline=TODAY - DAY)
        private = CalendarAddress.objects.create(user=boss)
        answer = client.get(private.get_absolute_url())
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        assert {str(e["SUMMARY"]): e["DTSTART"].dt for e in events} == {
            "Planned: A wish": TODAY + DAY,
            "Overdue deadline: A wish": TODAY - DAY,
        }


class APlannedEntry:
    @pytest.mark.parametrize("kind", ["planned_on", "deadline"])
    def test_is_moved_to_another_day(self, writer, boss, noon, kind):
        story = planned_story(boss, owner=writer.user, **{kind: TODAY})
        data = {"story": story.pk, "kind": kind, "at": "2026-05-20"}
        assert writer.post(MOVE, data, headers=JSON).json() == {"error": ""}
        assert getattr(Plan.of(story), kind) == date(2026, 5, 20)

    def test_of_another_is_not_moved_by_a_writer(self, writer, boss, noon):
        story = planned_story(boss, owner=make_user("Writer"), planned_on=TODAY)
        data = {"story": story.pk, "kind": "planned_on", "at": "2026-05-20"}
        assert writer.post(MOVE, data).status_code == 403
        assert 'draggable="true"' not in writer.get(CALENDAR).text

    @pytest.mark.parametrize(
        ("kind", "at", "sentence"),
        [
            ("deadline", "2026-05-20", "not planned any more"),
            ("owner", "2026-05-20", "Select a valid choice"),
            ("planned_on", "rubbish", "Enter a valid date"),
        ],
    )
    def test_that_cannot_be_moved_shows_why(self, editor, noon, kind, at, sentence):
        story = planned_story(editor.user, planned_on=TODAY)
        data = {"story": story.pk, "kind": kind, "at": at, "back": "show=list"}
        assert sentence in editor.post(MOVE, data, headers=JSON).json()["error"]
        assert sentence in editor.post(MOVE, data, follow=True).text


class WhatSomebodyOwns:
    def test_is_on_the_front_page_with_state_and_deadline(self, writer, boss, noon):
        planned_story(boss, title="Late", owner=writer.user, deadline=TODAY - DAY)
        planned_story(boss, title="Soon", owner=writer.user, deadline=TODAY + DAY)
        story = planned_story(boss, title="Done", owner=writer.user)
        story.schedule(NOON + 2 * DAY, by=boss)
        planned_story(boss, title="Not mine", owner=boss)
        page = writer.get("/admin/").text
        part = page[page.index("My work") :]
        part = part[: part.index("</section>")]
        assert part.index("Late") < part.index("Soon") < part.index("Done")
        assert "overdue: deadline May 12" in part
        assert "deadline May 14" in part
        assert "Not mine" not in part

    def test_says_what_to_do_without_any(self, writer):
        assert "Take one on the board." in writer.get("/admin/").text

    def test_has_what_was_returned_to_its_owner(self, writer, boss):
        story = planned_story(boss, title="To be mended", owner=writer.user)
        submit(story, boss)
        return_to_writer(story, boss, "Mend the end.")
        assert "Returned to you" in writer.get("/admin/").text


class TheListOfStories:
    def test_shows_and_filters_by_owner(self, editor):
        ada = make_user("Writer", first_name="Ada")
        planned_story(editor.user, title="Hers", owner=ada)
        make_story_in("draft", title="Free one")
        page = editor.get(f"{LIST}?owner={ada.pk}").text
        assert ("Hers" in page, "Free one" in page) == (True, False)
        assert 'data-label="Owner">Ada<' in page
        page = editor.get(f"{LIST}?owner=nobody").text
        assert ("Hers" in page, "Free one" in page) == (False, True)


class AReader:
    def test_sees_nothing_of_a_plan(self, client, boss):
        ada = make_user("Writer", first_name="Zebulon", last_name="Quiggly")
        story = planned_story(boss, state="published", owner=ada, deadline=date(2031, 7, 9))
        assert timezone.now().year < 2031
        for path in (
            story.get_absolute_url(),
            f"{story.get_absolute_url()[:-1]}.md",
            "/feed/",
            "/feed.json",
            "/",
        ):
            page = client.get(path).text
            assert "Quiggly" not in page
            assert "2031" not in page
