"""A server that is killed while somebody writes: the last word is there when it is back."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = """
from django.contrib.auth.models import User
from tests.factories import make_story_in
User.objects.create_superuser("ed", password="secret")
make_story_in("draft", title="Before", founders=[])
"""
SIGN_ALL_OUT = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"


class Site:
    """A site of its own, in a process that can be killed."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        # Empty: a database of its own, whatever the environment or .env say.
        own = {"DATABASE_URL": "", "CACHE_URL": "", "DATA_DIR": str(folder)}
        self.env = os.environ | own | {"DEBUG": "on", "SITE_URL": self.address}
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "--command", SEED)

    def manage(self, *command):
        command = [sys.executable, "manage.py", *command]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True)  # noqa: S603

    def start(self):
        command = [sys.executable, "manage.py", "runserver", "--noreload", str(self.port)]
        self.process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(100):
            try:
                return urlopen(f"{self.address}/healthz")  # noqa: S310
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("The site did not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.start()
    yield site
    site.kill()


def sign_in(page):
    page.fill("#id_username", "ed")
    page.fill("#id_password", "secret")
    page.click("input[type=submit]")


class ATextTypedThroughAnOutage:
    def test_has_its_last_word_after_the_server_and_the_session_were_lost(self, chromium, site):
        page = chromium.new_context(base_url=site.address).new_page()
        page.goto("/admin/login/?next=/admin/stories/story/1/change/")
        sign_in(page)
        page.fill("#id_title", "Kept by the server")
        page.get_by_text("Not saved yet, but kept at").wait_for()
        site.kill()
        page.fill("#id_title", "The last word")
        page.get_by_text("The server does not answer.").wait_for()
        site.manage("shell", "--command", SIGN_ALL_OUT)
        site.start()
        page.get_by_text("You are signed out.").wait_for()
        page.get_by_role("link", name="Sign in again").click()
        sign_in(page)
        page.get_by_role("button", name="Put it back into the form").click()
        assert page.input_value("#id_title") == "The last word"
        page.get_by_role("button", name="Save and continue editing").click()
        page.get_by_text("was changed successfully").wait_for()
        assert page.input_value("#id_title") == "The last word"
