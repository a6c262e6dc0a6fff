"""Tags: one tag for all spellings of a name, and a readable slug for each."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from stories.models import Story, StoryTag, Tag, TagChange
from stories.tagging import merging
from tests.factories import make_story, make_story_in, make_tag, make_user, revise

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


class ThePopularityOfATag:
    def popularity(self):
        return dict(Tag.objects.order_by("name").values_list("name", "popularity"))

    def test_counts_stories_that_are_or_will_be_public(self):
        for state in ("draft", "scheduled", "published", "withdrawn"):
            make_story_in(state, tags=["Craft"])
        assert self.popularity() == {"Craft": 2}

    def test_follows_every_change_of_a_story(self):
        story = make_story(tags=["Craft", "Sea"])
        revise(story, {"tags": ["Sea", "Air"]})
        assert self.popularity() == {"Air": 1, "Craft": 0, "Sea": 1}
        story.withdraw()
        assert self.popularity() == {"Air": 0, "Craft": 0, "Sea": 0}
        make_story(tags=["Sea"]).remove()
        assert self.popularity()["Sea"] == 0

    def test_follows_a_merge_and_its_undoing(self):
        make_story(tags=["Sea", "Oceans"])
        make_story(tags=["Oceans"])
        merging.merge([make_tag("Oceans")], make_tag("Sea"))
        assert self.popularity() == {"Sea": 2}
        merging.undo(TagChange.objects.get())
        assert self.popularity() == {"Oceans": 2, "Sea": 1}

    def test_forgets_what_a_schedule_has_withdrawn_when_the_site_cleans_up(self):
        story = make_story(tags=["Craft"])
        Story.objects.filter(pk=story.pk).update(unpublish_at=timezone.now())
        StoryTag.objects.update(unpublish_at=timezone.now())
        assert self.popularity() == {"Craft": 1}
        call_command("clean_up", stdout=StringIO())
        assert self.popularity() == {"Craft": 0}

    def test_ends_at_its_limit(self, monkeypatch):
        monkeypatch.setattr("stories.models.tag.RANKED_AT_MOST", 2)
        for _ in range(3):
            make_story(tags=["Craft"])
        assert self.popularity() == {"Craft": 2}
