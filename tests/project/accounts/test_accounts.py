"""What administrators do with the accounts of the staff."""

import re
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user, reload


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
        page = send_invitation(email="", groups=[])
        assert "This field is required." in page
        assert "Choose at least one role, or make them administrator." in page
        assert not mailoutbox

    def test_makes_an_administrator_without_any_role(self, send_invitation, mailoutbox):
        send_invitation(groups=[], is_superuser="on")
        ana = User.objects.get(username="ana")
        assert (ana.is_superuser, ana.groups.count(), len(mailoutbox)) == (True, 0, 1)

    def test_leads_back_to_the_list_where_they_wait(self, send_invitation):
        page = send_invitation(first_name="Ana", last_name="Lopes")
        assert "Ana Lopes, ana</a>" in page
        assert "Invited, has not chosen a password yet" in page

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


@pytest.mark.usefixtures("administrator")
class AnAccount:
    def test_shows_roles_in_words_and_single_permissions_behind_more(self, client):
        user = make_user("Writer", username="ana")
        page = client.get(f"/admin/auth/user/{user.pk}/change/").text
        assert "Writer: Write stories, write profiles of founders" in page
        assert "Editor: Write stories, review, publish and withdraw stories" in page
        more = page.partition("<details>")[2]
        assert 'name="user_permissions"' in more
        assert 'name="groups"' not in more
        assert "pbkdf2" not in page

    def test_says_what_it_signs_in_with(self, client):
        user = make_user("Writer")
        TOTP.activate(user, generate_totp_secret())
        page = client.get(f"/admin/auth/user/{user.pk}/change/").text
        assert "A password, an app that shows codes" in page

    def test_gets_another_password_and_no_way_to_lose_it(self, client):
        user = make_user("Writer")
        address = f"/admin/auth/user/{user.pk}/password/"
        assert "usable_password" not in client.get(address).text
        new = {"password1": "a long loom of words", "password2": "a long loom of words"}
        assert client.post(address, new).status_code == 302
        assert reload(user).check_password("a long loom of words")
        page = client.post(address, {"password1": "short", "password2": "other"}).text
        assert 'id="problems"' in page

    def test_costs_the_list_the_same_with_two_and_with_twenty(self, client):
        costs = []
        for count in (2, 18):
            for _ in range(count):
                make_user("Writer")
            client.get("/admin/auth/user/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/admin/auth/user/")
            costs.append(len(queries))
        assert costs[0] == costs[1]


@pytest.mark.usefixtures("administrator")
class ARole:
    def test_says_in_the_list_what_it_may_do(self, client):
        page = client.get("/admin/auth/group/").text
        assert "approve, reject and hide profiles" in page
        Group.objects.create(name="Guest")
        assert "Nothing of what has a name here" in client.get("/admin/auth/group/").text


class Nobody:
    @pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
    @pytest.mark.parametrize("path", ["", "add/", "1/change/", "1/password/"])
    def test_without_the_right_sees_an_account(self, client, db, role, path):
        client.force_login(make_user(role))
        assert client.get(f"/admin/auth/user/{path}").status_code in (302, 403)
        assert client.post(f"/admin/auth/user/{path}", {}).status_code in (302, 403)
