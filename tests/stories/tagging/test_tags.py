"""Tags: one tag for all spellings of a name, and a readable slug for each."""

import pytest

from stories.models import Tag
from tests.factories import make_story, make_story_in, make_tag, make_user

pytestmark = pytest.mark.django_db


class ATagName:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("Start-ups", "start ups"),
            ("Start-ups", "STARTUPS"),
            ("Café", "cafe"),
            ("R&D", "R and D"),
            ("Zürich", "ZU\u0308RICH"),
        ],
    )
    def test_in_another_spelling_is_the_existing_tag(self, first, second):
        tag = make_tag(first)
        make_story(tags=[second])
        assert list(Tag.objects.all()) == [tag]

    def test_that_differs_is_another_tag(self):
        names = ["C", "C++", "C#", "F#", ".NET", "Net", "が", "か", "🚀", "✨"]
        assert len(set(Tag.objects.named(names))) == len(names)

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("C", "c"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            (".NET", "dot-net"),
            ("R&D", "r-and-d"),
            ("Électricité", "electricite"),
            ("何小鹏", "何小鹏"),
            ("🚀", "rocket"),
            ("!!!", "exclamation-mark-exclamation-mark-exclamation-mark"),
            ("\u200b", "zero-width-space"),
        ],
    )
    def test_has_a_readable_slug(self, name, slug, client):
        tag = make_tag(name)
        assert tag.slug == slug
        make_story(tags=[name])
        assert client.get(tag.get_absolute_url()).status_code == 200

    def test_of_many_emoji_is_always_the_same_tag(self):
        assert make_tag("💥" * 50) == make_tag("💥" * 50)

    def test_with_a_taken_slug_gets_a_number(self):
        first, second = Tag.objects.named(["C plus", "C-plus+"])
        assert first.slug != second.slug

    def test_typed_twice_in_one_story_is_one_tag(self):
        assert make_story(tags=["Start-ups", "startups"]).tags.count() == 1


class TheCountOfATag:
    def test_includes_public_stories_only(self):
        for state in ("draft", "scheduled", "published", "withdrawn"):
            make_story_in(state, tags=["Craft"])
        assert Tag.objects.with_counts().get().story_count == 1

    def test_stops_at_its_limit(self, monkeypatch):
        monkeypatch.setattr("stories.models.tag.COUNTED_AT_MOST", 2)
        for _ in range(3):
            make_story(tags=["Craft"])
        assert Tag.objects.with_counts().get().story_count == 2


class TheTagAutocomplete:
    address = "/admin/stories/tag/names/"

    @pytest.fixture
    def names(self, client):
        Tag.objects.named(["Manufacturing", "Craft", "Crafts and arts", "Aircraft"])
        client.force_login(make_user("Writer"))

        def offered(term):
            return [tag["id"] for tag in client.get(self.address, {"term": term}).json()["results"]]

        return offered

    def test_offers_names_with_the_text_the_shortest_first(self, names):
        assert names("CRÄFT") == ["Craft", "Aircraft", "Crafts and arts"]

    @pytest.mark.parametrize("term", ["", " ", "x" * 100_000, "\x00", "%", "'"])
    def test_accepts_any_input(self, names, term):
        assert isinstance(names(term), list)

    def test_is_for_staff_only(self, client):
        assert client.get(self.address).status_code == 302
