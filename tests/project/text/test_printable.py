import pytest

from stories.models import Story
from stories.writing.forms import StoryForm
from stories_project.text.printable import printable_text
from tests.factories import make_founder, save, story_values


class AText:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("A bell\x07 rings", "A bell rings"),
            ("One line\x0band another", "One line\nand another"),
            ("Tab\tand\r\nline ends 🪡 stay", "Tab\tand\r\nline ends 🪡 stay"),
            ("a\x00b", "a\x00b"),
        ],
    )
    def test_loses_what_nobody_sees(self, typed, kept):
        assert printable_text(typed) == kept


@pytest.mark.django_db
class AStoryPastedFromAWordProcessor:
    def test_breaks_no_feed(self, client):
        texts = {
            "title": "A bell\x07",
            "body": "One\x0cTwo",
            "takeaways": "A\x1f.",
            "tags": ["B\x08ells"],
        }
        save(StoryForm(story_values(slug="bell", founders=[make_founder()], **texts)))
        assert Story.objects.get().title == "A bell"
        for address in ("/feed/", "/feed.json", "/stories/bell/"):
            page = client.get(address)
            assert page.status_code == 200
            assert "A bell" in page.text
