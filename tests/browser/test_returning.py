"""Contents at every width, the way back after a jump, and where a reader stopped."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_founder, make_story

PARAGRAPH = "She wove, and the loom stopped, and she began again. " * 20
ACTS = ["Prologue: The Thread", "Act I: The Barn", "Act II: The Steam", "Epilogue: The Contract"]
BODY = "\n\n".join(f"## {act}\n\n" + f"{PARAGRAPH}\n\n" * 4 for act in ACTS)
STORY = "/stories/long/"


@pytest.fixture(autouse=True)
def story(transactional_db):
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    make_story(title="The long one", slug="long", founders=[ada], body=BODY)
    make_story(title="Another", slug="another", founders=[ada], body=BODY)


@pytest.fixture
def open_still(open_page):
    """Return a function that opens a page on which nothing scrolls smoothly."""
    return lambda path, **options: open_page(path, reduced_motion="reduce", **options)


def scroll_to(page, text):
    heading = page.get_by_role("heading", name=text)
    heading.evaluate("(heading) => { heading.scrollIntoView(); scrollBy(0, 500); }")


class AReaderInTheMiddle:
    @pytest.mark.parametrize("width", [390, 1280])
    def test_opens_the_contents_and_goes_back(self, open_still, axe, width):
        page = open_still(STORY, width=width)
        scroll_to(page, "Act I: The Barn")
        page.get_by_role("button", name="Contents").click()
        before = page.evaluate("scrollY")
        sheet = page.get_by_role("navigation", name="Contents")
        expect(sheet.locator("[aria-current]")).to_have_text("Act I: The Barn")
        assert axe(page) == []
        sheet.get_by_role("link", name="Epilogue: The Contract").click()
        expect(sheet).to_be_hidden()
        page.wait_for_function("(before) => scrollY > before + 1000", arg=before)
        assert axe(page) == []
        page.get_by_role("button", name="Back to where you were").click()
        assert abs(page.evaluate("scrollY") - before) < 3
        expect(page.locator(".offer")).to_have_count(0)

    def test_closes_the_contents_with_the_keyboard(self, open_still):
        page = open_still(STORY, width=390)
        scroll_to(page, "Act I: The Barn")
        button = page.get_by_role("button", name="Contents")
        button.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        first = page.locator(".contents-sheet a").first
        expect(first).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
        expect(first).to_be_hidden()

    def test_has_the_contents_beside_the_text_on_a_wide_screen(self, open_still):
        page = open_still(STORY, width=1920)
        scroll_to(page, "Act I: The Barn")
        expect(page.get_by_role("button", name="Contents")).to_be_hidden()
        expect(page.locator(".contents")).to_be_in_viewport()
        page.locator(".contents").get_by_role("link", name="Epilogue").click()
        expect(page.get_by_role("button", name="Back to where you were")).to_be_visible()

    def test_is_offered_no_way_back_once_reading_elsewhere(self, open_still):
        page = open_still(STORY)
        scroll_to(page, "Act II: The Steam")
        page.get_by_role("button", name="Contents").click()
        page.locator(".contents-sheet").get_by_role("link", name="Prologue").click()
        offer = page.get_by_role("button", name="Back to where you were")
        expect(offer).to_be_visible()
        expect(page.locator(".contents-sheet [aria-current]")).to_have_text("Prologue: The Thread")
        page.get_by_role("heading", name="Act I: The Barn").evaluate("(h) => h.scrollIntoView()")
        expect(offer).to_have_count(0)

    def test_follows_a_link_to_the_contents_without_javascript(self, open_still):
        page = open_still(STORY, width=390, java_script_enabled=False)
        page.get_by_role("heading", name="Act II: The Steam").scroll_into_view_if_needed()
        page.get_by_role("link", name="Contents", exact=True).click()
        expect(page.locator(".contents")).to_be_in_viewport()


class AReaderWhoComesBack:
    CONTINUE = "Continue where you were"

    def stop_in(self, page, text):
        scroll_to(page, text)
        page.goto("/")

    def test_continues_at_any_width_without_a_cookie(self, open_still):
        page = open_still(STORY, width=1280)
        self.stop_in(page, "Act II: The Steam")
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(STORY)
        assert page.evaluate("scrollY") == 0
        page.get_by_role("button", name=self.CONTINUE).click()
        place = page.evaluate(
            """() => {
                 const tops = [...document.querySelectorAll(".prose > *")];
                 const read = tops.findLast((e) => e.getBoundingClientRect().top < 96);
                 let at = read;
                 while (at.tagName !== "H2") at = at.previousElementSibling;
                 return at.textContent;
               }"""
        )
        assert place == "Act II: The Steam"
        assert page.evaluate("document.activeElement.parentElement.matches('.prose')")
        assert page.context.cookies() == []

    def test_can_say_no_or_begin_again(self, open_still):
        page = open_still(STORY)
        self.stop_in(page, "Act II: The Steam")
        page.goto(STORY)
        offer = page.get_by_role("button", name=self.CONTINUE)
        page.get_by_role("button", name="Close").click()
        expect(offer).to_have_count(0)
        page.goto("/")
        page.goto(STORY)
        expect(offer).to_be_visible()
        scroll_to(page, "Act I: The Barn")
        expect(offer).to_have_count(0)

    def test_is_offered_nothing_in_another_story_or_at_an_anchor(self, open_still):
        page = open_still(STORY)
        self.stop_in(page, "Act II: The Steam")
        for path in ("/stories/another/", f"{STORY}#act-i-the-barn"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            expect(page.locator(".offer")).to_have_count(0)

    def test_is_forgotten_at_the_end_of_the_story(self, open_still):
        page = open_still(STORY)
        self.stop_in(page, "Act II: The Steam")
        assert self.kept(page) == [STORY]
        page.goto(STORY)
        page.locator(".sources, .tags, .share").last.scroll_into_view_if_needed()
        page.wait_for_function("scrollY > 1000")
        page.goto("/")
        assert self.kept(page) == []

    def test_keeps_thirty_stories_at_most(self, open_still):
        page = open_still("/")
        page.evaluate(
            """() => localStorage.setItem("reading-places", JSON.stringify(
                 Array.from({ length: 99 }, (_, n) => [`/stories/${n}/`, { block: 3, part: 0 }])))"""
        )
        page.goto(STORY)
        self.stop_in(page, "Act I: The Barn")
        assert len(self.kept(page)) == 30
        assert self.kept(page)[0] == STORY

    @pytest.mark.parametrize("stored", ["{", "null", '[null, [1], ["/stories/long/", {}]]'])
    def test_survives_what_somebody_else_has_stored(self, open_still, stored):
        page = open_still("/")
        page.evaluate("(stored) => localStorage.setItem('reading-places', stored)", stored)
        page.goto(STORY)
        self.stop_in(page, "Act I: The Barn")
        assert self.kept(page) == [STORY]

    def test_reads_where_nothing_can_be_kept(self, open_still):
        page = open_still("/")
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
        )
        page.goto(STORY)
        self.stop_in(page, "Act I: The Barn")

    def kept(self, page):
        return page.evaluate(
            "JSON.parse(localStorage.getItem('reading-places') ?? '[]').map(([path]) => path)"
        )
