"""Chromium, where there is one."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

# Playwright's own event loop makes Django take synchronous tests for asynchronous ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WIDTHS = {"phone": 390, "laptop": 1280}


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM:
                reason = "no Chromium here; on Debian: apt-get install chromium"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Return a function that opens a page; what the browser complained of fails the test."""
    contexts, complaints = [], []

    def opened(path="/", *, width=1280, **context):
        contexts.append(chromium.new_context(base_url=live_server.url, **context))
        page = contexts[-1].new_page()
        page.set_viewport_size({"width": width, "height": 844})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: is_complaint(line, page) and complaints.append(line.text))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            # A context that is closed while a page still loads has hung, and nothing ends that.
            page.goto("about:blank")
        context.close()
    assert not complaints


def is_complaint(line, page):
    """Whether the browser complains of anything but a page that says itself that it is gone."""
    is_its_status = line.location["url"] == page.url and "(Not Found)" in line.text
    is_its_status |= line.location["url"] == page.url and "(Gone)" in line.text
    return line.type == "error" and not is_its_status


@pytest.fixture
def axe():
    """Return a function that lists what axe finds on a page."""

    def findings(page):
        violations = Axe().run(page).response["violations"]
        return [f"{v['id']}: {n['html'][:200]}" for v in violations for n in v["nodes"]]

    return findings
