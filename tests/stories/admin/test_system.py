"""The page "System" and the front page of the desk tell administrators what is not well."""

import pytest
from django.core import mail

from stories import health
from stories_project.audit.backups import record_backup
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/stories/story/system/"


@pytest.fixture
def administrator(client):
    client.user = make_user(is_staff=True, is_superuser=True, email="ada@example.org")
    client.force_login(client.user)
    return client


class TheSystem:
    def test_shows_versions_and_checks(self, administrator):
        page = administrator.get(ADDRESS).text
        for text in ("Release", "Python and Django", "Database", "Disk", "E-mail", "Last backup"):
            assert text in page
        assert "Run manage.py backup each night" in page

    def test_says_first_what_to_do(self, administrator, monkeypatch):
        record_backup()
        monkeypatch.setitem(health.CHECKS, "clock", lambda: False)
        page = administrator.get(ADDRESS).text
        assert page.index("Run NTP") < page.index("Python and Django")
        assert "Run manage.py backup" not in page
        assert "Run NTP" in administrator.get("/admin/").text

    def test_sends_a_test_email_and_says_what_the_mail_server_answers(
        self, administrator, monkeypatch, settings
    ):
        settings.DIRECT_EMAIL_BACKEND = settings.EMAIL_BACKEND
        page = administrator.post(f"{ADDRESS}test-email/", follow=True).text
        assert "Sent to ada@example.org." in page
        assert mail.outbox[-1].to == ["ada@example.org"]

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError(111, "Connection refused")

        monkeypatch.setattr("stories.admin.system.send_mail", refuse)
        page = administrator.post(f"{ADDRESS}test-email/", follow=True).text
        assert "Not sent. The mail server says: [Errno 111] Connection refused" in page
        administrator.user.email = ""
        administrator.user.save()
        page = administrator.post(f"{ADDRESS}test-email/", follow=True).text
        assert "Your account has no e-mail address." in page

    def test_is_for_administrators(self, client):
        for role in ("Editor", "Moderator", "Writer"):
            client.force_login(make_user(role, username=role))
            assert client.get(ADDRESS).status_code == 403
            assert client.post(f"{ADDRESS}test-email/").status_code == 403
            assert "system/" not in client.get("/admin/").text
