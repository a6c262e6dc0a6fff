"""Board, calendar, plan and notifications in Chromium: dragging, the keyboard, no script; axe."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from stories.models import Notification, Plan, Stage
from stories.planning.plans import change_plan
from stories.reviewing.steps import submit
from tests.browser.conftest import SAVED
from tests.factories import make_story, make_story_in, make_user, reload

BOARD = "/admin/stories/story/board/"
CALENDAR = "/admin/stories/story/calendar/"
NOTIFICATIONS = "/admin/stories/story/notifications/"
DAY = timedelta(days=1)


@pytest.fixture
def desk(editor):
    """A story in each column, with plans, one of them overdue, and a notification."""
    today = timezone.localdate()
    writer = make_user(username="ada", is_staff=True)
    make_story_in("draft", title="An idea", body="")
    late = make_story_in("draft", title="Late one")
    change_plan(late, {"owner": editor, "deadline": today - DAY, "planned_on": today}, editor)
    waiting = make_story_in("draft", title="To be reviewed")
    submit(waiting, writer, "Please look.")
    make_story_in("scheduled", title="To come", publish_at=timezone.now() + DAY)
    make_story(title="For readers")
    return late


def column(page, stage):
    return page.locator(f'.stage[data-stage="{stage}"]')


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


class ThePagesOfPlanning:
    @pytest.mark.parametrize(
        "path",
        [
            *(BOARD, CALENDAR, f"{CALENDAR}?show=week", f"{CALENDAR}?show=list", "/admin/"),
            *(NOTIFICATIONS, f"{NOTIFICATIONS}preferences/", "/admin/stories/story/?owner=me"),
        ],
    )
    def test_have_no_accessibility_finding(self, open_desk, desk, axe, path):
        page = open_desk(path, bypass_csp=True)
        for width in (1366, 390):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 768})
                page.emulate_media(color_scheme=scheme)
                # Without a reload, axe sees colours on their way from the other scheme.
                page.reload(wait_until="networkidle")
                for details in page.locator(".entry details, .story-card details").all():
                    details.evaluate("each => each.open = true")
                assert axe(page) == [], (width, scheme)
                wide = page.evaluate("document.scrollingElement.scrollWidth")
                assert wide <= width

    def test_have_no_finding_in_the_section_of_the_form(self, open_desk, desk, axe):
        page = open_desk(f"/admin/stories/story/{desk.pk}/change/", bypass_csp=True)
        found = axe(page)
        assert not [finding for finding in found if "plan" in finding]


class ACard:
    def test_is_dragged_where_a_step_leads(self, open_desk, desk):
        page = open_desk(BOARD)
        card = column(page, "writing").locator(".story-card", has_text="Late one")
        card.drag_to(column(page, "review"), target_position={"x": 20, "y": 20})
        expect(page.get_by_role("status")).to_have_text("The story is moved.")
        expect(column(page, "review")).to_contain_text("Late one")
        assert reload(desk).stage == Stage.REVIEW

    def test_is_not_dragged_elsewhere(self, open_desk, desk):
        page = open_desk(BOARD)
        card = column(page, "writing").locator(".story-card", has_text="Late one")
        card.drag_to(column(page, "ready"), target_position={"x": 20, "y": 20})
        expect(column(page, "writing")).to_contain_text("Late one")
        assert reload(desk).stage == Stage.WRITING

    def test_goes_live_through_the_last_look_and_comes_back(self, open_desk, desk, axe):
        page = open_desk(f"{BOARD}?owner=me", bypass_csp=True)
        card = column(page, "writing").locator(".story-card", has_text="Late one")
        card.drag_to(column(page, "live"), target_position={"x": 20, "y": 20})
        expect(page.get_by_role("heading", name="Before it goes live")).to_be_visible()
        assert axe(page) == []
        page.get_by_role("link", name="Back to the board").click()
        card.locator("a").first.focus()
        press(page, "Tab", "Enter", "Tab", "Tab", "Enter")
        page.get_by_role("button", name="Publish", exact=True).press("Enter")
        expect(page.get_by_text("Live now: “Late one”.")).to_be_visible()
        expect(column(page, "live")).to_contain_text("Late one")
        assert page.url.endswith(f"{BOARD}?owner=me")
        assert axe(page) == []

    def test_is_not_dragged_live_by_a_writer_who_is_told_why(self, client, open_page, desk):
        writer = make_user(username="writer", is_staff=True)
        may = Permission.objects.filter(codename__in=["view_story", "change_story"])
        writer.user_permissions.set(may)
        client.force_login(writer)
        cookies = [(name, cookie.value) for name, cookie in client.cookies.items()]
        page = open_page(BOARD, cookies=cookies, width=1366)
        card = column(page, "writing").locator(".story-card", has_text="Late one")
        card.drag_to(column(page, "live"), target_position={"x": 20, "y": 20})
        expect(page.get_by_role("status")).to_contain_text("Editors approve and publish.")
        assert reload(desk).stage == Stage.WRITING

    def test_asks_for_a_reason_before_it_is_returned(self, open_desk, desk):
        page = open_desk(BOARD)
        card = column(page, "review").locator(".story-card", has_text="To be reviewed")
        card.drag_to(column(page, "writing"), target_position={"x": 20, "y": 20})
        reason = card.get_by_label("Why is it returned?")
        expect(reason).to_be_focused()
        reason.fill("Mend the end.")
        card.get_by_role("button", name="Return to its writer").click()
        expect(column(page, "writing")).to_contain_text("To be reviewed")

    def test_is_moved_with_the_keyboard(self, open_desk, desk):
        page = open_desk(BOARD)
        card = column(page, "writing").locator(".story-card", has_text="Late one")
        card.locator("a").focus()
        press(page, "Tab", "Enter", "Tab", "Enter")
        expect(column(page, "review")).to_contain_text("Late one")

    def test_is_moved_without_a_script(self, client, editor, open_page, desk):
        client.force_login(editor)
        page = open_page("/healthz", java_script_enabled=False)
        cookie = client.cookies["sessionid"]
        url = page.url.removesuffix("/healthz")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        page.goto(BOARD)
        card = column(page, "writing").locator(".story-card", has_text="Late one")
        card.locator("summary").click()
        card.get_by_role("button", name="Submit for review").click()
        expect(page.get_by_text("The story is moved.")).to_be_visible()
        expect(column(page, "review")).to_contain_text("Late one")


class APlannedEntry:
    def test_is_dragged_to_another_day(self, open_desk, desk):
        page = open_desk(f"{CALENDAR}?show=month")
        entry = page.locator(".entry--planned_on", has_text="Late one")
        target = timezone.localdate() + 7 * DAY
        entry.drag_to(page.locator(f'[data-day="{target}"]'))
        expect(page.locator("#calendar-status")).to_have_text(f"Moved to {target}.")
        assert Plan.of(desk).planned_on == target


class ThePlanOfAStory:
    def test_is_saved_without_leaving_the_form(self, open_desk, desk):
        page = open_desk(f"/admin/stories/story/{desk.pk}/change/")
        page.fill("#id_title", "Not saved yet")
        page.get_by_label("Owner").select_option(label="Nobody")
        page.get_by_label("Deadline").fill("2031-02-03")
        page.get_by_role("button", name="Save the plan").click()
        expect(page.locator("#plan-status")).to_have_text("The plan is saved.")
        expect(page.locator("#id_title")).to_have_value("Not saved yet")
        expect(page.locator(".planning .overdue")).to_have_count(0)
        plan = Plan.of(desk)
        assert (plan.owner, str(plan.deadline)) == (None, "2031-02-03")
        page.get_by_label("Deadline").fill("")
        page.get_by_role("button", name="Save the plan").click()
        expect(page.locator("#plan-status")).to_have_text("The plan is saved.")
        assert Plan.of(desk).deadline is None
        assert reload(desk).title == "Late one"

    def test_is_not_sent_with_the_story(self, open_desk, desk):
        page = open_desk(f"/admin/stories/story/{desk.pk}/change/")
        page.get_by_label("Deadline").fill("2031-02-03")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text(SAVED).wait_for()
        assert str(Plan.of(desk).deadline) != "2031-02-03"


class ANotification:
    def test_is_counted_read_and_gone(self, open_desk, desk):
        page = open_desk("/admin/")
        page.get_by_role("link", name="Notifications 1 unread").click()
        page.get_by_role("link", name="To be reviewed").click()
        expect(page.locator("#id_title")).to_have_value("To be reviewed")
        expect(page.locator(".bell__count")).to_have_count(0)
        assert Notification.objects.get().read_at
