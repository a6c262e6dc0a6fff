"""The front page, the tags and the directory in a browser; and “Start here” at the desk."""

import pytest
from playwright.sync_api import expect

from stories.models import StartHere
from tests.browser.conftest import WIDTHS
from tests.factories import make_founder, make_story, make_user

LONGEST_ON_A_PHONE = 4000


@pytest.fixture
def publication(transactional_db):
    """Twenty stories about people of several alphabets, four of them to start with."""
    names = (("Ada Byron", "Byron"), ("Barbe-Nicole Clicquot", "Clicquot"), ("豊田 佐吉", "豊田"))
    people = [make_founder(name=n, family_name=f, headline="Began early.") for n, f in names]
    editor = make_user()
    stories = [
        make_story(
            title=f"A title as long as most of ours are, number {number}",
            founders=[people[number % 3]],
            tags=[f"Tag {number}", "Craft", "Family business"],
        )
        for number in range(20)
    ]
    for story in stories[:4]:
        StartHere.objects.choose(story, "It shows how patience becomes a method.", editor)
    return stories


@pytest.mark.usefixtures("publication")
class TheFrontPage:
    def test_ends_soon_on_a_phone(self, open_page):
        page = open_page("/", width=WIDTHS["phone"])
        assert page.evaluate("document.documentElement.scrollHeight") < LONGEST_ON_A_PHONE

    @pytest.mark.parametrize("path", ["/", "/tags/", "/founders/"])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_no_accessibility_finding(self, open_page, axe, path, scheme):
        page = open_page(path, bypass_csp=True, color_scheme=scheme)
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == []


class TheListOfStartHere:
    def test_is_arranged_by_keyboard(self, open_desk, axe):
        first, second = make_story(title="The kiln"), make_story(title="The loom")
        page = open_desk("/admin/stories/story/start-here/", bypass_csp=True)
        for story in (first, second):
            page.locator("#find-story").press_sequentially(story.title)
            page.get_by_role("button", name=f"Add {story.title}").press("Enter")
            expect(page.locator(".start-here > li").last).to_contain_text(story.title)
        page.get_by_label("Why").last.fill("Short.")
        page.get_by_role("button", name="Move up: The loom").press("Enter")
        expect(page.locator(".start-here > li").first).to_contain_text("The loom")
        assert StartHere.objects.in_order()[0].why == "Short."
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == []

    def test_works_without_javascript(self, open_desk):
        make_story(title="The kiln")
        page = open_desk("/admin/stories/story/start-here/", java_script_enabled=False)
        page.locator("#find-story").fill("kiln")
        page.get_by_role("button", name="Find", exact=True).click()
        page.get_by_role("button", name="Add The kiln").click()
        page.get_by_role("button", name="Remove: The kiln").click()
        assert "Nothing is chosen yet" in page.content()
