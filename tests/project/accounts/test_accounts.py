"""What administrators do with the accounts of the staff."""

import re
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User

from tests.factories import make_user


@pytest.fixture
def administrator(db, client):
    user = make_user(is_staff=True, is_superuser=True, username="admin")
    client.force_login(user)
    return user


def invitation(**changes):
    editor, _ = Group.objects.get_or_create(name="Editor")
    form = {"email": "ana@example.org", "username": "ana", "groups": [editor.pk]}
    return form | changes


@pytest.fixture
def send_invitation(client):
    """Return a function that sends the form of an invitation, and returns the page after it."""

    def send(**changes):
        page = client.post("/admin/auth/user/add/", invitation(**changes), follow=True)
        return page.content.decode()

    return send


def choose(client, action, *users):
    form = {"action": action, "_selected_action": [user.pk for user in users]}
    return client.post("/admin/auth/user/", form, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)  # it is sent after the commit
@pytest.mark.usefixtures("administrator")
class AnInvitation:
    def test_makes_an_account_that_chooses_its_password(
        self, client, send_invitation, mailoutbox, settings
    ):
        assert "The invitation was sent to ana@example.org." in send_invitation()
        ana = User.objects.get(username="ana")
        assert (ana.is_staff, ana.is_superuser, ana.has_usable_password()) == (True, False, False)
        assert [group.name for group in ana.groups.all()] == ["Editor"]
        (message,) = mailoutbox
        assert "Your user name is ana." in message.body
        path = re.search(r"http\S+", message.body).group().removeprefix(settings.SITE_URL)
        browser = type(client)()
        form = browser.get(path, follow=True).redirect_chain[-1][0]
        password = "a long loom of words"
        browser.post(form, {"password1": password, "password2": password})
        browser.post("/account/login/", {"login": "ana@example.org", "password": password})
        assert browser.get("/admin/").status_code == 200

    def test_needs_a_role_and_an_address(self, send_invitation, mailoutbox):
        assert send_invitation(email="", groups=[]).count("This field is required.") == 2
        assert not mailoutbox

    def test_is_refused_for_the_address_of_another_account(self, send_invitation, mailoutbox):
        other = make_user(email="ana@example.org")
        EmailAddress.objects.create(user=other, email="ana@example.org")
        page = send_invitation(email="ANA@example.org")
        assert "There is an account with this e-mail address." in page
        assert not mailoutbox

    def test_is_sent_again_to_who_has_no_password_yet(self, client, send_invitation, mailoutbox):
        send_invitation()
        page = choose(client, "invite_again", User.objects.get(username="ana"), make_user())
        assert len(mailoutbox) == 2
        assert "Not invited: 1" in page

    def test_that_cannot_be_sent_leaves_the_account_and_says_so(self, send_invitation, monkeypatch):
        def fail(*args):
            raise SMTPServerDisconnected("Connection unexpectedly closed")

        monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
        assert "the invitation could not be sent to ana@example.org" in send_invitation()
        assert User.objects.filter(username="ana").exists()


@pytest.mark.usefixtures("administrator")
class AnAdministrator:
    def test_helps_who_has_lost_the_second_factor(self, client):
        user, other = make_user("Editor"), make_user("Editor")
        for each in (user, other):
            TOTP.activate(each, generate_totp_secret())
        assert "Second factors removed: 1." in choose(client, "remove_second_factors", user)
        assert list(Authenticator.objects.values_list("user", flat=True)) == [other.pk]

    def test_ends_all_sessions_of_an_account(self, client):
        user, browser = make_user("Editor"), type(client)()
        browser.post("/account/login/", {"login": user.username, "password": "secret"})
        assert browser.get("/admin/").status_code == 200
        assert "Sessions ended: 1." in choose(client, "end_sessions", user)
        assert browser.get("/admin/").status_code == 302

    def test_takes_a_former_address_out_of_use(self, client, mailoutbox):
        user = make_user("Editor", username="ana", email="old@example.org")
        EmailAddress.objects.create(user=user, email="old@example.org", verified=True)
        form = {"username": "ana", "email": "new@example.org", "is_active": "on", "is_staff": "on"}
        form |= {"date_joined_0": "2026-01-01", "date_joined_1": "09:00"}
        assert client.post(f"/admin/auth/user/{user.pk}/change/", form).status_code == 302
        client.post("/account/logout/")
        client.post("/account/password/reset/", {"email": "old@example.org"})
        assert not mailoutbox

    @pytest.mark.parametrize(
        "path",
        ["mfa/authenticator/", "account/emailaddress/", "usersessions/usersession/"],
    )
    def test_has_one_place_for_accounts(self, client, path):
        assert client.get(f"/admin/{path}").status_code == 404


class Nobody:
    @pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
    @pytest.mark.parametrize("path", ["", "add/", "1/change/", "1/password/"])
    def test_without_the_right_sees_an_account(self, client, db, role, path):
        client.force_login(make_user(role))
        assert client.get(f"/admin/auth/user/{path}").status_code in (302, 403)
        assert client.post(f"/admin/auth/user/{path}", {}).status_code in (302, 403)
