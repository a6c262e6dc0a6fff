"""Series in Chromium: reading from part to part, and the order of the parts at the desk; axe."""

import pytest
from playwright.sync_api import expect

from stories.writing.series import save_series
from tests.factories import make_founder, make_series, make_story, make_story_in

DESK = "/admin/stories/series/"


@pytest.fixture
def series():
    """Three public parts and a draft."""
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    stories = [
        make_story(slug=slug, title=f"Part {slug}", founders=[ada]) for slug in ("a", "b", "c")
    ]
    draft = make_story_in("draft", slug="d", title="Part d", founders=[ada])
    return make_series(*stories, draft, title="Early Losses", introduction="How it *began*.")


def address_of(series):
    return f"{DESK}{series.pk}/change/"


def titles(page):
    return [row.get_attribute("data-title") for row in page.locator(".part").all()]


def slugs_of(series):
    return "".join(series.parts.order_by("position").values_list("story__slug", flat=True))


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messages, .messagelist").first).to_contain_text("Early Losses")


class ThePagesOfASeries:
    @pytest.mark.parametrize("path", ["/series/", "/series/early-losses/", "/stories/b/"])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_have_no_accessibility_finding(self, open_page, series, axe, path, scheme):
        page = open_page(path, bypass_csp=True, color_scheme=scheme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == [], width
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width

    def test_lead_from_part_to_part(self, open_page, series):
        page = open_page("/series/early-losses/")
        page.get_by_role("link", name="Part a").click()
        expect(page.locator(".story__series")).to_have_text("Part 1 of 3 of Early Losses")
        steps = page.get_by_role("navigation", name="The series Early Losses")
        steps.get_by_role("link", name="Next part Part b").click()
        steps.get_by_role("link", name="Next part Part c").click()
        expect(page.locator(".story__series")).to_have_text("Part 3 of 3 of Early Losses")
        expect(steps.get_by_role("link")).to_have_count(1)


class TheFormOfASeries:
    def test_has_no_accessibility_finding(self, open_desk, series, axe):
        page = open_desk(address_of(series), bypass_csp=True)
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == [], width
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width

    def test_is_ordered_with_buttons_and_with_the_keyboard(self, open_desk, series):
        page = open_desk(address_of(series))
        page.get_by_role("button", name="Move “Part a” down").click()
        assert titles(page)[:2] == ["Part b", "Part a"]
        expect(page.locator(".parts__status")).to_have_text(
            "“Part a” is part 2 of 4. Not saved yet."
        )
        page.keyboard.press("Enter")
        assert titles(page) == ["Part b", "Part c", "Part a", "Part d"]
        up = page.get_by_role("button", name="Move “Part d” up")
        up.focus()
        page.keyboard.press("Alt+ArrowUp")
        expect(up).to_be_focused()
        assert titles(page) == ["Part b", "Part c", "Part d", "Part a"]
        save(page)
        assert slugs_of(series) == "bcda"

    def test_is_ordered_with_numbers(self, open_desk, series):
        page = open_desk(address_of(series))
        number = page.get_by_label("Number of “Part c”")
        number.fill("1")
        number.blur()
        assert titles(page) == ["Part c", "Part a", "Part b", "Part d"]
        save(page)
        assert slugs_of(series) == "cabd"

    def test_adds_and_removes_stories(self, open_desk, series):
        title = "An <img src=x onerror=alert(1)> TITLE KEY"
        make_story_in("draft", slug="e", title=title)
        page = open_desk(address_of(series))
        page.locator(".parts__add .select2-search__field").click()
        page.keyboard.type("onerror")
        page.locator(".select2-results__option", has_text="onerror").click()
        assert titles(page)[-1] == title
        page.locator(".part", has_text="Part a").get_by_role("checkbox").check()
        page.get_by_role("button", name="Move “Part b” down").click()
        save(page)
        assert slugs_of(series) == "cbde"

    def test_works_without_a_script(self, open_page, open_desk, series):
        desk = open_desk(DESK)
        make_story_in("draft", slug="e", title="Part e")
        state = desk.context.storage_state()
        page = open_page(address_of(series), java_script_enabled=False, storage_state=state)
        expect(page.get_by_role("button", name="Move “Part a” down")).to_be_hidden()
        page.get_by_label("Number of “Part d”").fill("1")
        page.get_by_label("Slugs of stories to add").fill("e")
        page.locator(".part", has_text="Part b").get_by_role("checkbox").check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("body")).to_contain_text("was changed successfully")
        assert slugs_of(series) == "dace"

    def test_shows_what_somebody_else_has_saved(self, open_desk, series, axe):
        page = open_desk(address_of(series), bypass_csp=True)
        page.get_by_role("button", name="Move “Part a” down").click()
        save_series(series, [series.parts.first().story_id])
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Somebody else has saved this series")
        assert titles(page)[:2] == ["Part b", "Part a"]
        assert axe(page) == []
        assert slugs_of(series) == "a"
        save(page)
        assert slugs_of(series) == "bacd"
