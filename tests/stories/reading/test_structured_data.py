"""Structured data of a page: JSON-LD, and the OpenGraph card of a shared link."""

import json
import re
from datetime import UTC, datetime

import pytest

from stories.models import Suggestion
from stories_project.pictures.renditions import make_renditions
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, picture, reload, rework

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph(client, address):
    [block] = BLOCK.findall(client.get(address).text)
    data = json.loads(block)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def correct(**values):
    """Store an accepted correction with a note for readers."""
    at = datetime(2026, 5, 4, tzinfo=UTC)
    Suggestion.objects.create(kind="story", status="accepted", decided_at=at, **values)


@pytest.fixture
def story():
    ada = make_founder(
        name="Ada Byron",
        slug="ada-byron",
        native_name="عدا",
        headline="Wrote for engines",
        birth_year=1815,
        links="https://example.org/ada",
    )
    hidden = make_founder("hidden", name="Hidden Person", headline="Secret", slug="hidden")
    return make_story(
        title="</script><b>Engines & “more”", slug="engines", founders=[ada, hidden], tags=["Craft"]
    )


class AStoryPage:
    def test_is_a_news_article_about_its_founders(self, client, story):
        article = graph(client, "/stories/engines/")["NewsArticle"]
        assert article["headline"] == story.title
        assert article["datePublished"] == story.publish_at.isoformat()
        assert article["publisher"]["name"] == "How They Began"
        ada, hidden = article["about"]
        assert ada["url"] == "http://127.0.0.1:8000/founders/ada-byron/"
        assert ada["sameAs"] == ["https://example.org/ada"]
        assert hidden == {"@type": "Person", "name": "Hidden Person"}

    def test_has_what_was_corrected_and_when(self, client, story):
        assert "correction" not in graph(client, "/stories/engines/")["NewsArticle"]
        correct(story=story, public_note="It was <1843>.")
        Suggestion.objects.create(kind="story", name="Waits", story=story, public_note="Not yet")
        assert graph(client, "/stories/engines/")["NewsArticle"]["correction"] == [
            {"@type": "CorrectionComment", "text": "It was <1843>.", "datePublished": "2026-05-04"}
        ]

    def test_has_breadcrumbs(self, client, story):
        steps = graph(client, "/stories/engines/")["BreadcrumbList"]["itemListElement"]
        assert [step["position"] for step in steps] == [1, 2, 3]
        assert steps[-1]["item"] == "http://127.0.0.1:8000/stories/engines/"

    def test_cannot_close_the_script_block(self, client, story):
        assert "</script><b>" not in client.get("/stories/engines/").text

    def test_does_not_show_unpublished_changes(self, client, story):
        before = graph(client, "/stories/engines/")
        rework(reload(story), {"title": "Secret"})
        assert graph(client, "/stories/engines/") == before

    def test_has_a_card_for_sharing(self, client, story):
        page = client.get("/stories/engines/").text
        assert '<meta property="og:type" content="article">' in page
        assert 'content="&lt;/script&gt;&lt;b&gt;Engines &amp; “more”"' in page
        assert '<meta property="og:url" content="http://127.0.0.1:8000/stories/engines/">' in page
        assert '<meta name="twitter:card" content="summary_large_image">' in page
        [picture] = re.findall(r'<meta property="og:image" content="([^"]*)">', page)
        assert client.get(picture.removeprefix("http://127.0.0.1:8000")).status_code == 200

    def test_has_no_data_in_a_preview(self, client, story):
        from tests.factories import make_user

        client.force_login(make_user("Editor"))
        page = client.get(f"/admin/stories/story/{story.pk}/preview/").text
        assert "ld+json" not in page


class AFounderPage:
    def test_is_the_profile_of_a_person(self, client, story):
        person = graph(client, "/founders/ada-byron/")["ProfilePage"]["mainEntity"]
        assert person["alternateName"] == "عدا"
        assert person["birthDate"] == "1815"
        assert "deathDate" not in person

    def test_has_years_in_the_form_that_machines_read(self, client):
        make_founder(name="Crassus", slug="crassus", birth_year=-115, death_year=-53)
        make_founder(name="Alcuin", slug="alcuin", death_year=804)
        crassus = graph(client, "/founders/crassus/")["ProfilePage"]["mainEntity"]
        assert (crassus["birthDate"], crassus["deathDate"]) == ("-0115", "-0053")
        assert (
            graph(client, "/founders/alcuin/")["ProfilePage"]["mainEntity"]["deathDate"] == "0804"
        )

    def test_has_the_portrait_and_what_was_corrected(self, client, story):
        ada = story.founders[0]
        assert "image" not in graph(client, "/founders/ada-byron/")["ProfilePage"]["mainEntity"]
        ada.portrait, ada.portrait_alt = store_image(picture(), "portraits"), "Ada"
        make_renditions(ada.portrait.name)
        ada.save()
        correct(founder=ada, public_note="Born in London.")
        page = graph(client, "/founders/ada-byron/")["ProfilePage"]
        image = page["mainEntity"]["image"]["url"]
        assert image.startswith("http://127.0.0.1:8000/media/renditions/portraits/")
        [note] = page["correction"]
        assert (note["text"], note["datePublished"]) == ("Born in London.", "2026-05-04")

    def test_of_a_hidden_one_says_nothing_to_machines(self, client, story):
        answer = client.get("/founders/hidden/")
        assert answer.status_code == 410
        assert "ld+json" not in answer.text
