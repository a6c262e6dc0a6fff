"""The page on privacy and the imprint: what administrators write, and what the software knows."""

from html import unescape

import pytest
from django.db import transaction

from stories_project.env import NetworkAddress
from stories_project.publication.current import save
from stories_project.publication.values import Publication
from tests.factories import make_story, make_user

pytestmark = pytest.mark.django_db
FORM = "/admin/stories/story/publication/"


@pytest.fixture(autouse=True)
def _told_at_once(monkeypatch):
    """The transaction of a test never commits, so this process is told before."""
    monkeypatch.setattr(transaction, "on_commit", lambda tell: tell())


@pytest.fixture
def administrator(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def post(administrator, **changes):
    values = Publication(time_zone="UTC").as_values() | changes
    return administrator.post(FORM, {**values, "based_on": 0})


class ThePageOnPrivacy:
    def test_says_what_the_software_keeps_before_anybody_has_written(self, client, settings):
        settings.AUDIT_LOG_KEPT = settings.SENDERS_KEPT * 3
        page = client.get("/privacy/").text
        for fact in ("sets no cookie", "30 days after the answer", "for 90 days, to find out"):
            assert fact in page
        assert 'href="mailto:' not in page

    def test_begins_with_what_the_operator_has_written(self, administrator, client):
        answer = post(
            administrator, privacy="## Who\r\n\r\n**Ada** Ltd.", contact="ada@example.org"
        )
        assert answer.status_code == 302
        page = client.get("/privacy/").text
        assert page.index("<strong>Ada</strong> Ltd.") < page.index("While you read")
        assert '<a href="mailto:ada@example.org">ada@example.org</a>' in page

    def test_says_that_a_network_stands_before_the_site(self, client, settings):
        assert "Pages come to you through" not in client.get("/privacy/").text
        settings.NETWORK = NetworkAddress("varnish", api="http://127.0.0.1:6081")
        assert "Pages come to you through Varnish" in client.get("/privacy/").text

    def test_sets_no_cookie_as_it_says(self, client):
        make_story(slug="loom")
        for path in ("/", "/stories/loom/", "/privacy/", "/about/", "/search/?q=loom"):
            assert not client.get(path).cookies
        assert set(client.get("/suggest/").cookies) == {"csrftoken"}

    def test_is_linked_on_every_page(self, client):
        assert '<a href="/privacy/">Privacy</a>' in client.get("/").text
        assert '<a href="/privacy/">Privacy</a> says' in client.get("/about/").text


class TheImprint:
    def test_is_no_page_until_somebody_has_written_it(self, client):
        assert client.get("/imprint/").status_code == 404
        assert "/imprint/" not in client.get("/").text
        assert "/imprint/" not in client.get("/sitemap-pages.xml").text

    def test_is_linked_and_shown_once_it_is_written(self, client):
        save(Publication(imprint="Ada Ltd., *London*"))
        assert '<a href="/imprint/">Imprint</a>' in client.get("/").text
        assert "Ada Ltd., <em>London</em>" in client.get("/imprint/").text
        assert "/imprint/</loc>" in client.get("/sitemap-pages.xml").text

    def test_is_missed_on_the_front_page_of_the_desk(self, administrator):
        assert "It has not yet: an imprint, a contact." in administrator.get("/admin/").text
        save(Publication(imprint="Ada", contact="https://example.org/contact"))
        assert "It has not yet" not in administrator.get("/admin/").text


class AContact:
    @pytest.mark.parametrize("contact", ["ada", "ada@", "javascript://x", "ftp://example.org/"])
    def test_that_leads_nowhere_is_refused(self, administrator, contact):
        answer = post(administrator, contact=contact, imprint="Kept")
        assert answer.status_code == 200
        assert "Kept" in unescape(answer.text)

    @pytest.mark.parametrize("contact", ["ada@example.org", "https://example.org/contact", ""])
    def test_is_an_e_mail_address_or_a_web_address(self, administrator, contact):
        assert post(administrator, contact=contact).status_code == 302
