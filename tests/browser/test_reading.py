"""The public pages, as a reader's browser shows them."""

import pytest

from tests.browser.conftest import WIDTHS
from tests.factories import make_founder, make_story, picture

PAGES = ["/", "/stories/", "/stories/the-first/", "/founders/", "/founders/?q=nobody"]
PAGES += ["/founders/ada-byron/", "/tags/", "/tags/craft/"]
BODY = """## Prologue: The beginning

A paragraph with a footnote.[^1]

> A sentence worth pulling out.

| Year | Kilns |
|------|------:|
| 1769 |     2 |

## Act I: The turn

More.

[^1]: Where it is from.
"""


@pytest.fixture(autouse=True)
def publication(transactional_db):
    from stories_project.images import store_image

    ada = make_founder(
        name="Ada Byron", slug="ada-byron", native_name="عدا بايرون", biography="She *began*."
    )
    cover = {"cover": store_image(picture((1600, 900)), "covers"), "cover_alt": "A red field"}
    make_story(title="The first", slug="the-first", founders=[ada], body=BODY, **cover)
    for _ in range(3):
        make_story(founders=[ada], **cover)


@pytest.mark.parametrize("path", PAGES)
class EveryPage:
    @pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_no_accessibility_finding(self, open_page, axe, path, width, scheme):
        assert axe(open_page(path, width=width, color_scheme=scheme)) == []

    def test_fits_a_phone_with_text_at_200_percent(self, open_page, path):
        page = open_page(path, width=390)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


class AStoryPage:
    def test_is_whole_without_javascript(self, open_page):
        page = open_page("/stories/the-first/", java_script_enabled=False)
        for text in ("Key Takeaways", "In this story", "Act I: The turn", "Sources"):
            assert page.get_by_role("heading", name=text).first.is_visible()
        assert page.get_by_role("link", name="Facebook").is_visible()
        assert page.get_by_role("button", name="Copy link").count() == 0

    def test_copies_its_link(self, open_page):
        page = open_page("/stories/the-first/", permissions=["clipboard-write", "clipboard-read"])
        page.get_by_role("button", name="Copy link").click()
        page.get_by_text("The link is copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.endswith("/stories/the-first/")

    def test_is_reached_past_the_menu_by_keyboard(self, open_page):
        page = open_page("/stories/the-first/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.url.endswith("#page-main")

    def test_moves_nothing_while_it_loads(self, open_page):
        page = open_page("/stories/the-first/")
        shift = page.evaluate(
            """() => new Promise((resolve) => {
                 let total = 0;
                 new PerformanceObserver((list) => {
                   for (const entry of list.getEntries()) total += entry.value;
                 }).observe({ type: "layout-shift", buffered: true });
                 setTimeout(() => resolve(total), 500);
               })"""
        )
        assert shift == 0
