"""The URLs that the Markdown editor requests are for writers only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_user, picture

pytestmark = pytest.mark.django_db

PREVIEW, UPLOAD = "/markdownx/markdownify/", "/markdownx/upload/"
FROM_HTML = "/markdownx/from-html/"


@pytest.fixture
def writer(client):
    client.force_login(make_user("Writer"))
    return client


@pytest.mark.parametrize("address", [PREVIEW, UPLOAD, FROM_HTML])
class AUrlOfTheMarkdownEditor:
    def test_refuses_a_stranger(self, client, address):
        assert client.post(address, {"content": "x", "image": picture()}).status_code == 403

    def test_refuses_an_account_without_a_role(self, client, address):
        client.force_login(make_user())
        assert client.post(address, {"content": "x", "image": picture()}).status_code == 403

    def test_refuses_staff_who_may_not_write(self, client, address):
        user = make_user()
        user.is_staff = True
        user.save()
        client.force_login(user)
        assert client.post(address, {"content": "x"}).status_code == 403

    def test_refuses_get_requests(self, writer, address):
        assert writer.get(address).status_code == 405

    def test_refuses_a_form_from_another_site(self, client, address):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.force_login(make_user("Writer"))
        assert strict.post(address, {"content": "x"}).status_code == 403


class ThePreview:
    def test_is_the_html_of_the_page(self, writer):
        assert writer.post(PREVIEW, {"content": "*a*"}).text == "<p><em>a</em></p>\n"

    @pytest.mark.parametrize("data", [{}, {"content": ""}, {"content": "\x00"}])
    def test_survives_any_text(self, writer, data):
        assert writer.post(PREVIEW, data).status_code == 200

    def test_of_a_text_that_is_too_long_is_refused(self, writer):
        assert writer.post(PREVIEW, {"content": "x" * 1_000_001}).status_code == 413


class APastedText:
    def test_becomes_markdown(self, writer):
        sent = {"html": "<h1>One</h1><p><b>Two</b><img src=x></p>"}
        answer = writer.post(FROM_HTML, sent).json()
        assert answer == {"markdown": "## One\n\n**Two**", "pictures_left_out": 1}

    @pytest.mark.parametrize(
        ("html", "status"), [("x" * 1_000_001, 413), ("<blockquote>" * 20_000 + "x", 400)]
    )
    def test_that_cannot_be_converted_is_refused_with_a_sentence(self, writer, html, status):
        answer = writer.post(FROM_HTML, {"html": html})
        assert answer.status_code == status
        assert answer.json()["error"].startswith("This")


class AnUpload:
    def test_answers_with_markdown_that_asks_for_a_description(self, writer):
        answer = writer.post(UPLOAD, {"image": picture()})
        assert answer.json()["image_code"].startswith("![describe this image](/media/images/")

    def test_without_a_file_is_refused(self, writer):
        answer = writer.post(UPLOAD)
        assert (answer.status_code, answer.json()) == (400, {"error": "No picture was sent."})

    def test_of_html_declared_as_a_gif_is_refused(self, writer):
        upload = SimpleUploadedFile("x.gif", b"<html>", content_type="image/gif")
        answer = writer.post(UPLOAD, {"image": upload})
        assert answer.status_code == 400
        assert "not a picture" in answer.json()["error"]
