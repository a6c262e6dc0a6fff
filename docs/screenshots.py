"""Take the pictures of the guides anew: `make screenshots`.

Fills a site of its own with the demo and a day's work at the desk, drives it in Chromium as an
editor would, and writes docs/images/. Needs Debian's chromium.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images"
PASSWORD = "only for pictures"  # noqa: S105
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

A_DAYS_WORK = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from stories import publishing, reviewing
from stories.content import content_of, newest_content_of
from stories.forms import SCHEDULE, StoryForm
from stories.models import Story
from stories.saving import Overtaken

def work_on(story, changes, by, **saving):
    form = StoryForm(newest_content_of(story) | changes, instance=story)
    assert form.is_valid(), form.errors
    form.save(author=by, **saving)
    return Story.objects.get(pk=story.pk)

editor, writer = (User.objects.get(username=name) for name in ("editor", "writer"))
first, second, third = Story.objects.published().newest_first()[:3]
first = work_on(first, {"excerpt": first.excerpt.replace("could", "might")}, editor)
at = timezone.now().replace(hour=9, minute=0) + timedelta(days=2)
work_on(first, {"title": first.title + ", Revisited", SCHEDULE: 1, "update_at": at}, editor)
work_on(second, {"byline": "A. Writer"}, editor)
draft = Story.objects.drafts().first()
draft = work_on(draft, {"excerpt": "Before the chocolate bar there was a caramel."}, writer)
reviewing.submit(draft, writer, "The dates are checked.")
base = third.newest_revision_id
work_on(third, {"title": third.title + " Again"}, writer)
try:
    changes = {"title": third.title + "!", "excerpt": third.excerpt + " More below."}
    work_on(Story.objects.get(pk=third.pk), content_of(third) | changes, editor, based_on=base)
except Overtaken as overtaken:
    print(f"{first.pk} {draft.pk} {third.pk} {overtaken.revision.pk}")
"""


def main():
    """Take every picture."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        address = f"http://127.0.0.1:{port}"
        site = {"DATA_DIR": folder, "DEBUG": "on", "SITE_URL": address, "DEMO_PASSWORD": PASSWORD}
        # Empty: a database of its own, whatever the environment or .env say.
        site |= {"DATABASE_URL": "", "CACHE_URL": "", "EMAIL_URL": "dummymail://"}
        manage("migrate", "--verbosity", "0", **site)
        manage("demo", **site)
        keys = manage("shell", "--verbosity", "0", "--command", A_DAYS_WORK, **site).split()
        command = [sys.executable, "manage.py", "runserver", "--noreload", port]
        server = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=os.environ | site,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"{address}/healthz")
            take_all(address, *keys)
        finally:
            server.terminate()


def manage(*command, **environment):
    """Run a command of the site, and return what it says."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def wait_for(address):
    """Return once the site answers, within ten seconds."""
    for _ in range(100):
        try:
            return urlopen(address)  # noqa: S310
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The site did not start")


def take_all(address, reworked, submitted, disputed, aside):
    """Sign in as the editor and take the pictures one after the other."""
    desk = "/admin/stories/story/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
        page.goto("/admin/")
        page.fill("#id_username", "editor")
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")
        take(page, "front-page", "/admin/")
        take(page, "writing", f"{desk}{submitted}/change/")
        take(page, "working-copy", f"{desk}{reworked}/change/")
        take(page, "compare", f"{desk}{reworked}/compare/")
        take(page, "history", f"{desk}{reworked}/history/")
        take(page, "merge", f"{desk}{disputed}/merge/{aside}/")
        take(page, "review-links", f"{desk}{submitted}/review-links/")
        take(page, "calendar", f"{desk}calendar/")
        take(page, "tags", "/admin/stories/tag/")
        browser.close()


def take(page, name, address):
    """Take one picture, once nothing moves any more."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.quantize(128).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB")  # noqa: T201


def chromium():
    """Return the path of Chromium; exits with a sentence where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    return path or sys.exit("No Chromium here. On Debian: apt-get install chromium")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    main()
