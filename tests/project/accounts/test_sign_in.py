import logging

import pytest
from django.contrib.auth import get_user

from tests.factories import make_user

WRONG = "The name or the password is wrong."


def is_signed_in(client):
    return get_user(client).is_authenticated


class ASignIn:
    @pytest.mark.parametrize("name", ["mina", "mina@example.org", "MINA@example.org "])
    def test_takes_the_user_name_or_the_e_mail_address(self, editor, client, sign_in, name):
        response = sign_in(name)
        assert response.status_code == 302
        assert response["Location"] == "/admin/"
        assert is_signed_in(client)

    def test_leads_on_to_the_page_that_was_asked_for(self, editor, client, sign_in):
        asked = "/admin/stories/story/?q=loom"
        response = client.get(asked)
        assert response["Location"] == "/admin/login/?next=/admin/stories/story/%3Fq%3Dloom"
        page = client.get(response["Location"], follow=True)
        assert page.redirect_chain[-1][0].startswith("/account/login/?next=")
        assert sign_in(next=asked)["Location"] == asked

    @pytest.mark.parametrize(
        "address", ["https://evil.example/", "//evil.example/", "javascript:1"]
    )
    def test_never_leads_to_another_site(self, editor, sign_in, address):
        assert sign_in(next=address)["Location"] == "/admin/"

    def test_with_a_wrong_password_says_so_and_keeps_the_name(self, editor, client, sign_in):
        page = sign_in(password="wrong").content.decode()
        assert WRONG in page
        assert 'value="mina"' in page
        assert not is_signed_in(client)

    def test_tells_nobody_whether_there_is_an_account(self, editor, sign_in):
        known = sign_in("mina", "wrong").context["form"].non_field_errors()
        unknown = sign_in("nina", "wrong").context["form"].non_field_errors()
        assert known == unknown

    def test_of_an_inactive_account_is_refused(self, editor, client, sign_in):
        editor.is_active = False
        editor.save()
        sign_in()
        assert not is_signed_in(client)

    def test_without_rights_does_not_open_the_desk(self, db, client):
        client.force_login(make_user())
        assert client.get("/admin/login/").status_code == 403
        assert client.get("/admin/", follow=True).status_code == 403

    def test_starts_another_session(self, editor, client, sign_in):
        client.get("/account/login/")
        client.session["planted"] = "by somebody else"
        before = client.session.session_key
        sign_in()
        assert client.session.session_key != before


class AGuess:
    def test_is_not_even_tried_after_five_wrong_ones(self, editor, client, sign_in, monkeypatch):
        for _ in range(5):
            sign_in(password="wrong")
        monkeypatch.setattr("django.contrib.auth.authenticate", pytest.fail)
        monkeypatch.setattr("allauth.account.adapter.authenticate", pytest.fail)
        page = sign_in().content.decode()
        assert "too many wrong attempts" in page
        assert not is_signed_in(client)

    def test_at_one_account_does_not_close_the_others(self, editor, client, sign_in):
        for _ in range(5):
            sign_in("nina", "wrong")
        sign_in("mina")
        assert is_signed_in(client)

    def test_at_many_accounts_from_one_address_is_stopped(self, editor, client, sign_in):
        answers = [sign_in(f"user-{number}", "wrong") for number in range(12)]
        assert "too many wrong attempts" in answers[-1].content.decode()
        sign_in("mina")
        assert not is_signed_in(client)

    def test_counts_by_the_address_that_the_proxy_names(self, editor, client, settings):
        settings.CLIENT_ADDRESS_VARIABLE = "HTTP_X_REAL_IP"
        for number in range(12):
            form = {"login": f"user-{number}", "password": "wrong"}
            client.post("/account/login/", form, headers={"x-real-ip": "2001:db8::1"})
        form = {"login": "nina", "password": "wrong"}
        same = client.post("/account/login/", form, headers={"x-real-ip": "2001:db8::2"})
        other = client.post("/account/login/", form, headers={"x-real-ip": "2001:db8:0:1::1"})
        assert "too many wrong attempts" in same.content.decode()
        assert "too many wrong attempts" not in other.content.decode()


class ASignUp:
    def test_is_not_possible(self, db, client, django_user_model):
        form = {"username": "eve", "email": "eve@example.org", "password1": "a long loom of words"}
        page = client.post("/account/signup/", form).content.decode()
        assert "Accounts are for the staff" in page
        assert not django_user_model.objects.exists()


class TheLog:
    def test_names_who_signed_in_and_out(self, editor, client, sign_in, caplog):
        caplog.set_level(logging.INFO)
        sign_in()
        client.post("/account/logout/")
        assert "'mina' signed in" in caplog.text
        assert "'mina' signed out" in caplog.text

    def test_names_a_refusal_in_one_short_line(self, editor, sign_in, caplog):
        sign_in("x\nERROR forged" + "x" * 100, "wrong")
        (line,) = [record.getMessage() for record in caplog.records if "was not" in record.message]
        assert "\n" not in line
        assert len(line) < 150
        assert "wrong" not in line.replace("wrong password", "")
