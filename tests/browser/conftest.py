"""Fixtures that open pages in Chromium. Without Chromium, the browser tests are skipped."""

import os
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect, sync_playwright

# Playwright runs an event loop, so Django would refuse to use the database in these tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
# What the desk says after a story is saved; “Not saved yet” is said while one types.
SAVED = re.compile("^Saved(:| as|, not)")
WIDTHS = {"phone": 390, "laptop": 1280}

# How long a test waits for what it expects on a page, in ms: long enough for a busy machine.
expect.set_options(timeout=30_000)


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
    """Return a function that opens a page in a new context. Errors in its console fail the test."""
    contexts, errors = [], []

    def opened(path="/", *, width=1280, cookies=(), **context):
        contexts.append(chromium.new_context(base_url=live_server.url, **context))
        for name, value in cookies:
            contexts[-1].add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = contexts[-1].new_page()
        page.set_viewport_size({"width": width, "height": 844})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: is_unexpected(line, page) and errors.append(line.text))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            # Closing a context while a page still loads can hang forever.
            page.goto("about:blank")
        context.close()
    assert not errors


def is_unexpected(line, page):
    """Whether a console line is an error, except that the page itself answers with 404 or 410."""
    is_own_status = line.location["url"] == page.url and (
        "(Not Found)" in line.text or "(Gone)" in line.text
    )
    return line.type == "error" and not is_own_status


@pytest.fixture
def editor():
    return User.objects.create_superuser("ed", password="secret", first_name="Ed")


@pytest.fixture
def open_desk(open_page, editor):
    """Return a function that opens a page of the desk as `editor`, who has signed in already.

    Use `bypass_csp=True` together with axe, because axe adds styles to the page.
    """
    client = Client()
    client.force_login(editor)
    cookies = [(name, cookie.value) for name, cookie in client.cookies.items()]

    def opened(path, **options):
        return open_page(path, cookies=cookies, **{"width": 1366, **options})

    return opened


def sign_in(page):
    """Fill in the sign-in form that a page shows, for the superuser `ed`."""
    page.fill("#id_login", "ed")
    page.fill("#id_password", "secret")
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def axe():
    """Return a function that lists the accessibility findings of axe on a page.

    In the dark, only the colors of a page differ, so only their contrast is checked.
    """

    def findings(page):
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        options = {"runOnly": ["color-contrast"]} if is_dark else None
        violations = Axe().run(page, options=options).response["violations"]
        return [f"{v['id']}: {n['html'][:200]}" for v in violations for n in v["nodes"]]

    return findings
