"""A story on other sites: oEmbed, and the card in a frame."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from tests.factories import make_founder, make_story, make_story_in, revise
from tests.pictures import make_picture

pytestmark = pytest.mark.django_db
STORY = "http://127.0.0.1:8000/stories/loom/"
EVERYBODY = "frame-ancestors *"


@pytest.fixture
def story():
    ada = make_founder(name="Ada Byron", slug="ada")
    return make_story(slug="loom", title='"Looms" <& more>', founders=[ada])


def ask(client, url=STORY, **values):
    return client.get("/oembed", {"url": url, **values})


class AnOembedAnswer:
    def test_has_what_the_specification_requires(self, client, story):
        answer = ask(client)
        assert answer["Content-Type"] == "application/json"
        assert answer["Access-Control-Allow-Origin"] == "*"
        data = answer.json()
        assert (data["version"], data["type"]) == ("1.0", "rich")
        assert (data["title"], data["provider_name"]) == ('"Looms" <& more>', "How They Began")
        assert (data["width"], data["height"]) == (600, 240)
        assert f'src="{STORY}card/"' in data["html"]
        assert 'title="&quot;Looms&quot; &lt;&amp; more&gt;"' in data["html"]
        assert 'width="600" height="240"' in data["html"]

    def test_has_the_same_as_xml(self, client, story):
        answer = ask(client, format="xml")
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        root = ElementTree.fromstring(answer.content)  # noqa: S314
        assert root.tag == "oembed"
        assert {row.tag: row.text for row in root} == {
            name: str(value) for name, value in ask(client).json().items()
        }

    @pytest.mark.parametrize(
        ("limits", "size"),
        [
            ({"maxwidth": "320"}, (320, 440)),
            ({"maxwidth": "500", "maxheight": "100"}, (500, 100)),
            ({"maxwidth": "99999"}, (600, 240)),
            ({"maxwidth": "", "maxheight": ""}, (600, 240)),
        ],
    )
    def test_fits_the_limits(self, client, story, limits, size):
        data = ask(client, **limits).json()
        assert (data["width"], data["height"]) == size
        assert f'width="{size[0]}" height="{size[1]}"' in data["html"]

    def test_has_the_cover_if_it_is_a_picture(self, client, story):
        assert "thumbnail_url" not in ask(client).json()
        revise(
            story, {"cover": make_picture("covers", size=(800, 400)).name, "cover_alt": "A loom"}
        )
        data = ask(client).json()
        assert data["thumbnail_url"].startswith("http://127.0.0.1:8000/media/renditions/covers/")
        assert data["thumbnail_width"] == 2 * data["thumbnail_height"] <= 600

    def test_knows_where_a_story_stood_before(self, client, story):
        revise(story, {"slug": "power-loom"})
        assert "/stories/power-loom/card/" in ask(client).json()["html"]


class AnAddress:
    @pytest.mark.parametrize(
        "url",
        [
            *("", "x", "http://[x]/", "/stories/loom/", "http://127.0.0.1:8000/", "\0"),
            *("http://127.0.0.1:8000/stories/no/", "https://example.org/stories/loom/"),
            *(
                "http://127.0.0.1:8000/founders/ada/",
                f"{STORY}card/",
                "javascript://x/stories/loom/",
            ),
            *(f"http://127.0.0.1:8000/stories/{'x' * 5000}/", f"{STORY}%00"),
        ],
    )
    def test_without_a_story_is_not_found(self, client, story, url):
        answer = ask(client, url)
        assert answer.status_code == 404
        assert "no published story" in answer.json()["error"]

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_of_a_story_that_nobody_sees_is_not_found(self, client, state):
        make_story_in(state, slug="loom")
        assert ask(client).status_code == 404
        assert client.get("/stories/loom/card/").status_code == (
            410 if state == "withdrawn" else 404
        )

    @pytest.mark.parametrize("url", [f"{STORY}?from=x#page", STORY.replace("http:", "https:")])
    def test_may_have_a_query_and_either_scheme(self, client, story, url):
        assert ask(client, url).status_code == 200

    def test_in_any_script_is_found_as_a_link_writes_it(self, client):
        make_story(slug="豊田")
        assert ask(client, "http://127.0.0.1:8000/stories/%E8%B1%8A%E7%94%B0/").status_code == 200


class AnUnknownFormat:
    def test_is_not_implemented(self, client, story):
        answer = ask(client, format="yaml")
        assert (answer.status_code, answer["Content-Type"]) == (501, "application/json")

    @pytest.mark.parametrize("width", ["x", "-1", "0", "1.5", "9" * 40, "²"])
    def test_like_a_size_that_is_no_number_is_a_clear_error(self, client, story, width):
        answer = ask(client, maxwidth=width)
        assert (answer.status_code, "numbers of pixels" in answer.json()["error"]) == (400, True)


class ACardInAFrame:
    def test_may_be_framed_and_is_in_no_search(self, client, story):
        card = client.get("/stories/loom/card/")
        assert EVERYBODY in card["Content-Security-Policy"]
        assert "X-Frame-Options" not in card
        assert card["X-Robots-Tag"] == "noindex"
        assert 'href="http://127.0.0.1:8000/stories/loom/" target="_top"' in card.text
        for shown in ("&quot;Looms&quot; &lt;&amp; more&gt;", "Ada Byron", "1 min read"):
            assert shown in card.text.replace("“", "&quot;").replace("”", "&quot;")

    def test_is_the_only_page_that_may(self, client, story):
        make_story_in("withdrawn", slug="gone")
        for path in ("/", "/stories/loom/", "/stories/gone/card/", "/stories/no/card/", "/oembed"):
            answer = client.get(path)
            assert answer["X-Frame-Options"] == "DENY", path
            assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path

    def test_names_a_hidden_founder_without_a_link(self, client, story):
        story.founders[0].hide("They asked us to.")
        card = client.get("/stories/loom/card/").text
        assert "Ada Byron" in card
        assert "/founders/" not in card


class AStoryPage:
    def test_offers_its_card_to_other_sites(self, client, story):
        page = client.get("/stories/loom/").text
        [address] = re.findall(r'type="application/json\+oembed" href="([^"]*)"', page)
        path = unescape(address).removeprefix("http://127.0.0.1:8000")
        html = client.get(path).json()["html"]
        [field] = re.findall(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
        assert unescape(field) == html

    def test_offers_nothing_while_it_is_a_draft(self, client):
        from stories.reading.story_page import preview_of
        from tests.factories import make_user

        draft = make_story_in("draft", slug="loom")
        assert "frame" not in preview_of(draft.newest_content, draft.pk)
        client.force_login(make_user("Editor"))
        page = client.get(f"/admin/stories/story/{draft.pk}/preview/").text
        assert "oembed" not in page
        assert "<iframe" not in page
