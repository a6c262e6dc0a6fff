"""The public pages in a reader's browser."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS
from tests.factories import (
    make_company,
    make_founder,
    make_story,
    make_story_in,
    make_venture,
    picture,
)

PAGES = ["/", "/stories/", "/stories/the-first/", "/founders/", "/founders/?q=nobody"]
PAGES += ["/lives/", "/lives/?century=99&place=nowhere", "/companies/engines/"]
PAGES += ["/founders/ada-byron/", "/tags/", "/tags/craft/", "/about/", "/stories/nowhere/"]
PAGES += [
    "/suggest/",
    "/privacy/",
    "/reading-list/",
    "/follow/",
    "/follow/?founder=ada-byron",
    "/follow/asked/",
    "/corrections/",
    "/corrections/?founder=ada-byron",
]
PAGES += ["/search/", "/search/?q=first", "/search/?q=qqqqqqqq", "/stories/withdrawn/"]
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
    from stories_project.pictures.uploads import store_image

    ada = make_founder(
        name="Ada Byron",
        slug="ada-byron",
        native_name="عدا بايرون",
        biography="She *began*.",
        birth_year=1815,
        death_year=1852,
    )
    grace = make_founder(name="Grace Hopper", slug="grace-hopper", birth_year=1990)
    make_story(founders=[ada, grace], told_from=1843)
    make_venture(ada, make_company("Engines", founded_year=1833), role="Programmer")
    cover = {"cover": store_image(picture((1600, 900)), "covers"), "cover_alt": "A red field"}
    make_story(title="The first", slug="the-first", founders=[ada], body=BODY, **cover)
    make_story_in("withdrawn", slug="withdrawn", founders=[ada])
    for _ in range(3):
        make_story(founders=[ada], **cover)


class ThePageOfLives:
    def test_leads_to_a_founder_by_keyboard(self, open_page):
        page = open_page("/lives/", java_script_enabled=False)
        page.get_by_role("link", name="Grace Hopper, born 1990").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/founders/grace-hopper/$"))

    def test_fits_a_phone(self, open_page):
        page = open_page("/lives/", width=390)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.get_by_text("Ada Byron", exact=False).first.bounding_box()["x"] >= 0


class EveryPage:
    """Each test visits all pages: to fill the site for each of them takes longer."""

    @pytest.mark.parametrize("width", WIDTHS.values())
    def test_has_no_accessibility_finding(self, open_page, axe, width):
        page = open_page(reduced_motion="reduce", width=width)
        for path, scheme in product(PAGES, ("light", "dark")):
            page.emulate_media(color_scheme=scheme)
            page.goto(path)
            assert axe(page) == [], (path, scheme)

    def test_fits_a_phone_with_text_at_200_percent(self, open_page):
        page = open_page(width=390)
        for path in PAGES:
            page.goto(path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

    def test_loads_all_its_pictures(self, open_page):
        page = open_page()
        for path in PAGES:
            page.goto(path)
            page.evaluate("document.querySelectorAll('img').forEach((i) => (i.loading = 'eager'))")
            page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")

    def test_shows_its_links_in_forced_colours(self, open_page):
        page = open_page(forced_colors="active")
        background = "getComputedStyle(document.documentElement).backgroundColor"
        for path in PAGES:
            page.goto(path)
            link = page.locator("a[href]:visible").nth(2)
            colour = link.evaluate("(a) => getComputedStyle(a).color")
            assert colour != page.evaluate(background), path

    def test_has_every_control_within_reach_of_the_keyboard(self, open_page):
        page = open_page()
        for path in PAGES:
            page.goto(path)
            reached, wanted = controls_reached(page)
            assert reached == wanted, path


def controls_reached(page):
    """Return how many controls of the main part Tab leads to, and how many there are."""
    inside = page.locator(
        "main :is(a[href], button, summary, textarea, table, input:not([type=hidden])):visible"
    )
    wanted = inside.locator("visible=true").evaluate_all(
        # The arrow keys lead from one radio button of a group to the next.
        "(all) => all.filter((e) => e.tabIndex >= 0 && (e.type != 'radio' || e.checked)).length"
    )
    reached = set()
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => {
                  const all = [...document.querySelectorAll("main *")];
                  return all.indexOf(document.activeElement);
                }"""
            )
        )
    return len(reached - {-1}), wanted


def wait_for_typefaces(route):
    """Answer with the style sheet, changed so that a slow typeface is waited for."""
    response = route.fetch()
    route.fulfill(response=response, body=response.text().replace("optional", "block"))


class AStoryPage:
    def test_marks_the_current_section_in_its_contents(self, open_page):
        page = open_page("/stories/the-first/")
        for heading in ("Act I: The turn", "Prologue: The beginning"):
            link = page.get_by_role("link", name=heading, exact=True)
            link.click()
            page.locator(".contents [aria-current]", has_text=heading).wait_for()
            expect(page.locator(".contents [aria-current]")).to_have_count(1)

    def test_is_set_in_its_own_typefaces_except_for_other_scripts(self, open_page):
        body = "Plain, *slanted* and **bold** in Kōbe\n\n## 渋沢 栄一 and جمال"
        body = f"First.\n\n{body}"
        path = make_story(slug="set", title="It’s Łódź", body=body).get_absolute_url()
        page = open_page("/")
        page.route("**/site*.css", wait_for_typefaces)
        page.goto(path)
        page.evaluate("document.fonts.ready")
        assert self.faces(page, "h1") == {"Fraunces"}
        assert self.faces(page, ".prose p + p") == {"Literata"}
        originals = self.faces(page, ".prose h2")
        assert originals - {"Fraunces", "Literata"}

    def faces(self, page, selector):
        """Return the names of the typefaces that Chromium has set an element in."""
        session = page.context.new_cdp_session(page)
        for domain in ("DOM", "CSS"):
            session.send(f"{domain}.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})
        fonts = session.send("CSS.getPlatformFontsForNode", node)["fonts"]
        return {font["familyName"] for font in fonts}

    def test_has_no_point_at_the_end_of_a_line_of_facts(self, open_page):
        story = make_story(slug="facts", byline="A Very Long Name of a Writer")
        page = open_page(story.get_absolute_url(), width=390)
        lefts = page.evaluate(
            """() => {
                 const box = document.querySelector(".story__facts");
                 const start = box.getBoundingClientRect().left;
                 return [...box.children].map((fact) => {
                   const inside = getComputedStyle(fact).paddingInlineStart;
                   const { left, top } = fact.getBoundingClientRect();
                   return [top, Math.round(left + parseFloat(inside) - start)];
                 });
               }"""
        )
        lines = {}
        for top, left in lefts:
            lines.setdefault(top, []).append(left)
        assert len(lines) > 1
        assert all(min(line) == 0 for line in lines.values())

    def test_shows_its_picture_on_the_first_screen_of_a_phone(self, open_page):
        excerpt = "A carpenter's son took looms apart while his neighbors shook their heads. " * 3
        story = make_story(slug="long", title="The Loom That Knew When to Stop", excerpt=excerpt)
        page = open_page(story.get_absolute_url(), width=390)
        assert page.locator(".story__cover").bounding_box()["y"] < 844 * 2 / 3
        expect(page.locator(".story__head")).to_contain_text("A carpenter’s son took")
        assert "'" not in page.locator(".story").inner_text()

    def test_shows_a_footnote_next_to_its_number(self, open_page):
        page = open_page("/stories/the-first/")
        link = page.locator(".footnote-ref a")
        link.focus()
        page.keyboard.press("Enter")
        bubble = page.locator(".footnote-bubble")
        expect(bubble).to_be_visible()
        assert bubble.text_content().strip() == "Where it is from."
        page.keyboard.press("Escape")
        expect(bubble).to_be_hidden()
        assert link.evaluate("(a) => a === document.activeElement")

    def test_shows_the_source_of_a_citation_next_to_its_number(self, open_page):
        story = make_story(body="She wove.[@mill]", sources="A book\n@mill | The silk mill")
        page = open_page(story.get_absolute_url())
        page.locator(".citation a").click()
        bubble = page.get_by_label("Source", exact=True)
        expect(bubble).to_have_text("The silk mill ")
        assert page.locator(".sources li").all_inner_texts() == ["The silk mill ↩︎", "A book"]
        page.keyboard.press("Escape")
        page.get_by_label("Back to the text").click()
        assert page.url.endswith("#cite-mill")

    def test_links_to_its_footnote_without_javascript(self, open_page):
        page = open_page("/stories/the-first/", java_script_enabled=False)
        page.locator(".footnote-ref a").click()
        expect(page).to_have_url("/stories/the-first/#fn1")
        expect(page.get_by_text("Where it is from.")).to_be_visible()

    def test_shows_the_reading_progress(self, open_page):
        page = open_page("/stories/the-first/")
        read = """(top) => new Promise((resolve) => {
             scrollTo({ top, behavior: "instant" });
             const bar = document.querySelector(".progress");
             setTimeout(() => resolve(bar.getBoundingClientRect().width / innerWidth), 200);
           })"""
        assert page.evaluate(read, 0) < 0.01
        assert page.evaluate(read, 1_000_000) > 0.98

    def test_scrolls_smoothly_unless_reduced_motion_is_preferred(self, open_page):
        smooth = "getComputedStyle(document.documentElement).scrollBehavior"
        assert open_page("/", reduced_motion="no-preference").evaluate(smooth) == "smooth"
        assert open_page("/", reduced_motion="reduce").evaluate(smooth) == "auto"

    def test_follows_the_colour_scheme_of_the_device(self, open_page):
        def background(scheme):
            page = open_page("/stories/the-first/", color_scheme=scheme)
            return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

        assert background("light") != background("dark")

    def test_is_printed_without_navigation_and_related_stories(self, open_page):
        page = open_page("/stories/the-first/", color_scheme="dark")
        page.emulate_media(media="print")
        hidden = (".masthead__nav", ".share", ".related", ".contents", ".to-contents", ".progress")
        for part in (*hidden, ".colophon", ".footnote-backref"):
            expect(page.locator(part)).to_be_hidden()
        for part in ("h1", ".takeaways", ".prose", ".sources"):
            expect(page.locator(part).first).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.pdf().startswith(b"%PDF")

    def test_is_printed_with_its_whole_cover_and_the_addresses_of_its_sources(self, open_page):
        url = "https://example.org/letters"
        story = make_story(slug="filed", sources=f"Letters | {url}", **self.square_cover())
        page = open_page(story.get_absolute_url(), color_scheme="dark")
        page.emulate_media(media="print")
        after = "(element) => getComputedStyle(element, '::after').content"
        assert url in page.get_by_role("link", name="Letters").evaluate(after)
        facts = page.locator(".story__facts")
        assert story.absolute_url in facts.evaluate("(facts) => facts.dataset.address")
        assert facts.evaluate(after) != "none"
        cover = page.locator(".story__cover img").bounding_box()
        assert cover["width"] == pytest.approx(cover["height"], abs=1)
        assert 0 < cover["height"] < 330
        frame = page.locator(".story__cover .picture").bounding_box()
        assert frame["height"] >= cover["height"]

    def square_cover(self):
        from stories_project.pictures.uploads import store_image

        return {"cover": store_image(picture((900, 900)), "covers"), "cover_alt": "A red square"}

    def test_has_its_founders_and_date_on_each_page_of_paper(self, open_page):
        page = open_page("/stories/the-first/")
        line = page.locator(".story__running")
        expect(line).to_be_hidden()
        page.emulate_media(media="print")
        expect(line).to_contain_text("Ada Byron")
        expect(line).to_contain_text(page.locator(".story__facts time").inner_text())
        # A browser repeats the head of a table on each page if it may not break inside of it.
        style = "(line) => [getComputedStyle(line).display, getComputedStyle(line).breakInside]"
        assert line.evaluate(style) == ["table-header-group", "avoid"]

    def test_links_to_its_takeaways_as_a_picture(self, open_page):
        page = open_page("/stories/the-first/")
        page.get_by_role("link", name="Share these as a picture").click()
        page.wait_for_load_state()
        assert page.evaluate("document.images[0].naturalWidth") == 1080

    def test_opens_the_share_sheet_of_the_device(self, open_page):
        page = open_page("/")
        page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
        page.goto("/stories/the-first/")
        page.get_by_role("button", name="Share…").click()
        assert page.evaluate("window.shared.url").endswith("/stories/the-first/")

    def test_is_complete_without_javascript(self, open_page):
        page = open_page("/stories/the-first/", java_script_enabled=False)
        for text in ("Key Takeaways", "In this story", "Act I: The turn", "Sources"):
            expect(page.get_by_role("heading", name=text).first).to_be_visible()
        expect(page.get_by_role("link", name="Facebook")).to_be_visible()
        expect(page.get_by_role("button", name="Copy link")).to_have_count(0)

    def test_copies_its_link(self, open_page):
        page = open_page("/stories/the-first/", permissions=["clipboard-write", "clipboard-read"])
        page.get_by_role("button", name="Copy link").click()
        page.get_by_text("The link is copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.endswith("/stories/the-first/")

    def test_has_a_link_that_skips_the_menu(self, open_page):
        page = open_page("/stories/the-first/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        expect(page).to_have_url("/stories/the-first/#page-main")

    def test_has_no_layout_shift(self, open_page):
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


class ASearch:
    def test_works_by_keyboard_and_marks_the_words_it_found(self, open_page):
        page = open_page("/")
        page.get_by_role("link", name="Search").click()
        page.get_by_label("Search").fill("prolgue turn")
        page.keyboard.press("Enter")
        assert "Stories with prologue turn" in " ".join(
            page.get_by_role("status").text_content().split()
        )
        expect(page.locator("mark")).not_to_have_count(0)
        page.get_by_role("link", name="The first", exact=True).click()
        expect(page).to_have_url("/stories/the-first/")

    def test_suggests_names_while_a_reader_types(self, open_page):
        page = open_page("/search/")
        page.get_by_label("Search").press_sequentially("ada")
        option = page.locator("datalist option").first
        option.wait_for(state="attached")
        assert option.get_attribute("value") == "Ada Byron"

    def test_works_without_javascript(self, open_page):
        page = open_page("/search/", java_script_enabled=False)
        page.get_by_role("searchbox").fill("first")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name="The first", exact=True)).to_be_visible()


HOSTILE = """## <script>window.hacked = 1</script>

<img src=x onerror="window.hacked = 1"> <svg onload="window.hacked = 1">

[click](javascript:window.hacked=1) [click](&#106;avascript:window.hacked=1) <javascript:window.hacked=1>

![x](x" onerror="window.hacked=1) ![x](/a.webp "t' onload='window.hacked=1")

<iframe srcdoc="<script>top.hacked = 1</script>"></iframe> <a href="javascript:window.hacked=1">click</a>

[^x]

[^x]: <details open ontoggle="window.hacked=1">
"""


class AHostileStory:
    def test_runs_no_script(self, open_page):
        make_story(slug="hostile", title="<script>hacked = 1</script>", body=HOSTILE)
        page = open_page("/")
        page.route("**/*.webp", lambda route: route.fulfill(status=200, body=b""))
        page.route("**/stories/hostile/x*", lambda route: route.fulfill(status=200, body=b""))
        page.goto("/stories/hostile/")
        for link in page.get_by_text("click").all():
            if link.get_attribute("href"):
                link.click()
        assert page.evaluate("window.hacked") is None
        expect(
            page.locator("main :is(script, iframe, svg[onload], details:not(.embed-code))")
        ).to_have_count(0)


class AWordWithoutEnd:
    """An address, or a word that somebody has pasted."""

    WORD = "Donaudampfschifffahrtsgesellschaft" * 8

    @pytest.mark.parametrize("width", [390, 1280])
    def test_does_not_widen_a_page(self, open_page, width):
        ada = make_founder(name="Ada Byron", slug="ada", headline=self.WORD[:150])
        word = self.WORD
        body = f"## {word}\n\n{word}\n\n- {word}\n\n> {word}\n\n| {word} | b |\n| --- | --- |\n| a | b |\n\n`{word}`"
        make_story(
            title=f"The {word[:80]}",
            slug="word",
            excerpt=word[:280],
            body=body,
            takeaways=word[:200],
            sources=f"{word[:200]} | https://example.org/{word}",
            founders=[ada],
            tags=[word[:60]],
        )
        for path in (
            "/",
            "/stories/",
            "/stories/word/",
            "/founders/ada/",
            "/tags/",
            "/search/?q=The",
        ):
            page = open_page(path, width=width)
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            assert wide <= width, path
