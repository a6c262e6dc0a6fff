"""Signing in, in a browser with a passkey device, and by keyboard."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.factories import make_user
from tests.one_time_codes import code_of

DEVICE = {
    **{"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True},
    **{"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True},
}
PAGES = [
    *["/account/2fa/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/"],
    *["/account/2fa/totp/activate/", "/account/2fa/recovery-codes/", "/account/email/"],
    *["/account/password/change/", "/account/sessions/", "/account/logout/"],
    *["/account/reauthenticate/", "/account/inactive/", "/account/confirm-email/"],
    *["/account/confirm-email/no-such-key/", "/account/2fa/reauthenticate/"],
]
ADMINISTERED = [
    *["/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/"],
    *[
        "/admin/auth/group/add/",
        "/admin/auth/user/{ada}/change/",
        "/admin/auth/user/{ada}/password/",
    ],
    *["/admin/auth/user/{ada}/history/", "/admin/auth/user/{ada}/delete/"],
    "/admin/auth/group/{role}/change/",
]


@pytest.fixture
def signed_in(open_page, editor):
    """Return a page on which Ed has signed in, and has shown a second time that it is him."""
    page = open_page("/account/2fa/", bypass_csp=True)
    sign_in(page)
    confirm(page)
    return page


def confirm(page):
    """Type the password again where a page asks for it."""
    page.goto("/account/reauthenticate/?next=/account/2fa/")
    page.fill("#id_password", "secret")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")


def plug_in_a_passkey_device(page):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def sign_out(page):
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


class APasskey:
    def test_is_added_and_then_signs_in_without_a_password(self, signed_in):
        page = signed_in
        plug_in_a_passkey_device(page)
        page.get_by_role("link", name="Add a passkey").click()
        page.fill("#id_name", "Laptop")
        page.get_by_role("button", name="Add").click()
        expect(page.locator(".account__codes")).to_be_visible()
        sign_out(page)
        page.goto("/account/login/?next=/admin/stories/story/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(re.compile("/admin/stories/story/$"))
        page.wait_for_load_state("networkidle")
        page.goto("/account/2fa/webauthn/")
        expect(page.locator("li", has_text="Laptop")).to_be_visible()

    def test_is_asked_for_after_the_password_too(self, signed_in):
        page = signed_in
        plug_in_a_passkey_device(page)
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_role("button", name="Add").click()
        expect(page.locator(".account__codes")).to_be_visible()
        sign_out(page)
        page.goto("/account/login/?next=/admin/")
        sign_in(page)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page).to_have_url(re.compile("/admin/$"))

    def test_is_not_offered_before_the_page_can_ask_for_it(self, open_page):
        page = open_page("/account/login/", java_script_enabled=False)
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_disabled()


class AnAppThatShowsCodes:
    def test_is_set_up_and_used_with_the_keyboard_alone(self, signed_in):
        page = signed_in
        page.get_by_role("link", name="Set it up").press("Enter")
        secret = page.locator(".account__secret").inner_text()
        page.get_by_label("Code").press_sequentially(code_of(secret))
        page.keyboard.press("Enter")
        recovery_code = page.locator(".account__codes").inner_text().split()[0]
        sign_out(page)
        page.locator("#id_login").press_sequentially("ed")
        page.keyboard.press("Tab")
        page.keyboard.type("secret")
        page.keyboard.press("Enter")
        page.get_by_label("Code").press_sequentially(recovery_code)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Waiting for me")).to_be_visible()


class EveryPage:
    def test_has_no_accessibility_finding_and_fits_a_phone(self, signed_in, axe):
        page = signed_in
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 768})
            for path in PAGES:
                page.goto(path)
                assert axe(page) == [], path
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, path

    def test_without_an_account_has_none_either(self, open_page, axe):
        page = open_page("/account/login/", width=390, bypass_csp=True)
        for path in ["/account/login/", "/account/password/reset/", "/account/signup/"]:
            page.goto(path)
            assert axe(page) == [], path


class TheAccountsOfTheStaff:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_have_no_accessibility_finding_and_fit_a_phone(self, open_desk, axe, scheme):
        ada = make_user(username="ada", first_name="Ada", last_name="Byron", is_staff=True)
        role, _ = Group.objects.get_or_create(name="Writer")
        role.permissions.set(Permission.objects.filter(codename__contains="story"))
        ada.groups.add(role)
        page = open_desk("/admin/", bypass_csp=True, color_scheme=scheme)
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 768})
            for path in ADMINISTERED:
                page.goto(path.format(ada=ada.pk, role=role.pk))
                for details in page.locator("fieldset details").all():
                    details.evaluate("each => each.open = true")
                assert axe(page) == [], path
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    def test_are_invited_by_keyboard_and_read_what_they_may_do(self, open_desk):
        role, _ = Group.objects.get_or_create(name="Writer")
        role.permissions.set(Permission.objects.filter(codename="change_story"))
        page = open_desk("/admin/auth/user/", width=390)
        page.get_by_role("link", name="Invite somebody").press("Enter")
        expect(page.get_by_label("E-mail address")).to_be_focused()
        page.keyboard.type("ada@example.org")
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Writer: Write stories").press("Space")
        page.get_by_role("button", name="Send the invitation").press("Enter")
        expect(page.get_by_text("The invitation was sent to ada@example.org.")).to_be_visible()
        page.get_by_role("link", name="ada", exact=True).press("Enter")
        expect(page.get_by_text("Nothing yet: the invitation waits")).to_be_visible()
        expect(page.get_by_text("Single permissions").first).to_be_hidden()
        page.get_by_role("button", name="Send the invitation again").press("Enter")
        expect(page.get_by_text("The invitation was sent to ada@example.org.")).to_be_visible()


class TheBrowser:
    def test_forgets_what_was_not_sent_but_asks_before(self, open_desk):
        page = open_desk("/admin/")
        page.evaluate("localStorage.setItem('typed:1:story', 'a secret')")
        asked = []

        def answer(dialog):
            asked.append(dialog.message)
            dialog.dismiss() if len(asked) == 1 else dialog.accept()

        def sign_out():
            button = page.get_by_role("button", name="Sign out")
            if not button.is_visible():
                page.locator(".head__account").click()
            button.click()

        page.on("dialog", answer)
        sign_out()
        expect(page.get_by_text("Waiting for me")).to_be_visible()
        assert page.evaluate("localStorage.getItem('typed:1:story')") == "a secret"
        sign_out()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert page.evaluate("localStorage.getItem('typed:1:story')") is None
        assert (
            asked == ["This browser keeps text that was not sent yet. Sign out and delete it?"] * 2
        )
