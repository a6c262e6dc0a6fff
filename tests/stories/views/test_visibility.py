"""What is not public is shown nowhere: every public surface, in every state."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from founders.models import Founder
from stories.models import Story
from tests.factories import bring, make_founder, make_series, make_story, make_story_in
from tests.stories.commenting.test_comments import make_comment, reply_to
from tests.stories.commenting.test_guests import make_link

pytestmark = pytest.mark.django_db

STORY_STATES = [state.value for state in Story.State]
FOUNDER_STATUSES = [status.value for status in Founder.Status]
SURFACES = {
    "home": "/",
    "stories": "/stories/",
    "the story": "/stories/the-secret-loom/",
    "another story's related stories": "/stories/another-story/",
    "founders": "/founders/",
    "founders under a letter": "/founders/?letter=s",
    "founders by name": "/founders/?q=sakichi",
    "founders by last name": "/founders/?q=toyoda",
    "founders by original name": "/founders/?q=豊田",
    "the founder": "/founders/sakichi-toyoda/",
    "the lives": "/lives/",
    "the lives of a century": "/lives/?century=19",
    "the lives of a place": "/lives/?place=birthplace",
    "another founder": "/founders/somebody-else/",
    "tags": "/tags/",
    "the story's tag": "/tags/secret-tag/",
    "a tag shared with another story": "/tags/shared-tag/",
    "the story as Markdown": "/stories/the-secret-loom.md",
    "the feed": "/feed/",
    "the feed as JSON": "/feed.json",
    "the founder's feed": "/founders/sakichi-toyoda/feed/",
    "the founder's feed as JSON": "/founders/sakichi-toyoda/feed.json",
    "the tag's feed": "/tags/secret-tag/feed/",
    "the shared tag's feed": "/tags/shared-tag/feed.json",
    "the series": "/series/",
    "the story's series": "/series/shared-series/",
    "the next part of its series": "/stories/the-next-part/",
    "the next part as Markdown": "/stories/the-next-part.md",
    "the series' feed": "/series/shared-series/feed/",
    "the series' feed as JSON": "/series/shared-series/feed.json",
    "the sitemap of series": "/sitemap-series.xml",
    "the API's series": "/api/series/",
    "the API's series of the story": "/api/series/shared-series/",
    "the API's next part": "/api/stories/the-next-part/",
    "the sitemap": "/sitemap.xml",
    "the sitemap of this month": f"/sitemap-{timezone.now():%Y-%m}.xml",
    "the sitemap of last month": f"/sitemap-{timezone.now() - timedelta(days=30):%Y-%m}.xml",
    "the sitemap of next month": f"/sitemap-{timezone.now() + timedelta(days=30):%Y-%m}.xml",
    "the sitemap of founders": "/sitemap-founders.xml",
    "the sitemap of tags": "/sitemap-tags.xml",
    "the sitemap of news": "/sitemap-news.xml",
    "the file for language models": "/llms.txt",
    "a search for nothing": "/search/",
    "a search for its text": "/search/?q=loom",
    "a search for its founder": "/search/?q=sakichi+toyoda",
    "a search for its founder's company": "/search/?q=company",
    "a search for its tag": "/search/?q=secret",
    "a search for a misspelt word": "/search/?q=secrett",
    "a search for some of its words": "/search/?q=loom+qqqqqq",
    "suggestions by title": "/search/suggestions.json?q=secret+lo",
    "suggestions by founder": "/search/suggestions.json?q=saki",
    "suggestions by tag": "/search/suggestions.json?q=secret",
    "the API's stories": "/api/stories/",
    "the API's story": "/api/stories/the-secret-loom/",
    "the API's related stories": "/api/stories/another-story/",
    "the API's stories of the founder": "/api/stories/?founder=sakichi-toyoda",
    "the API's stories of the tag": "/api/stories/?tag=secret-tag",
    "the API's stories of the shared tag": "/api/stories/?tag=shared-tag",
    "the API's founders": "/api/founders/",
    "the API's founder": "/api/founders/sakichi-toyoda/",
    "the API's tags": "/api/tags/",
    "the API's tag": "/api/tags/secret-tag/",
    "the API's search for its text": "/api/search/?q=loom",
    "the API's search for its founder": "/api/search/?q=sakichi+toyoda",
    "the API's search for a misspelt word": "/api/search/?q=secrett",
}


@pytest.fixture
def publication(request):
    """A story and its founder in the states of the table, beside a public story and founder."""
    story_state, founder_status = request.param
    founder = make_founder(
        name="Sakichi Toyoda",
        slug="sakichi-toyoda",
        native_name="豊田 佐吉",
        headline="Headline of the founder",
        biography="Biography of the founder.",
        company="Company of the founder",
        birth_year=1867,
        birthplace="Birthplace of the founder",
    )
    somebody = make_founder(name="Somebody Else", slug="somebody-else")
    make_story(
        title="Another story", slug="another-story", founders=[somebody], tags=["Shared tag"]
    )
    story = make_story_in(
        story_state,
        title="The secret loom",
        slug="the-secret-loom",
        excerpt="Excerpt of the loom.",
        takeaways="Takeaway of the loom.",
        body="Body of the loom.",
        founders=[founder],
        tags=["Secret tag", "Shared tag"],
    )
    following = make_story(title="The next part", slug="the-next-part", founders=[somebody])
    make_series(story, following, title="Shared series", slug="shared-series")
    comment_on(story)
    bring(founder, founder_status)
    return story_state, founder_status


def comment_on(story):
    """Let the staff, a fact-checker and a guest comment on a story, in whatever state."""
    quote = "Body of the loom."
    reply_to(make_comment(story, quote, text="A whispered doubt"), "A whispered answer")
    make_comment(story, quote, kind="confirmed", source="A whispered source", text="")
    make_comment(story, quote, kind="disputed", text="A whispered reason")
    link = make_link(story, reader="A whispered lawyer")
    make_comment(story, quote, guest_name="A Whispering Guest", review_link=link)


def read(client, address):
    """Return the text of a response, whatever its status."""
    return client.get(address).content.decode()


OF_THE_STORY = ("The secret loom", "Excerpt of the loom", "Takeaway of", "Body of the loom")
OF_THE_PROFILE = ("Headline of", "Biography of the", "Company of the", "豊田 佐吉", "Birthplace of")
OF_THE_COMMENTS = ("whisper", "Whisper", "comment-", "thread")


@pytest.mark.parametrize(
    "publication", list(product(STORY_STATES, FOUNDER_STATUSES)), indirect=True
)
class EverySurface:
    def test_shows_only_what_is_public(self, client, publication):
        """A profile is shown while it is approved. Its name also stands beside a public story."""
        pages = {name: read(client, address) for name, address in SURFACES.items()}

        def showing(*texts):
            return [name for name, page in pages.items() if any(text in page for text in texts)]

        is_published, is_approved = publication[0] == "published", publication[1] == "approved"
        story = showing(*OF_THE_STORY, "the-secret-loom", "Secret tag")
        assert bool(story) == is_published, story
        profile = showing(*OF_THE_PROFILE, "/founders/sakichi-toyoda/")
        assert bool(profile) == is_approved, profile
        name = showing("Sakichi Toyoda")
        assert bool(name) == (is_published or is_approved), name
        assert showing(*OF_THE_COMMENTS) == []


@pytest.mark.parametrize("publication", [("published", "approved")], indirect=True)
class WhatIsPublic:
    """Without these, the table above would pass on a site that shows nothing."""

    @pytest.mark.parametrize(
        "surface",
        [
            *("/", "/stories/", "/stories/the-secret-loom/", "/stories/another-story/"),
            *("/founders/sakichi-toyoda/", "/tags/secret-tag/", "/tags/shared-tag/"),
            *("/api/stories/", "/api/stories/the-secret-loom/", "/api/stories/another-story/"),
            *("/api/stories/?founder=sakichi-toyoda", "/api/search/?q=loom"),
            *("/series/shared-series/", "/series/shared-series/feed/", "/stories/the-next-part/"),
            "/api/series/shared-series/",
        ],
    )
    def test_shows_the_story(self, client, publication, surface):
        assert "The secret loom" in read(client, surface)

    @pytest.mark.parametrize(
        "surface",
        [
            *("/", "/founders/", "/founders/?letter=S", "/founders/?q=TOYODA"),
            *("/founders/?q=豊田", "/founders/sakichi-toyoda/", "/stories/the-secret-loom/"),
            *("/api/founders/", "/api/stories/", "/api/founders/sakichi-toyoda/"),
        ],
    )
    def test_links_to_the_founder(self, client, publication, surface):
        page = read(client, surface)
        assert "/founders/sakichi-toyoda/" in page

    def test_shows_the_tag(self, client, publication):
        assert "Secret tag" in read(client, "/tags/")


class TheStatusCode:
    @pytest.mark.parametrize(
        ("state", "status"),
        [("draft", 404), ("scheduled", 404), ("published", 200), ("withdrawn", 410)],
    )
    def test_follows_the_state_of_the_story(self, client, state, status):
        make_story_in(state, slug="a-story")
        assert client.get("/stories/a-story/").status_code == status
        assert client.get("/api/stories/a-story/").status_code == status

    @pytest.mark.parametrize(
        ("founder_status", "status"),
        [("draft", 404), ("pending", 404), ("rejected", 404), ("approved", 200), ("hidden", 410)],
    )
    def test_follows_the_status_of_the_founder(self, client, founder_status, status):
        make_founder(founder_status, name="A Founder", slug="a-founder")
        assert client.get("/founders/a-founder/").status_code == status
        assert client.get("/api/founders/a-founder/").status_code == status

    def test_of_a_tag_without_a_public_story_is_404(self, client):
        make_story_in("scheduled", tags=["Hidden tag"])
        assert client.get("/tags/hidden-tag/").status_code == 404
        assert client.get("/api/tags/hidden-tag/").status_code == 404

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_of_a_series_without_a_public_story_is_404(self, client, state):
        make_series(make_story_in(state), title="Secret series", slug="secret-series")
        assert client.get("/series/secret-series/").status_code == 404
        assert client.get("/series/secret-series/feed/").status_code == 404
        assert client.get("/series/secret-series/feed.json").status_code == 404
        assert client.get("/api/series/secret-series/").status_code == 404
        pages = {name: read(client, address) for name, address in SURFACES.items()}
        assert [name for name, page in pages.items() if "ecret series" in page] == []
        assert [name for name, page in pages.items() if "secret-series" in page] == []


class AStoryAboutAHiddenFounder:
    def test_stays_and_names_them_without_a_link(self, client):
        founder = make_founder(name="Ada Byron", slug="ada-byron")
        make_story(slug="engines", founders=[founder])
        founder.hide("They asked us to.")
        page = read(client, "/stories/engines/")
        assert "<bdi>Ada Byron</bdi>" in page
        assert "/founders/ada-byron/" not in page

    def test_is_not_related_through_them(self, client):
        founder = make_founder(name="Ada Byron", slug="ada-byron")
        make_story(slug="engines", founders=[founder], tags=[])
        make_story(slug="numbers", founders=[founder], tags=[])
        assert "Also about Ada Byron" in read(client, "/stories/engines/")
        founder.hide("They asked us to.")
        assert "Also about" not in read(client, "/stories/engines/")
