"""The Markdown version of a story: public when the story is, and its old URLs redirect."""

import pytest

from tests.factories import make_founder, make_story, make_story_in, reload, revise

pytestmark = pytest.mark.django_db


class AStoryAsMarkdown:
    def test_has_the_content_of_the_page(self, client):
        ada = make_founder(name="Ada Byron")
        body = "## Prologue: A <beginning>\n\n*Text* & more."
        make_story(slug="engines", title="“Engines” & more", founders=[ada], body=body)
        answer = client.get("/stories/engines.md")
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        for text in ("# “Engines” & more", "Ada Byron", body, "- First takeaway.", "## Sources"):
            assert text in answer.text
        assert "[A page](https://example.org/), read on January 31, 2026" in answer.text

    def test_is_linked_from_the_page(self, client):
        make_story(slug="engines")
        assert 'href="/stories/engines.md"' in client.get("/stories/engines/").text

    @pytest.mark.parametrize(
        ("state", "status"),
        [("draft", 404), ("scheduled", 404), ("published", 200), ("withdrawn", 410)],
    )
    def test_has_the_status_of_its_story(self, client, state, status):
        make_story_in(state, slug="engines")
        assert client.get("/stories/engines.md").status_code == status

    def test_of_a_moved_story_redirects_in_one_hop(self, client):
        story = make_story(slug="first")
        revise(story, {"slug": "second"})
        revise(reload(story), {"slug": "third"})
        for old in ("first", "second"):
            answer = client.get(f"/stories/{old}.md")
            assert (answer.status_code, answer["Location"]) == (301, "/stories/third.md")

    def test_of_a_draft_that_moved_is_not_found(self, client):
        story = make_story_in("draft", slug="first")
        revise(story, {"slug": "second"})
        assert client.get("/stories/first.md").status_code == 404
