"""The desk in Chromium: autosave, merge, live preview, calendar; and axe on each page."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from founders.models import CannedReason
from stories.models import Autosave, Notification, Revision, Story, Suggestion, Tag, Webhook
from stories.tagging import merging
from stories.writing.saving import Overtaken
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.pictures.uploads import store_image
from tests.browser.conftest import SAVED, sign_in
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    picture,
    reload,
    revise,
    rework,
)

KEPT = re.compile("Not saved yet, but kept at")


def change(story):
    return f"/admin/stories/story/{story.pk}/change/"


class AnUnsavedText:
    def test_can_be_restored_on_another_machine(self, open_desk):
        story = make_story_in("draft", title="Before")
        page = open_desk(change(story))
        page.fill("#id_title", "The last word")
        page.get_by_text(KEPT).wait_for()
        page.close()
        other = open_desk(change(story))
        other.get_by_role("link", name="Restore this text").click()
        expect(other.locator("#id_title")).to_have_value("The last word")
        other.get_by_role("button", name="Save", exact=True).click()
        assert reload(story).title == "The last word"
        assert not Autosave.objects.exists()

    def test_of_a_new_story_survives_a_closed_tab(self, open_desk):
        page = open_desk("/admin/stories/story/add/")
        page.fill("#id_title", "A beginning")
        page.fill("#id_body", "## Act I")
        page.get_by_text(KEPT).wait_for()
        page.goto("/admin/stories/story/add/")
        page.get_by_role("link", name="Restore this text").click()
        expect(page.locator("#id_body")).to_have_value("## Act I")

    def test_stays_in_the_browser_when_the_session_has_ended(self, open_desk):
        story = make_story_in("draft")
        ada = make_founder(name="Ada Byron")
        revise(story, {"founders": [ada.pk], "tags": ["Engines"]})
        page = open_desk(change(story))
        page.wait_for_load_state("networkidle")
        Session.objects.all().delete()
        page.fill("#id_title", "Typed when signed out")
        page.get_by_text("You are signed out. Your text is kept in this browser.").wait_for()
        page.get_by_role("link", name="Sign in again").click()
        sign_in(page)
        page.get_by_role("button", name="Restore this text").click()
        expect(page.locator("#id_title")).to_have_value("Typed when signed out")
        page.get_by_text("Ada Byron").first.wait_for()
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text(SAVED).wait_for()
        story = reload(story)
        assert story.title == "Typed when signed out"
        assert [f.name for f in story.founders] == ["Ada Byron"]
        assert [t.name for t in story.tags.all()] == ["Engines"]

    def test_submitted_while_signed_out_can_be_restored_after_signing_in(self, open_desk):
        story = make_story_in("draft")
        page = open_desk(change(story))
        page.wait_for_load_state("networkidle")
        Session.objects.all().delete()
        page.fill("#id_title", "Saved too late")
        page.get_by_role("button", name="Save", exact=True).click()
        sign_in(page)
        page.get_by_role("button", name="Restore this text").click()
        expect(page.locator("#id_title")).to_have_value("Saved too late")

    def test_is_not_offered_again_once_it_is_saved(self, open_desk):
        story = make_story_in("draft")
        page = open_desk(change(story))
        page.fill("#id_title", "Saved")
        page.get_by_role("button", name="Save and continue editing").click()
        page.get_by_text(SAVED).wait_for()
        expect(page.get_by_text("Restore this text")).to_have_count(0)
        assert (
            page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('typed:'))") == []
        )


class TwoTabsWithOneStory:
    def test_lead_to_a_merge_of_both_texts(self, open_desk, axe):
        story = make_story_in("draft", title="Base", body="One.\n\nTwo.", excerpt="Base.")
        first, second = open_desk(change(story)), open_desk(change(story), bypass_csp=True)
        first.fill("#id_body", "One!\n\nTwo.")
        first.get_by_role("button", name="Save", exact=True).click()
        first.get_by_text(SAVED).wait_for()
        second.fill("#id_body", "One.\n\nTwo!")
        second.fill("#id_title", "Mine")
        second.get_by_role("button", name="Save", exact=True).click()
        second.get_by_text("Nothing is lost and nothing is overwritten").wait_for()
        assert axe(second) == []
        second.get_by_role("button", name="Save the merged text").click()
        second.get_by_text("The merged text is saved.").wait_for()
        story = reload(story)
        assert (story.title, story.body) == ("Mine", "One!\n\nTwo!")


class TheLivePreview:
    def test_shows_the_page_as_it_will_be(self, open_desk):
        page = open_desk(change(make_story_in("draft", title="Before")))
        inside = page.frame_locator(".page-preview iframe")
        inside.get_by_role("heading", name="Before").wait_for()
        page.fill("#id_title", "While one types")
        inside.get_by_role("heading", name="While one types").wait_for()
        page.get_by_role("button", name="Desktop").click()
        assert page.eval_on_selector(".page-preview iframe", "f => f.clientWidth") == 1280
        page.get_by_role("button", name="Phone").click()
        assert page.eval_on_selector(".page-preview iframe", "f => f.clientWidth") == 390

    def test_shows_the_checklist(self, open_desk):
        page = open_desk(change(make_story_in("draft")))
        page.get_by_text("Key takeaway", exact=True).wait_for()
        page.fill("#id_takeaways", "")
        page.get_by_text("Write at least one key takeaway before publishing.").wait_for()
        page.fill("#id_body", "### Too deep")
        page.get_by_text("skips a level").wait_for()

    def test_shows_scheduled_times_in_three_time_zones(self, open_desk):
        page = open_desk(change(make_story_in("draft")), timezone_id="Asia/Shanghai")
        page.fill("#id_publish_at", "2036-01-31T08:00:00")
        plan = page.locator("#plan")
        plan.get_by_text("January 31, 2036, 16:00 for you").wait_for()
        assert "08:00 UTC" in plan.inner_text()


class TheFocalPointOfAPicture:
    def test_is_set_by_a_click_and_saved(self, open_desk):
        cover = {"cover": store_image(picture((800, 400)), "covers"), "cover_alt": "A field"}
        story = make_story_in("draft", **cover)
        page = open_desk(change(story))
        shown = page.locator(".stored-image__picture")
        box = shown.bounding_box()
        shown.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
        assert page.input_value("#id_cover_focus") in {"25 75", "25 74", "25 76"}
        page.fill("#id_cover_focus", "30 70")
        page.get_by_role("button", name="Save and continue editing").click()
        page.get_by_text(SAVED).wait_for()
        assert reload(story).cover_focus == "30 70"
        assert reload(story).cover == story.cover
        assert "left: 30%" in page.locator(".stored-image__focus").get_attribute("style")


class ASuggestion:
    def test_is_sent_by_a_reader_and_accepted_by_a_moderator(self, open_desk, open_page, axe):
        make_founder(name="Ada Byron", slug="ada", birth_year=1816)
        reader = open_page("/founders/ada/", java_script_enabled=False)
        reader.get_by_role("link", name="Report a correction").click()
        reader.get_by_label("Birth year").fill("1815")
        reader.get_by_label("How do you know?").fill("The parish register.")
        reader.get_by_label("You may keep").check()
        reader.wait_for_timeout(3100)
        reader.get_by_role("button", name="Send the correction").click()
        expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
        page = open_desk("/admin/stories/suggestion/?status=waiting", bypass_csp=True)
        page.get_by_role("link", name="Ada Byron").click()
        page.get_by_role("button", name="Accept").wait_for()
        page.wait_for_load_state("networkidle")
        assert axe(page) == []
        page.get_by_label("Note for readers").fill("She was born in 1815.")
        page.get_by_role("button", name="Accept").click()
        page.get_by_text("accepted").first.wait_for()
        reader.reload()
        expect(reader.get_by_text("Our note for readers: She was born in 1815.")).to_be_visible()
        reader.goto("/founders/ada/")
        expect(reader.get_by_text("born 1815")).to_be_visible()


def make_canned_reason():
    """Return a canned reason; those of the migration are gone in a browser test."""
    values = {"text": "We could not find a source.", "position": 1}
    return CannedReason.objects.update_or_create(name="No source", defaults=values)[0]


class TheQueueOfModerators:
    def test_is_worked_through_by_keyboard(self, open_desk):
        founder = make_founder("pending", name="Ada Byron")
        Suggestion.objects.create(kind="founder", name="Grace Hopper", message="A moth.")
        make_canned_reason()
        page = open_desk("/admin/stories/suggestion/queue/")
        page.keyboard.press("j")
        expect(page.get_by_role("link", name="Ada Byron")).to_be_focused()
        page.keyboard.press("n")
        expect(page.get_by_role("button", name="Approve")).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="Approve")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
        page.keyboard.press("1")
        reason = page.get_by_label("Reason", exact=True)
        expect(reason).to_be_focused()
        page.keyboard.press("End")
        page.keyboard.type(" n, q and a are letters here")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("You have seen all that waits.")).to_be_visible()
        assert reload(founder).is_approved
        suggestion = Suggestion.objects.get()
        assert suggestion.status == "rejected"
        assert suggestion.reason.startswith("We could not find a source")
        assert suggestion.reason.endswith("letters here")

    def test_does_nothing_by_itself_and_can_do_without_keys(self, open_desk):
        founder = make_founder("pending", name="Ada Byron")
        page = open_desk("/admin/stories/suggestion/queue/")
        page.keyboard.press("n")
        page.get_by_role("button", name="Approve").wait_for()
        page.get_by_role("button", name="Keys on").click()
        page.get_by_role("button", name="Keys off").wait_for()
        page.reload()
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="Approve")).not_to_be_focused()
        assert reload(founder).status == "pending"

    def test_never_overwrites_what_was_typed(self, open_desk):
        Suggestion.objects.create(kind="founder", name="Grace Hopper", message="A moth.")
        make_canned_reason()
        page = open_desk("/admin/stories/suggestion/queue/next/")
        reason = page.get_by_label("Reason", exact=True)
        reason.fill("My own words.")
        page.get_by_label("Canned reason").select_option("No source")
        assert reason.input_value() == "My own words."


class AnEditor:
    def test_edits_a_public_story_and_schedules_the_changes(self, open_desk, axe):
        story = make_story(title="As readers know it")
        page = open_desk(change(story), bypass_csp=True)
        page.fill("#id_title", "Reworked")
        page.get_by_role("button", name="Save draft").click()
        page.get_by_text("has unpublished changes").wait_for()
        at = timezone.localtime() + timedelta(days=2)
        page.fill("#id_update_at", at.strftime("%Y-%m-%dT%H:%M:%S"))
        page.get_by_role("button", name="Schedule changes").click()
        page.get_by_text("The scheduled changes go live").wait_for()
        assert reload(story).title == "As readers know it"
        assert axe(page) == []
        page.get_by_role("link", name="Compare with what readers see").click()
        expect(page.locator("ins", has_text="Reworked")).not_to_have_count(0)

    def test_only_saves_by_pressing_enter(self, open_desk):
        story = make_story(title="Live")
        rework(story, {"title": "Worked on"})
        page = open_desk(change(story))
        page.press("#id_note", "Enter")
        page.get_by_text(SAVED).wait_for()
        story = reload(story)
        assert (story.title, story.has_unpublished_changes) == ("Live", True)


class ACalendarEntry:
    @pytest.fixture
    def story(self):
        day = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
        return make_story(title="To come", publish_at=day + timedelta(days=1, hours=1))

    def week(self, story):
        return f"/admin/stories/story/calendar/?show=week&day={story.publish_at:%Y-%m-%d}"

    def test_is_moved_by_dragging(self, open_desk, story):
        page = open_desk(self.week(story))
        day = timezone.localdate(story.publish_at)
        sunday = day + timedelta(days=6 - day.weekday())
        if sunday == day:
            page.goto(f"/admin/stories/story/calendar/?day={day}")
            sunday = day + timedelta(days=1)
        page.locator(".entry", has_text="To come").drag_to(page.locator(f'[data-day="{sunday}"]'))
        page.get_by_text(f"Moved to {sunday}, 10:00.").wait_for()
        assert timezone.localtime(reload(story).publish_at).date() == sunday

    def test_is_moved_with_the_keyboard(self, open_desk, story):
        page = open_desk(self.week(story))
        summary = page.locator("summary", has_text="Move")
        summary.focus()
        page.keyboard.press("Enter")
        at = story.publish_at + timedelta(days=9)
        page.fill("input[name=at]", at.strftime("%Y-%m-%dT%H:%M"))
        page.keyboard.press("Enter")
        page.get_by_text("The entry is moved.").wait_for()
        assert reload(story).publish_at == at


class EveryDeskPage:
    @pytest.fixture
    def paths(self, editor):
        story = make_story(title="Live", tags=["Craft"])
        # The frame of every page counts it.
        Notification.objects.create(recipient=editor, kind="comment", story=story)
        waiting, twin = make_founder("pending", name="Ada Byron"), make_founder(name="Byron Ada")
        suggestion = Suggestion.objects.create(
            kind="founder", name="Grace", message="A moth.", content={"name": "Grace"}
        )
        record("tag", "renamed", by="ada", before={"name": "Looms"}, after={"name": "Mills"})
        rework(story, {"title": "Worked on"}, by=editor)
        story = reload(story)
        link = {"reader": "A lawyer", "created_by": editor}
        story.review_links.create(expires_at=timezone.now() + timedelta(days=1), **link)
        mine = replace(story.live_revision.content, title="Aside")
        with pytest.raises(Overtaken):
            reload(story).save_content(mine, by=editor, based_on=story.live_revision_id)
        aside = Revision.objects.unsettled().get()
        Autosave.objects.create(
            author=editor, story=story, writing=uuid4(), content={"title": "Lost"}
        )
        make_story(title="Deleted").remove(editor)
        draft = make_story_in("draft", title="In review")
        Story.objects.filter(pk=draft.pk).update(
            review_status="submitted", review_status_changed_at=timezone.now()
        )
        make_story_in("scheduled")
        webhook = Webhook(
            url="https://example.org/" + "a-long-path/" * 20, events=["story.updated"]
        )
        webhook.add(editor)
        webhook.ping(editor)
        first, second, third = Tag.objects.named(["Startup", "Start-ups", "Firms"])
        merging.rename(third, {"name": "Companies"})
        tags = f"/admin/stories/tag/merge/?tag={first.pk}&tag={second.pk}"
        base = "/admin/stories/story/"
        return [
            *(f"{base}webhooks/", f"{base}webhooks/{webhook.pk}/"),
            *("/admin/", base, f"{base}add/", f"{base}deleted/", f"{base}calendar/"),
            *(f"{base}calendar/?show=week", change(story), change(draft)),
            f"{base}{story.pk}/merge/{aside.pk}/",
            *(f"{base}{story.pk}/{name}/" for name in ("history", "compare", "review-links")),
            *(f"{base}{story.pk}/delete/", "/admin/stories/tag/", "/admin/founders/founder/"),
            *(tags, "/admin/stories/tag/near-duplicates/", "/admin/stories/tag/changes/"),
            *(f"/admin/stories/tag/{first.pk}/change/", f"{base}{story.pk}/preview/"),
            *(
                f"/admin/founders/founder/{waiting.pk}/change/?queue",
                "/admin/founders/founder/merges/",
            ),
            f"/admin/founders/founder/merge/?founder={waiting.pk}&founder={twin.pk}",
            "/admin/founders/founder/duplicates/",
            *("/admin/stories/suggestion/queue/", "/admin/stories/suggestion/"),
            f"/admin/stories/suggestion/{suggestion.pk}/change/?queue",
            "/admin/audit/auditentry/",
            f"/admin/audit/auditentry/{AuditEntry.objects.latest('pk').pk}/change/",
            f"/admin/founders/cannedreason/{make_canned_reason().pk}/change/",
            *(f"{base}?review=changed", story.review_links.get().get_absolute_url()),
        ]

    def test_has_no_accessibility_finding(self, open_desk, axe, paths):
        page = open_desk("/admin/", reduced_motion="reduce", bypass_csp=True)
        findings = {}
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            findings[path] = axe(page)
            page.emulate_media(color_scheme="dark")
            findings[path] += axe(page)
            page.emulate_media(color_scheme="light")
        assert {path: found for path, found in findings.items() if found} == {}

    def test_fits_a_phone(self, open_desk, paths):
        page = open_desk("/admin/", width=390)
        wide = []
        for path in paths:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(path)
        assert wide == []


class AReviewLink:
    def test_is_copied_with_a_button(self, open_desk, editor):
        story = make_story_in("draft")
        story.review_links.create(
            reader="A lawyer",
            created_by=editor,
            expires_at=timezone.now() + timedelta(days=1),
        )
        allowed = ["clipboard-read", "clipboard-write"]
        page = open_desk(f"/admin/stories/story/{story.pk}/review-links/", permissions=allowed)
        page.get_by_role("button", name="Copy: Address for A lawyer").click()
        page.get_by_text("Copied.").wait_for()
        shown = page.get_by_label("Address for A lawyer", exact=True).input_value()
        assert page.evaluate("navigator.clipboard.readText()") == shown
