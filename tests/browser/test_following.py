"""Following by e-mail in a browser: the form, the link, the preferences, leaving."""

import re
from itertools import product

import pytest
from django.core import mail
from playwright.sync_api import expect

from stories.models import Follower
from tests.browser.conftest import WIDTHS
from tests.factories import make_founder, make_story
from tests.stories.following.test_following import make_follower


@pytest.fixture
def follower(transactional_db):
    follower = make_follower(founder=make_founder(name="Ada Byron"))
    follower.follows.create()
    return follower


class TheFollowingPages:
    def test_have_no_accessibility_finding_and_fit_a_phone(self, open_page, axe, follower):
        for name in ("preferences", "leave"):
            page = open_page(follower.path(name), reduced_motion="reduce")
            for width, scheme in product(WIDTHS.values(), ("light", "dark")):
                page.set_viewport_size({"width": width, "height": 844})
                page.emulate_media(color_scheme=scheme)
                assert axe(page) == [], (name, width, scheme)
            page.set_viewport_size({"width": 390, "height": 844})
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("has_javascript", [True, False])
class AReader:
    def test_follows_changes_their_mind_and_leaves(
        self, open_page, transactional_db, monkeypatch, settings, has_javascript
    ):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        monkeypatch.setattr("stories_project.bot_traps.SOONEST", 0)
        make_story(slug="loom", founders=[make_founder(name="Ada Byron", slug="ada")])
        page = open_page("/founders/ada/", java_script_enabled=has_javascript)
        page.locator("main").get_by_role("link", name="Follow by e-mail").click()
        expect(page.get_by_label("Stories about Ada Byron")).to_be_checked()
        page.get_by_label("Once a week, if there are new stories").check()
        page.get_by_label("Your e-mail address").fill("grace@example.org")
        page.get_by_label("may send me stories").check()
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        page.goto(re.search(r"http\S+?(/follow/\S+)", mail.outbox[-1].body)[1])
        page.get_by_role("button", name="Yes, send me stories").click()
        expect(page.get_by_label("Ada Byron")).to_be_checked()
        page.get_by_label("Every story", exact=True).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        assert Follower.objects.get().follows.count() == 2
        page.get_by_role("button", name="Leave").click()
        expect(page.get_by_role("heading", name="You get no more e-mail")).to_be_visible()
        assert not Follower.objects.exists()
