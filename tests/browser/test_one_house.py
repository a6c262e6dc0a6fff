"""The desk by keyboard: lists, Ctrl+K, errors, the panel beside the text, the last look."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_founder, make_story_in, reload

LIST, ADD = "/admin/stories/story/", "/admin/stories/story/add/"


def change(story):
    return f"/admin/stories/story/{story.pk}/change/"


class TheListOfStories:
    def test_is_walked_through_by_keyboard(self, open_desk):
        make_story_in("draft", title="Older")
        make_story_in("published", title="Newer")
        page = open_desk(LIST)
        page.keyboard.press("j")
        expect(page.get_by_role("link", name="Newer")).to_be_focused()
        page.keyboard.press("j")
        expect(page.get_by_role("link", name="Older")).to_be_focused()
        page.keyboard.press("/")
        expect(page.get_by_label("Search", exact=True)).to_be_focused()
        page.keyboard.type("new")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Older")).to_have_count(0)
        page.get_by_role("button", name="Keys on").wait_for()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#id_title")).to_have_value("Newer")


class ThePalette:
    def test_finds_a_story_by_keyboard_and_goes_there(self, open_desk, axe):
        story = make_story_in("draft", title="The loom in the shed")
        make_founder(name="Loom Maker")
        page = open_desk("/admin/", bypass_csp=True)
        page.keyboard.press("Control+k")
        box = page.get_by_role("combobox", name="Stories, founders, tags and commands")
        expect(box).to_be_focused()
        page.keyboard.type("loom")
        page.get_by_role("option", name="The loom in the shed").wait_for()
        assert axe(page) == []
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option", name="Loom Maker")).to_have_attribute(
            "aria-selected", "true"
        )
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{change(story)}")

    def test_closes_with_escape_and_says_that_nothing_was_found(self, open_desk):
        page = open_desk("/admin/")
        page.get_by_role("link", name="Find").click()
        page.keyboard.type("nothing of the kind")
        page.get_by_text("Nothing is called like that.").wait_for()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("link", name="Find")).to_be_focused()


class AnError:
    def test_leads_to_its_field_and_goes_when_it_is_mended(self, open_desk, axe):
        page = open_desk(ADD, bypass_csp=True)
        page.fill("#id_canonical_url", "no address")
        page.get_by_role("button", name="Save", exact=True).click()
        problems = page.locator("#problems")
        expect(problems).to_be_focused()
        assert axe(page) == []
        problems.get_by_role("link", name="Title").click()
        expect(page.locator("#id_title")).to_be_focused()
        page.keyboard.type("A title")
        expect(problems.get_by_role("link", name="Title")).to_be_hidden()
        problems.get_by_role("link", name="Canonical address").click()
        page.locator("#id_canonical_url").fill("https://example.org/")
        expect(problems).to_be_hidden()


class ThePanel:
    def test_remembers_what_is_closed_on_this_device(self, open_desk):
        page = open_desk(ADD)
        summary = page.locator("summary", has_text="Search engines")
        summary.click()
        expect(page.locator("#id_search_title")).to_be_hidden()
        page.reload()
        expect(page.locator("#id_search_title")).to_be_hidden()
        summary.click()
        expect(page.locator("#id_search_title")).to_be_visible()

    def test_answers_questions_from_the_guide(self, open_desk):
        page = open_desk(ADD)
        page.get_by_role("link", name="Guide: Publishing").click()
        guide = page.get_by_role("dialog", name="Guide")
        expect(guide.get_by_role("heading", name="Publish, schedule, withdraw")).to_be_visible()
        guide.get_by_role("button", name="Close").click()
        expect(guide).to_be_hidden()


class TheLastLook:
    @pytest.mark.parametrize("width", [390, 1366, 1920])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_no_accessibility_finding(self, open_desk, axe, width, scheme):
        story = make_story_in("draft")
        path = f"{LIST}{story.pk}/last-look/"
        page = open_desk(path, width=width, color_scheme=scheme, bypass_csp=True)
        assert axe(page) == []

    def test_publishes_without_scripts(self, open_desk):
        story = make_story_in("draft", title="Looms")
        page = open_desk(change(story), java_script_enabled=False)
        page.get_by_role("button", name="Publish now").click()
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_role("link", name="View it").click()
        expect(page.get_by_role("heading", name="Looms")).to_be_visible()
        assert reload(story).is_published


class TheMenuOfAPhone:
    def test_opens_and_leads_on(self, open_desk):
        page = open_desk("/admin/", width=390)
        expect(page.locator("#desk-nav")).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        page.locator("#desk-nav").get_by_role("link", name="Tags").click()
        expect(page.get_by_role("heading", name="Tags")).to_be_visible()
