from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user
from django.utils import timezone

from tests.factories import make_user
from tests.one_time_codes import code_of
from tests.project.accounts.conftest import PASSWORD

NOTICE = "Your account needs a second factor by"


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def secret(editor):
    """Give the editor an app that shows codes, and recovery codes; return the secret of the app."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    RecoveryCodes.activate(editor)
    return secret


class AGracePeriod:
    def test_begins_with_the_first_sign_in_and_is_announced(
        self, required, editor, client, sign_in
    ):
        with time_machine.travel("2026-11-01 09:00+00:00", tick=False):
            sign_in()
            assert f"{NOTICE} November 15" in client.get("/admin/").content.decode()

    def test_ends_at_the_setup_on_every_page_of_the_desk(self, required, db, client):
        began_at = timezone.now()
        with time_machine.travel(began_at, tick=False) as clock:
            user = make_user("Editor")
            client.force_login(user)
            assert client.get("/admin/").status_code == 200
            clock.shift(timedelta(days=14))
            client.force_login(user)
            for path in ["/admin/", "/admin/stories/story/add/", "/markdownx/markdownify/"]:
                assert client.get(path)["Location"] == "/account/2fa/"
            assert "set up a second factor first" in client.get("/account/2fa/").content.decode()
            assert client.post("/account/logout/").status_code == 302

    def test_ends_in_a_session_that_goes_on(self, required, db, client, settings):
        settings.SESSION_LIFETIME = settings.SESSION_IDLE = timedelta(days=60)
        settings.SESSION_COOKIE_AGE = 60 * 24 * 3600
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client.force_login(make_user("Editor"))
            assert client.get("/admin/").status_code == 200
            clock.shift(timedelta(days=14))
            assert client.get("/admin/")["Location"] == "/account/2fa/"

    def test_does_not_begin_again_with_another_session(self, required, db, client):
        user = make_user("Editor")
        client.force_login(user)
        first = user.grace_period.began_at
        client.force_login(user)
        user.refresh_from_db()
        assert user.grace_period.began_at == first

    def test_is_not_for_readers_and_not_if_nothing_is_required(self, db, client, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        settings.SECOND_FACTOR_GRACE = timedelta(0)
        client.force_login(make_user("Editor"))
        assert client.get("/admin/").status_code == 200
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(make_user())
        assert client.get("/").status_code == 200

    def test_is_over_as_soon_as_there_is_a_second_factor(
        self, required, editor, client, settings, sign_in
    ):
        settings.SECOND_FACTOR_GRACE = timedelta(0)
        sign_in()
        assert client.get("/admin/").status_code == 302
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/")
        secret = page.context["form"].secret
        assert "data:image/svg+xml" in page.content.decode()
        client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
        assert client.get("/admin/").status_code == 200
        # And the first recovery codes are shown.
        assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))

    def test_is_asked_for_again_when_the_second_factor_is_removed(
        self, required, editor, client, settings, secret, sign_in
    ):
        settings.SECOND_FACTOR_GRACE = timedelta(0)
        sign_in()
        client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
        assert client.get("/admin/").status_code == 200
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        client.post("/account/2fa/totp/deactivate/")
        assert client.get("/admin/")["Location"] == "/account/2fa/"


class ASecondFactor:
    def test_is_asked_for_after_the_password(self, editor, client, secret, sign_in):
        assert sign_in()["Location"].startswith("/account/2fa/authenticate/")
        assert not get_user(client).is_authenticated
        assert client.get("/admin/").status_code == 302
        client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
        assert get_user(client) == editor

    def test_that_is_wrong_does_not_sign_in(self, editor, client, secret, sign_in, caplog):
        sign_in()
        page = client.post("/account/2fa/authenticate/", {"code": "000000"})
        assert "Incorrect code" in page.content.decode()
        assert not get_user(client).is_authenticated
        assert "'mina' was not signed in: wrong second factor" in caplog.text

    def test_cannot_be_guessed(self, editor, client, secret, sign_in):
        sign_in()
        for number in range(12):
            page = client.post("/account/2fa/authenticate/", {"code": f"{number:06}"})
        assert "too many wrong attempts" in page.content.decode()
        page = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
        assert not get_user(client).is_authenticated

    def test_cannot_be_used_twice(self, editor, client, secret, sign_in):
        code = code_of(secret)
        sign_in()
        client.post("/account/2fa/authenticate/", {"code": code})
        client.post("/account/logout/")
        sign_in()
        client.post("/account/2fa/authenticate/", {"code": code})
        assert not get_user(client).is_authenticated

    def test_that_is_lost_is_replaced_by_a_recovery_code_once(
        self, editor, client, secret, sign_in
    ):
        codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
        code = codes.get_unused_codes()[0]
        for signs_in in (True, False):
            sign_in()
            client.post("/account/2fa/authenticate/", {"code": code})
            assert get_user(client).is_authenticated == signs_in
            client.post("/account/logout/")

    def test_is_not_readable_in_the_database(self, editor, secret, settings):
        stored = Authenticator.objects.get(type="totp").data["secret"]
        assert secret not in stored
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key of more than fifty characters, for the next year"
        assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_of(secret))

    def test_is_changed_only_by_who_has_just_typed_the_password(self, editor, client, secret):
        client.force_login(editor)
        response = client.post("/account/2fa/totp/deactivate/")
        assert "/account/reauthenticate/" in response["Location"] or "2fa" in response["Location"]
        assert Authenticator.objects.filter(type="totp").exists()
