import re

import pytest
from django.contrib.auth import get_user

from tests.project.accounts.conftest import PASSWORD

NEW = "another loom of long words"


def address_in(message):
    return re.search(r"http\S+/password/reset/key/\S+", message.body).group()


class ANewPassword:
    def test_is_chosen_at_an_address_that_comes_by_e_mail(
        self, editor, client, mailoutbox, settings, sign_in
    ):
        client.post("/account/password/reset/", {"email": "mina@example.org"})
        (message,) = mailoutbox
        assert message.to == ["mina@example.org"]
        assert message.subject == "How They Began: Choose a new password"
        assert address_in(message).startswith(settings.SITE_URL)
        path = address_in(message).removeprefix(settings.SITE_URL)
        page = client.get(path, follow=True)
        form = page.redirect_chain[-1][0]
        client.post(form, {"password1": NEW, "password2": NEW})
        assert sign_in(password=NEW).status_code == 302
        assert get_user(client) == editor

    def test_address_works_once(self, editor, client, mailoutbox, settings, sign_in):
        client.post("/account/password/reset/", {"email": "mina@example.org"})
        path = address_in(mailoutbox[0]).removeprefix(settings.SITE_URL)
        form = client.get(path, follow=True).redirect_chain[-1][0]
        client.post(form, {"password1": NEW, "password2": NEW})
        again = client.get(path, follow=True)
        assert "password1" not in again.content.decode()

    def test_that_is_too_simple_is_refused_with_a_sentence(
        self, editor, client, mailoutbox, settings
    ):
        client.post("/account/password/reset/", {"email": "mina@example.org"})
        path = address_in(mailoutbox[0]).removeprefix(settings.SITE_URL)
        form = client.get(path, follow=True).redirect_chain[-1][0]
        page = client.post(form, {"password1": "12345678", "password2": "12345678"})
        assert "entirely numeric" in page.content.decode()

    def test_is_answered_alike_for_an_unknown_address(self, editor, client, mailoutbox):
        known = client.post("/account/password/reset/", {"email": "mina@example.org"})
        unknown = client.post("/account/password/reset/", {"email": "nina@example.org"})
        assert known["Location"] == unknown["Location"]
        assert [message.to for message in mailoutbox] == [["mina@example.org"]]

    @pytest.mark.parametrize("host", ["evil.example", "testserver"])
    def test_address_never_comes_from_the_host_header(
        self, editor, client, mailoutbox, settings, host
    ):
        settings.ALLOWED_HOSTS = ["*"]
        client.post(
            "/account/password/reset/", {"email": "mina@example.org"}, headers={"host": host}
        )
        assert host not in mailoutbox[0].body

    def test_ends_the_other_sessions_and_is_told_by_e_mail(
        self, editor, client, mailoutbox, sign_in
    ):
        other = type(client)()
        other.force_login(editor)
        sign_in()
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post("/account/password/change/", form)
        assert get_user(client) == editor
        assert other.get("/admin/").status_code == 302
        assert "IP address: 127.0.0.1" in mailoutbox[0].body

    def test_is_changed_on_one_page_only(self, editor, client):
        client.force_login(editor)
        response = client.get("/admin/password_change/")
        assert response["Location"] == "/account/password/change/"
