"""What a story offers to other sites and to the reader's own device, in a browser."""

from itertools import product

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from stories.models import Webmention
from stories.webmentions import deciding
from tests.browser.conftest import WIDTHS
from tests.factories import make_founder, make_story

WEBMENTIONS = "/admin/stories/suggestion/webmentions/"
BODY = (
    "## Prologue: Early\n\nThe first words.[^1]\n\n## Act I: Later\n\nMore words.\n\n[^1]: A note."
)


@pytest.fixture(autouse=True)
def story(transactional_db):
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    return make_story(title="The Loom", slug="loom", founders=[ada], body=BODY)


class ACardInAFrame:
    def test_has_no_accessibility_finding_and_fits_320_pixels(self, open_page, axe):
        page = open_page("/stories/loom/card/", bypass_csp=True)
        for width, scheme in product((320, 600), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 440})
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_leads_to_the_story_in_the_whole_window(self, open_page, live_server):
        page = open_page("/about/", bypass_csp=True)
        page.set_content(f'<iframe src="{live_server.url}/stories/loom/card/"></iframe>')
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="The Loom").focus()
        target = frame.get_by_role("link", name="The Loom").get_attribute("target")
        assert target == "_top"


class TheHtmlOfACard:
    @pytest.mark.parametrize("javascript", [True, False])
    def test_is_in_a_field_to_copy(self, open_page, javascript):
        page = open_page("/stories/loom/", java_script_enabled=javascript, width=390)
        page.get_by_text("Embed", exact=True).click()
        field = page.get_by_label("Paste this into a page of yours:")
        expect(field).to_have_value(
            '<iframe src="http://127.0.0.1:8000/stories/loom/card/"'
            ' title="The Loom" width="600" height="240" loading="lazy" frameborder="0"></iframe>'
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        copy = page.get_by_role("button", name="Copy", exact=True)
        expect(copy).to_be_visible(visible=javascript)

    def test_is_copied_with_a_button(self, open_page, axe):
        page = open_page(
            "/stories/loom/", permissions=["clipboard-read", "clipboard-write"], bypass_csp=True
        )
        page.get_by_text("Embed", exact=True).click()
        page.get_by_role("button", name="Copy", exact=True).press("Enter")
        expect(page.locator(".share__said")).to_have_text("Copied.")
        assert "/stories/loom/card/" in page.evaluate("navigator.clipboard.readText()")
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == []


class TheListOfWebmentions:
    @pytest.fixture(autouse=True)
    def webmentions(self, story):
        for number in (1, 2):
            Webmention.objects.create(
                source=f"https://blog.example/{number}", host="blog.example", story=story,
                target="http://127.0.0.1:8000/stories/loom/", title=f"On looms {number}",
                author="Grace Hopper", excerpt="I read The Loom.", status="waiting",
            )  # fmt: skip

    def test_has_no_accessibility_finding(self, open_desk, axe):
        deciding.approve(Webmention.objects.latest("pk").pk, User.objects.get(username="ed"))
        page = open_desk(WEBMENTIONS, bypass_csp=True)
        for width, scheme in product(WIDTHS.values(), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_is_decided_by_keyboard(self, open_desk, open_page):
        page = open_desk(WEBMENTIONS)
        for key in ("j", "j", "a", "Enter"):
            page.keyboard.press(key)
        expect(page.get_by_text("Readers see it now: https://blog.example/2")).to_be_visible()
        page.keyboard.press("r")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Rejected: https://blog.example/1")).to_be_visible()
        shown = open_page("/stories/loom/").get_by_role("region", name="Mentioned on")
        expect(shown.get_by_role("link")).to_have_text(["On looms 2"])


class TheReadingList:
    def test_is_kept_on_the_device(self, open_page, axe):
        page = open_page("/stories/loom/", bypass_csp=True)
        link = page.get_by_role("contentinfo").get_by_role("link", name="Reading list")
        expect(link).to_be_hidden()
        save = page.get_by_role("button", name="Save for later")
        save.press("Enter")
        expect(save).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(save).to_have_attribute("aria-pressed", "true")
        link.click()
        row = page.locator(".reading-list").get_by_role("listitem")
        expect(row.get_by_role("link", name="The Loom")).to_have_attribute("href", "/stories/loom/")
        for width, scheme in product(WIDTHS.values(), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (width, scheme)
        assert page.context.cookies() == []
        page.get_by_role("button", name="Remove: The Loom").press("Enter")
        expect(page.get_by_text("Nothing is saved.")).to_be_focused()
        expect(link).to_be_hidden()
        assert page.evaluate("localStorage.getItem('saved-stories')") is None

    def test_is_taken_back_with_the_same_button(self, open_page):
        page = open_page("/stories/loom/")
        save = page.get_by_role("button", name="Save for later")
        save.click()
        save.click()
        expect(save).to_have_attribute("aria-pressed", "false")
        page.goto("/reading-list/")
        expect(page.get_by_text("Nothing is saved.")).to_be_visible()

    def test_goes_nowhere_else_whatever_stands_in_the_storage(self, open_page):
        page = open_page("/reading-list/")
        wrong = ["javascript:alert(1)", "//example.org/stories/x/", "/stories/x/../../admin/", 3]
        for value in ([[path, "x"] for path in wrong], {"a": 1}, [1, None, ["/stories/x/"]], "x"):
            page.evaluate("(v) => localStorage.setItem('saved-stories', JSON.stringify(v))", value)
            page.reload()
            expect(page.get_by_text("Nothing is saved.")).to_be_visible()

    def test_says_without_javascript_what_it_needs(self, open_page):
        page = open_page("/reading-list/", java_script_enabled=False)
        expect(page.get_by_text("needs JavaScript")).to_be_visible()
        page.goto("/stories/loom/")
        expect(page.get_by_role("button", name="Save for later")).to_be_hidden()


FAKE_VOICES = """
const fake = Object.assign(new EventTarget(), {
  spoken: [],
  getVoices: () => [
    { name: "Of the network", lang: "en-US", localService: false, default: true },
    { name: "Of the device", lang: "en_GB", localService: true },
  ],
  speak(utterance) {
    fake.now = utterance;
    fake.spoken.push([utterance.text, utterance.lang, utterance.rate, utterance.voice?.name]);
  },
  cancel() {
    const cancelled = fake.now;
    fake.now = null;
    cancelled?.onend?.();
  },
});
Object.defineProperty(window, "speechSynthesis", { value: fake });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


class AListener:
    @pytest.fixture
    def page(self, open_page):
        page = open_page("/about/", bypass_csp=True, reduced_motion="reduce")
        page.context.add_init_script(FAKE_VOICES)
        page.goto("/stories/loom/")
        return page

    def spoken(self, page):
        return page.evaluate("speechSynthesis.spoken")

    def go_on(self, page):
        page.evaluate("speechSynthesis.now.onend()")

    def test_hears_the_title_and_each_sentence_without_numbers(self, page):
        page.get_by_role("button", name="Listen").press("Enter")
        for _ in range(4):
            self.go_on(page)
        texts = [text for text, *_ in self.spoken(page)]
        assert texts == [
            "The Loom",
            "Prologue: Early",
            "The first words.",
            "Act I: Later",
            "More words.",
        ]
        assert self.spoken(page)[0] == ["The Loom", "en", 1, "Of the device"]
        expect(page.locator(".is-read-aloud")).to_have_text("More words.")
        self.go_on(page)
        expect(page.locator(".is-read-aloud")).to_have_count(0)
        expect(page.get_by_role("button", name="Listen")).to_be_visible()

    def test_pauses_goes_on_and_stops(self, page, axe):
        page.get_by_role("button", name="Listen").click()
        self.go_on(page)
        for width, scheme in product(WIDTHS.values(), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Pause").press("Enter")
        assert page.evaluate("speechSynthesis.now") is None
        page.get_by_role("button", name="Continue").press("Enter")
        assert [text for text, *_ in self.spoken(page)][1:] == ["Prologue: Early"] * 2
        page.get_by_role("button", name="Stop").press("Enter")
        assert page.evaluate("speechSynthesis.now") is None
        expect(page.get_by_role("button", name="Listen")).to_be_focused()
        expect(page.get_by_role("button", name="Stop")).to_be_hidden()

    def test_chooses_the_speed_in_the_middle_of_a_sentence(self, page):
        page.get_by_role("button", name="Listen").click()
        page.get_by_label("Speed").select_option("1.5")
        assert [rate for _, _, rate, _ in self.spoken(page)] == [1, 1.5]

    def test_begins_where_the_page_is_read(self, page):
        page.set_viewport_size({"width": 390, "height": 300})
        act = page.locator(".story__body h2").nth(1)
        act.evaluate("(heading) => scrollTo(0, scrollY + heading.getBoundingClientRect().top - 10)")
        page.get_by_role("button", name="Listen").evaluate("(button) => button.click()")
        assert self.spoken(page)[0][0] == "Act I: Later"

    def test_is_followed_down_the_page(self, page):
        page.set_viewport_size({"width": 390, "height": 300})
        page.get_by_role("button", name="Listen").click()
        for _ in range(4):
            self.go_on(page)
        box = page.locator(".is-read-aloud").bounding_box()
        assert 0 < box["y"] < 300

    def test_hears_nothing_more_after_leaving(self, page):
        page.get_by_role("button", name="Listen").click()
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        assert page.evaluate("speechSynthesis.now") is None

    def test_without_a_voice_of_the_device_has_no_button(self, open_page):
        page = open_page("/about/")
        page.context.add_init_script(FAKE_VOICES.replace('"en_GB"', '"fr"'))
        page.goto("/stories/loom/")
        expect(page.get_by_role("button", name="Save for later")).to_be_visible()
        expect(page.get_by_role("button", name="Listen")).to_be_hidden()
