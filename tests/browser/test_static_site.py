"""The static site in a reader's browser, served by a plain file server with the policy of ours."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from stories.static_site import search_index
from stories.static_site.redirects import NGINX_SERVER
from tests.browser.conftest import WIDTHS
from tests.factories import make_founder, make_story, revise
from tests.file_server import serving_files

PAGES = [
    "/",
    "/stories/",
    "/stories/page/2/",
    "/stories/first/",
    "/founders/",
    "/founders/letter/a/",
]
PAGES += ["/founders/ada-byron/", "/tags/", "/tags/craft/", "/about/", "/suggest/", "/404.html"]
PAGES += ["/corrections/", "/search/", "/search/?q=kiln"]
POLICY = NGINX_SERVER.partition('Content-Security-Policy "')[2].partition('"')[0]


@pytest.fixture
def address(transactional_db, tmp_path, monkeypatch):
    """The address of a server of the files, whose search has four indexes."""
    monkeypatch.setattr(search_index, "STORIES_AN_INDEX", 6)
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    story = make_story(slug="the-first", title="The first kiln", founders=[ada])
    revise(story, {"slug": "first"})
    for _ in range(20):
        make_story(founders=[ada])
    call_command("build_static", tmp_path / "site", "--share-pictures", "no")
    with serving_files(tmp_path / "site", POLICY) as address:
        yield address


@pytest.fixture
def open_page(address, open_page):
    """As always, but the pages are closed before the server of the files ends."""
    return open_page


class EveryStaticPage:
    def test_has_no_accessibility_finding_and_fits_a_phone(self, open_page, axe, address):
        for path in PAGES:
            page = open_page(address + path, reduced_motion="reduce", bypass_csp=True)
            page.wait_for_load_state("networkidle")
            for width in WIDTHS.values():
                page.set_viewport_size({"width": width, "height": 844})
                assert axe(page) == [], (path, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path


class TheSearchInTheBrowser:
    def test_finds_a_story(self, open_page, address):
        page = open_page(f"{address}/search/")
        page.get_by_label("Search").fill("kilns")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("status")).to_have_text("Stories with “kilns”, the best first.")
        link = page.locator(".result a").first
        expect(link).to_have_text("The first kiln")
        link.click()
        expect(page.locator("h1")).to_have_text("The first kiln")

    def test_says_that_nothing_was_found(self, open_page, address):
        page = open_page(f"{address}/search/?q=qqqqqq")
        expect(page.get_by_role("status")).to_contain_text("No story has “qqqqqq”.")


class AnOldStaticAddress:
    def test_leads_to_the_present_one(self, open_page, address):
        page = open_page(f"{address}/stories/the-first/")
        page.wait_for_url(f"{address}/stories/first/")
        expect(page.locator("h1")).to_have_text("The first kiln")
