"""No input leads to a server error."""

import pytest

from tests.factories import make_founder, make_story

pytestmark = pytest.mark.django_db

LISTS = ["/stories/", "/founders/", "/tags/", "/tags/craft/", "/founders/ada-byron/"]
NOT_A_PAGE = ["0", "-1", "99999999999999999999", "1.5", "x", "٢", "", "1e3", "\x00", "2"]


@pytest.fixture(autouse=True)
def _publication():
    ada = make_founder(name="Ada Byron", slug="ada-byron")
    make_story(founders=[ada], tags=["Craft"])


@pytest.mark.parametrize("address", LISTS)
class APageNumber:
    @pytest.mark.parametrize("number", NOT_A_PAGE)
    def test_that_is_invalid_answers_404(self, client, address, number):
        assert client.get(address, {"page": number}).status_code == 404

    def test_one_is_the_list(self, client, address):
        assert client.get(address, {"page": "1"}).status_code == 200


class AListOfTwoPages:
    def test_links_both_pages_to_each_other(self, client):
        for _ in range(20):
            make_story()
        first = client.get("/stories/").text
        assert 'href="?page=2"' in first
        assert "Newer stories" not in first
        second = client.get("/stories/?page=2").text
        assert 'href="?page=1"' in second
        assert "Older stories" not in second
        assert client.get("/stories/?page=3").status_code == 404

    def test_keeps_other_query_parameters(self, client):
        for number in range(49):
            make_founder(name=f"Bea {number}")
        assert 'href="?q=bea&amp;page=2"' in client.get("/founders/?q=bea").text


class ASearchInTheDirectory:
    @pytest.mark.parametrize("q", ["x" * 100_000, "\x00", "'; --", "%", "_", "🚀", "\ud800"[:0]])
    def test_survives_any_input(self, client, q):
        assert client.get("/founders/", {"q": q}).status_code == 200

    def test_that_is_too_long_gets_a_message(self, client):
        assert "at most 100 characters" in client.get("/founders/", {"q": "x" * 200}).text

    @pytest.mark.parametrize("letter", ["", "AB", "1", "\x00", "<script>"])
    def test_survives_any_letter(self, client, letter):
        assert client.get("/founders/", {"letter": letter}).status_code == 200


class AnAddress:
    @pytest.mark.parametrize(
        "address",
        [
            *("/stories/none/", "/stories/%00/", "/stories/a%2fb/", "/founders/none/"),
            *("/tags/none/", f"/stories/{'x' * 5000}/", "/stories/%ff/", "/nowhere", "/media/x"),
            *("/media/../manage.py", "/media/covers/..%2f..%2fdb.sqlite3"),
        ],
    )
    def test_that_does_not_exist_answers_404_with_links(self, client, address):
        response = client.get(address)
        assert response.status_code == 404
        assert "Nothing began here" in response.text

    @pytest.mark.parametrize("address", ["/", "/stories/", "/founders/", "/tags/"])
    def test_accepts_no_post(self, client, address):
        assert client.post(address).status_code == 405


class AServerError:
    def test_is_shown_on_a_page_that_needs_no_database(self, client, monkeypatch):
        client.raise_request_exception = False
        monkeypatch.setattr("stories.views.stories.paginate", None)
        response = client.get("/stories/")
        assert response.status_code == 500
        assert "Something broke on our side" in response.text


class AResponse:
    def test_is_revalidated_each_time_and_sent_once(self, client):
        first = client.get("/stories/")
        assert first["Cache-Control"] == "no-cache"
        again = client.get("/stories/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


class AnUnknownAddress:
    def test_only_asks_whether_a_story_of_another_site_was_there(
        self, client, django_assert_max_num_queries
    ):
        client.get("/healthz")  # looks whether an update is due
        with django_assert_max_num_queries(1):
            assert client.get("/wp-login.php").status_code == 404


def test_the_default_address_of_the_icon_redirects_to_it(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/images/icon.svg")
