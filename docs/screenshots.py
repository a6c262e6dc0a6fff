"""Take the screenshots of the guides and of every public page: `make screenshots`.

Starts a separate site with the demo and one day of work at the desk, and visits it in Chromium as a
reader and as an editor. Writes the guides' screenshots to docs/images/, and a full-page screenshot
of every public page, at two widths in two themes, to var/screenshots/. Needs Chromium.
"""

import json
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.demo_pages import PAGES  # noqa: E402
from tests.running_site import Site  # noqa: E402

PAGES_SEEN = ROOT / "var" / "screenshots"
PICTURES = ROOT / "docs" / "images"
PASSWORD = "only for pictures"  # noqa: S105
# Load the images below the visible part of the page before the screenshot is taken.
ALL_PICTURES = """async () => {
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode()));
}"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

A_DAYS_WORK = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from stories.reviewing import steps
from stories.models import Story
from stories.writing import verbs
from stories.writing.forms import Verb
from stories.writing.saving import Overtaken

def work_on(story, changes, by):
    return verbs.revise(story, changes, Verb.SAVE, by=by)

editor, writer = (User.objects.get(username=name) for name in ("editor", "writer"))
first, second, third = Story.objects.published().newest_first()[:3]
first = work_on(first, {"excerpt": first.excerpt.replace("could", "might")}, editor)
at = timezone.now().replace(hour=9, minute=0) + timedelta(days=2)
work_on(first, {"title": first.title + ", Revisited"}, editor).schedule(at, by=editor)
work_on(second, {"byline": "A. Writer"}, editor)
draft = Story.objects.drafts().first()
draft = work_on(draft, {"excerpt": "Before the chocolate bar there was a caramel."}, writer)
steps.submit(draft, writer, "The dates are checked.")
base, mine = third.newest_revision_id, third.content
work_on(third, {"title": third.title + " Again"}, writer)
try:
    changes = {"title": mine.title + "!", "excerpt": mine.excerpt + " More below."}
    third.save_content(mine.with_values(changes), by=editor, based_on=base)
except Overtaken as overtaken:
    print(f"{first.pk} {draft.pk} {third.pk} {overtaken.revision.pk}")
"""

# An export of Ghost: a title, what the post says, and whether readers saw it.
POSTS = [
    ("The mill that paid its debts", "<p>The wheel stood still for a year.</p>", "published"),
    ("A film about the mill", '<iframe src="https://youtu.be/wheel"></iframe>', "published"),
    ("The letter nobody sent", "<p>It lay in a drawer.</p><form><input></form>", "draft"),
]


def main():
    """Take every screenshot."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder, DEMO_PASSWORD=PASSWORD)
        site.manage("demo")
        site.start_for_readers()
        try:
            take_pages(site.address)
            keys = site.manage("shell", "--verbosity", "0", "--command", A_DAYS_WORK).split()
            take_desk(site.address, *keys)
            take_import(site.address, Path(folder) / "export.json")
        finally:
            site.kill()


def take_pages(address):
    """Take every public page at phone and desktop width, in the light and the dark theme."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for width, scheme in product((390, 1280), ("light", "dark")):
            page = browser.new_page(
                base_url=address, viewport={"width": width, "height": 844}, color_scheme=scheme
            )
            for name, path in PAGES.items():
                page.goto(path)
                page.evaluate(ALL_PICTURES)
                page.screenshot(path=PAGES_SEEN / f"{name}-{width}-{scheme}.png", full_page=True)
        page = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
        take(page, "reading", "/")
        browser.close()


def take_desk(address, reworked, submitted, disputed, aside):
    """Sign in as the editor and take the screenshots of the desk.

    The arguments are primary keys: of a story with scheduled changes, of one that waits for review,
    of one that two people changed, and of the revision that was set aside.
    """
    desk = "/admin/stories/story/"
    with sync_playwright() as playwright:
        browser, page = sign_in(playwright, address)
        take(page, "front-page", "/admin/")
        take(page, "writing", f"{desk}{submitted}/change/")
        take(page, "working-copy", f"{desk}{reworked}/change/")
        take(page, "compare", f"{desk}{reworked}/compare/")
        take(page, "history", f"{desk}{reworked}/history/")
        take(page, "merge", f"{desk}{disputed}/merge/{aside}/")
        take(page, "review-links", f"{desk}{submitted}/review-links/")
        take(page, "calendar", f"{desk}calendar/")
        take(page, "board", f"{desk}board/")
        take(page, "pictures", f"{desk}pictures/")
        take(page, "series", "/admin/stories/series/")
        take(page, "tags", "/admin/stories/tag/")
        browser.close()


def take_import(address, export):
    """Move a small site in at the desk, and take the screenshots of its report and of its end."""
    posts = [
        {
            **{"id": f"{number:024}", "type": "post", "title": title, "slug": f"post-{number}"},
            **{"html": html, "status": status, "visibility": "public"},
            "published_at": "2021-03-24T04:34:10.000Z",
        }
        for number, (title, html, status) in enumerate(POSTS, 1)
    ]
    export.write_text(json.dumps({"db": [{"meta": {"version": "6.0"}, "data": {"posts": posts}}]}))
    with sync_playwright() as playwright:
        browser, page = sign_in(playwright, address)
        page.goto("/admin/stories/story/imports/")
        page.select_option("#id_kind", "ghost")
        page.set_input_files("#id_file", export)
        page.get_by_role("button", name="Look at the file").click()
        button = page.get_by_role("button", name="Import", exact=True)
        button.wait_for()
        take(page, "import-report")
        button.click()
        page.get_by_role("button", name="Undo this import").wait_for()
        take(page, "import-done")
        browser.close()


def sign_in(playwright, address):
    """Return a browser, and a page on which the editor is signed in."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    page = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
    page.goto("/admin/")
    page.fill("#id_login", "editor")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return browser, page


def take(page, name, address=None):
    """Take one screenshot once the page has loaded, and reduce it to 128 colours.

    Without an address, of the page as it is.
    """
    if address:
        page.goto(address)
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.quantize(128).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB")  # noqa: T201


def chromium():
    """Return the path of Chromium. Exits with a message if it is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    return path or sys.exit("Chromium is not installed. On Debian: apt-get install chromium")


if __name__ == "__main__":
    PAGES_SEEN.mkdir(parents=True, exist_ok=True)
    main()
