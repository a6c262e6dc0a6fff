"""A server that is killed while somebody writes."""

import pytest

from tests.browser.conftest import SAVED, sign_in
from tests.running_site import Site

SEED = """
from django.contrib.auth.models import User
from tests.factories import make_story_in
User.objects.create_superuser("ed", password="secret")
make_story_in("draft", title="Before", founders=[])
"""
END_ALL_SESSIONS = (
    "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
)


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.manage("shell", "--command", SEED)
    site.start()
    yield site
    site.kill()


class AnUnsavedTextDuringAnOutage:
    def test_can_be_restored_after_the_server_and_the_session_were_lost(self, chromium, site):
        page = chromium.new_context(base_url=site.address).new_page()
        page.goto("/admin/login/?next=/admin/stories/story/1/change/")
        sign_in(page)
        page.wait_for_load_state("networkidle")
        page.fill("#id_title", "Kept by the server")
        page.get_by_text("Not saved yet, but kept at").wait_for()
        site.kill()
        page.fill("#id_title", "The last word")
        page.get_by_text("The server does not answer.").wait_for()
        site.manage("shell", "--command", END_ALL_SESSIONS)
        site.start()
        page.get_by_text("You are signed out.").wait_for()
        page.get_by_role("link", name="Sign in again").click()
        sign_in(page)
        page.get_by_role("button", name="Restore this text").click()
        assert page.input_value("#id_title") == "The last word"
        page.get_by_role("button", name="Save and continue editing").click()
        page.get_by_text(SAVED).wait_for()
        assert page.input_value("#id_title") == "The last word"
