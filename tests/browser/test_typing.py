"""The tools of the text area: by keyboard, at the caret, and always to be undone."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SAVED
from tests.factories import make_founder, make_story, make_story_in, reload

ADD = "/admin/stories/story/add/"


@pytest.fixture
def writing(open_desk):
    """An empty text; `page.body` is its text area."""
    page = open_desk(ADD)
    page.body = page.get_by_label("Body:")
    page.body.click()
    return page


def select(page, text):
    """Select a text, which stands in the body once."""
    page.body.evaluate(
        "(area, text) => { area.focus(); const at = area.value.indexOf(text);"
        " area.setSelectionRange(at, at + text.length); }",
        text,
    )


def paste(page, html="", text=""):
    page.body.evaluate(
        """(area, [html, text]) => {
            const data = new DataTransfer();
            if (html) data.setData("text/html", html);
            data.setData("text/plain", text);
            area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, text],
    )


SHORTCUTS = {
    "Control+b": ("wove", "She **wove** alone."),
    "Control+i": ("wove", "She *wove* alone."),
    "Control+k": ("wove", "She [wove](https://) alone."),
    "Control+Alt+2": ("She", "## She wove alone."),
    "Control+Alt+3": ("She", "### She wove alone."),
    "Control+Shift+Digit8": ("She", "- She wove alone."),
    "Control+Shift+Digit7": ("She", "1. She wove alone."),
    "Control+Shift+Digit9": ("She", "> She wove alone."),
    "Control+Alt+f": ("alone.", "She wove alone.[^1]\n\n[^1]: "),
}


class ACitation:
    """“[@” in the text offers the sources of the story."""

    def test_is_chosen_by_keyboard_and_gives_its_source_a_key(self, writing):
        body, sources = writing.body, writing.get_by_label("Sources:")
        sources.fill("@mill | The mill | https://example.org/mill\nLetters from the weavers")
        body.click()
        body.press_sequentially("He began in 1759.[@lett")
        expect(writing.get_by_role("option")).to_have_text(["Letters from the weavers"])
        body.press("Enter")
        expect(body).to_have_value("He began in 1759.[@letters]")
        expect(sources).to_have_value(
            "@mill | The mill | https://example.org/mill\n@letters | Letters from the weavers"
        )
        body.press_sequentially(" It cost 90 marks.[@")
        options = writing.get_by_role("option")
        expect(options).to_have_text(["The mill @mill", "Letters from the weavers @letters"])
        body.press("Enter")
        expect(body).to_have_value("He began in 1759.[@letters] It cost 90 marks.[@mill]")
        body.press("Control+z")
        expect(body).to_have_value("He began in 1759.[@letters] It cost 90 marks.[@")

    def test_leads_to_the_sources_if_there_are_none(self, writing):
        writing.body.press_sequentially("/source")
        writing.body.press("Enter")
        expect(writing.get_by_role("option")).to_have_text(["Write down a source"])
        writing.body.press("Enter")
        expect(writing.get_by_label("Sources:")).to_be_focused()


class AShortcut:
    def test_does_what_its_button_does_and_is_undone(self, writing):
        body = writing.body
        for keys, (selected, expected) in SHORTCUTS.items():
            body.fill("She wove alone.")
            select(writing, selected)
            body.press(keys)
            assert body.input_value() == expected, keys
            for _ in range(expected.count("[^1]") or 1):
                body.press("Control+z")
            assert body.input_value() == "She wove alone.", keys
            body.press("Control+Shift+z")
            assert body.input_value() != "She wove alone.", keys

    def test_takes_away_what_is_there(self, writing):
        body = writing.body
        for marked, keys in (("**wove**", "Control+b"), ("*wove*", "Control+i")):
            body.fill(f"She {marked} alone.")
            select(writing, "wove")
            body.press(keys)
            assert body.input_value() == "She wove alone."
        body.fill("- One\n- Two")
        body.press("Control+a")
        body.press("Control+Shift+Digit8")
        assert body.input_value() == "One\nTwo"

    def test_of_the_word_at_the_caret_needs_no_selection(self, writing):
        writing.body.press_sequentially("She wove")
        writing.body.press("Control+b")
        assert writing.body.input_value() == "She **wove**"

    def test_saves_and_stays_on_the_form(self, open_desk):
        story = make_story_in("draft", title="Before")
        page = open_desk(f"/admin/stories/story/{story.pk}/change/")
        page.get_by_label("Body:").fill("Typed.")
        page.get_by_label("Body:").press("Control+s")
        page.get_by_text(SAVED).wait_for()
        assert reload(story).body == "Typed."
        assert page.url.endswith(f"/{story.pk}/change/")


class AList:
    def test_goes_on_with_enter_and_ends_with_another(self, writing):
        body = writing.body
        body.press_sequentially("1. One")
        body.press("Enter")
        body.press_sequentially("Two")
        body.press("Enter")
        body.press("Enter")
        body.press_sequentially("After")
        assert body.input_value() == "1. One\n2. Two\nAfter"


class WhatIsPasted:
    def test_as_an_address_over_words_is_a_link(self, writing):
        writing.body.fill("See the ledger.")
        select(writing, "the ledger")
        paste(writing, text="https://example.org/ledger")
        assert writing.body.input_value() == "See [the ledger](https://example.org/ledger)."

    def test_as_rich_text_is_markdown_and_is_undone(self, writing):
        writing.body.fill("Before. ")
        writing.body.press("End")
        html = "<p>She <b>wove</b> <a href='https://example.org/'>here</a><img src='x'></p>"
        paste(writing, html, "She wove here")
        expected = "Before. She **wove** [here](https://example.org/)"
        expect(writing.body).to_have_value(expected)
        writing.get_by_text("1 picture was left out").wait_for()
        writing.body.press("Control+z")
        assert writing.body.input_value() == "Before. "

    def test_while_the_server_is_away_is_plain_text(self, writing):
        writing.route(
            "**/markdownx/from-html/", lambda route: route.fulfill(body="not what was asked for")
        )
        paste(writing, "<p><b>Bold</b></p>", "Bold")
        expect(writing.body).to_have_value("Bold")


class TheMenuAtTheCaret:
    def test_offers_blocks_after_a_slash(self, writing):
        body = writing.body
        body.press_sequentially("Before\n/act")
        expect(writing.get_by_role("option")).to_have_text(["Act heading"])
        body.press("Enter")
        body.press_sequentially("The Mill")
        assert body.input_value() == "Before\n## Act I: The Mill"
        body.press_sequentially("\n/")
        assert writing.get_by_role("option").count() > 5
        body.press("Escape")
        expect(writing.get_by_role("listbox", name="Suggestions").first).to_be_hidden()
        assert body.input_value().endswith("\n/")

    def test_links_to_stories_and_founders(self, open_desk):
        make_story(title="The Loom That Stopped", slug="loom")
        make_founder(name="Loomis Ada", slug="loomis")
        page = open_desk(ADD)
        body = page.get_by_label("Body:")
        body.click()
        body.press_sequentially("See [[loom")
        page.get_by_role("option", name="The Loom That Stopped").wait_for()
        expect(page.get_by_role("option", name="Loomis Ada")).to_be_visible()
        body.press("Enter")
        assert body.input_value() == "See [The Loom That Stopped](/stories/loom/)"
        assert "loom" in json.dumps(page.request.get("/admin/stories/story/mentions/?q=").json())


class TheFindBar:
    def test_is_one_step_for_undo(self, writing):
        body = writing.body
        body.fill("Loom, loom and LOOM.")
        body.press("Control+h")
        writing.get_by_role("textbox", name="Find", exact=True).fill("loom")
        writing.get_by_text("3 places").wait_for()
        writing.get_by_label("Replace with").fill("kiln")
        writing.get_by_role("button", name="Replace all").click()
        assert body.input_value() == "kiln, kiln and kiln."
        writing.get_by_text("3 places replaced.").wait_for()
        body.press("Control+z")
        assert body.input_value() == "Loom, loom and LOOM."

    def test_goes_from_place_to_place_and_closes(self, writing):
        writing.body.fill("one two one")
        writing.body.press("Control+h")
        find = writing.get_by_role("textbox", name="Find", exact=True)
        find.fill("one")
        find.press("Enter")
        find.press("Enter")
        writing.get_by_text("of 2").wait_for()
        find.press("Escape")
        expect(find).to_be_hidden()
        expect(writing.body).to_be_focused()


class TheText:
    def test_grows_and_its_last_line_is_never_covered(self, writing):
        writing.body.press_sequentially("Line\n" * 60 + "The last line")
        box, bar = writing.body.bounding_box(), writing.locator(".submit-row").bounding_box()
        assert box["height"] > 1000
        assert box["y"] + box["height"] - 20 <= bar["y"] + 24

    def test_has_an_outline_and_counts_words(self, writing):
        writing.body.fill("## One\n\nWords here.\n\n### Two\n\nMore " + "word " * 400)
        writing.get_by_text("words, 3 minutes").wait_for()
        writing.get_by_text("Outline").click()
        writing.get_by_role("button", name="Two").click()
        place = writing.body.evaluate("area => area.value.slice(area.selectionStart)")
        assert place.startswith("### Two")

    def test_can_be_alone(self, writing):
        writing.body.fill("Only this.")
        writing.get_by_role("button", name="Only the text").click()
        expect(writing.get_by_label("Excerpt:")).to_be_hidden()
        expect(writing.get_by_role("button", name="Save", exact=True)).to_be_visible()
        writing.body.press("Escape")
        expect(writing.get_by_label("Excerpt:")).to_be_visible()

    @pytest.mark.parametrize("width", [390, 1366])
    def test_has_no_accessibility_finding(self, open_desk, axe, width):
        page = open_desk(ADD, width=width, bypass_csp=True)
        page.get_by_label("Body:").fill("## One\n\nWords.\n")
        page.get_by_label("Body:").press("Control+h")
        page.get_by_text("Outline").click()
        assert axe(page) == []

    def test_is_typed_without_delay(self, writing):
        """An event handler takes less than a frame in a story of 10,000 words."""
        writing.body.fill("## Act\n\n" + "Words of a long story. " * 2500)
        slowest = writing.body.evaluate(
            """area => {
                const times = [];
                area.setSelectionRange(30000, 30000);
                for (let n = 0; n < 60; n += 1) {
                    const begin = performance.now();
                    document.execCommand("insertText", false, "x");
                    times.push(performance.now() - begin);
                }
                return times.sort((a, b) => a - b)[56];
            }"""
        )
        assert slowest < 200, f"{slowest} ms: something computes the whole text at each key"


class ThePagePreview:
    BODY = "\n\n".join(f"Paragraph number {n}. " + "Words. " * 40 for n in range(30))

    def test_follows_the_caret_and_leads_to_the_text(self, open_desk):
        story = make_story_in(
            "draft", body=f"## Act I\n\n{self.BODY}\n\nA note.[^1]\n\n[^1]: Source."
        )
        page = open_desk(f"/admin/stories/story/{story.pk}/change/")
        preview = page.frame_locator(".page-preview iframe")
        last, first = (preview.get_by_text(f"Paragraph number {n}.") for n in (29, 1))
        last.wait_for()
        expect(last).not_to_be_in_viewport()
        body = page.get_by_label("Body:")
        body.evaluate(
            "area => { const at = area.value.indexOf('number 29');"
            " area.focus(); area.setSelectionRange(at, at); }"
        )
        expect(last).to_be_in_viewport()
        first.click()
        at = body.evaluate("area => area.value.slice(area.selectionStart).slice(0, 19)")
        assert at == "Paragraph number 1."
