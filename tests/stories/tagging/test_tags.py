"""Tags: one tag a name however it is spelt, and a readable address for each."""

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
    def test_folds_onto_the_tag_that_is_there(self, first, second):
        tag = make_tag(first)
        make_story(tags=[second])
        assert list(Tag.objects.all()) == [tag]

    def test_keeps_apart_what_differs(self):
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

    def test_without_letters_and_without_end_is_one_tag_each_time(self):
        assert make_tag("💥" * 50) == make_tag("💥" * 50)

    def test_with_a_taken_slug_gets_a_number(self):
        first, second = Tag.objects.named(["C plus", "C-plus+"])
        assert first.slug != second.slug

    def test_typed_twice_in_one_story_is_one_tag(self):
        assert make_story(tags=["Start-ups", "startups"]).tags.count() == 1


class TheCountOfATag:
    def test_is_of_public_stories(self):
        for state in ("draft", "scheduled", "published", "withdrawn"):
            make_story_in(state, tags=["Craft"])
        assert Tag.objects.with_counts().get().story_count == 1

    def test_goes_no_further_than_its_bound(self, monkeypatch):
        monkeypatch.setattr("stories.models.tag.COUNTED_AT_MOST", 2)
        for _ in range(3):
            make_story(tags=["Craft"])
        assert Tag.objects.with_counts().get().story_count == 2


class TheTagsOfferedWhileTyping:
    address = "/admin/stories/tag/names/"

    @pytest.fixture
    def names(self, client):
        Tag.objects.named(["Manufacturing", "Craft", "Crafts and arts", "Aircraft"])
        client.force_login(make_user("Writer"))

        def offered(term):
            return [tag["id"] for tag in client.get(self.address, {"term": term}).json()["results"]]

        return offered

    def test_contain_what_is_typed_the_shortest_first(self, names):
        assert names("CRÄFT") == ["Craft", "Aircraft", "Crafts and arts"]

    @pytest.mark.parametrize("term", ["", " ", "x" * 100_000, "\x00", "%", "'"])
    def test_survive_any_input(self, names, term):
        assert isinstance(names(term), list)

    def test_are_for_staff_only(self, client):
        assert client.get(self.address).status_code == 302
