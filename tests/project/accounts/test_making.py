"""Accounts that are made on the command line."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from stories_project.audit.models import AuditEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a long password of mine"


def choose_password(client, told):
    """Open the printed address, and choose a password there."""
    address = re.search(r"https?://\S+?(/account/\S+)", told)[1]
    form = client.get(address, follow=True)
    page = client.post(
        form.redirect_chain[-1][0] if form.redirect_chain else address,
        {"password1": PASSWORD, "password2": PASSWORD},
        follow=True,
    )
    assert page.status_code == 200


class TheSetup:
    def test_makes_an_administrator_who_chooses_a_password(self, client, capsys):
        call_command("setup", email="ada@example.com")
        told = capsys.readouterr().out
        user = User.objects.get()
        assert (user.username, user.is_superuser, user.is_staff) == ("ada", True, True)
        assert not user.has_usable_password()
        choose_password(client, told)
        client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
        assert client.get("/admin/auth/user/").status_code == 200
        assert "command line added ada" in map(str, AuditEntry.objects.all())

    def test_prints_an_address_that_works_once(self, client, capsys):
        call_command("setup", email="ada@example.com")
        told = capsys.readouterr().out
        choose_password(client, told)
        address = re.search(r"https?://\S+?(/account/\S+)", told)[1]
        assert "This link works no more" in client.get(address, follow=True).text

    def test_changes_nothing_where_there_is_an_administrator(self, capsys):
        User.objects.create_superuser("mo", "mo@example.com", "secret")
        call_command("setup", email="ada@example.com")
        assert "mo is an administrator already." in capsys.readouterr().out
        assert User.objects.count() == 1

    def test_asks_for_the_address(self, monkeypatch):
        with pytest.raises(CommandError, match="Say who: --email"):
            call_command("setup")
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", lambda question: " ada@example.com ")
        call_command("setup", username="countess")
        assert User.objects.get().username == "countess"

    @pytest.mark.parametrize("email", ["nobody", "a@b", " @example.com"])
    def test_says_what_is_wrong_with_an_address(self, email):
        with pytest.raises(CommandError):
            call_command("setup", email=email)
        assert not User.objects.exists()


class AnEditorFromTheCommandLine:
    @pytest.mark.parametrize("role", ["Editor", "Writer", "Moderator"])
    def test_has_a_role_and_chooses_a_password(self, client, capsys, role):
        call_command("create_editor", "mina@example.com", role=role)
        choose_password(client, capsys.readouterr().out)
        client.post("/account/login/", {"login": "mina", "password": PASSWORD})
        user = User.objects.get()
        assert [group.name for group in user.groups.all()] == [role]
        assert not user.is_superuser
        assert client.get("/admin/").status_code == 200

    def test_needs_a_known_role_and_a_free_address(self):
        make_user("Editor", username="mo", email="mo@example.com")
        with pytest.raises(CommandError, match="Roles: Editor, Moderator, Writer"):
            call_command("create_editor", "ada@example.com", role="King")
        with pytest.raises(CommandError, match="There is an account with this e-mail address"):
            call_command("create_editor", "MO@example.com")
        with pytest.raises(CommandError, match="already exists"):
            call_command("create_editor", "mo@example.org")
        assert User.objects.count() == 1
