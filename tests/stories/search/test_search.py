"""Search finds the same stories on both databases and answers any input."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from stories.models import Story, StorySearch, Tag
from stories.search.finding import search
from stories.search.marking import excerpt, mark
from stories.tagging import merging
from stories_project.text import full_text
from tests.factories import (
    bring,
    make_founder,
    make_story,
    make_tag,
    revise,
    rework,
)

pytestmark = pytest.mark.django_db


def titles(text):
    """Return the titles of the stories that a search finds, best first."""
    rows = Story.objects.in_bulk(search(text).stories)
    return [rows[key].title for key in search(text).stories]


def marked(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


@pytest.fixture
def loom():
    sakichi = make_founder(name="Sakichi Toyoda", native_name="豊田 佐吉", company="Jidō Shokki")
    return make_story(
        title="The Loom That Stopped",
        excerpt="A carpenter's son takes looms apart.",
        body="He sold a café, wrote C++ by hand, and met a start-up in Nagoya.",
        takeaways="Patience beats invention.",
        founders=[sakichi],
        tags=["Machine learning"],
    )


class ASearch:
    @pytest.mark.parametrize(
        "text",
        [
            *("loom", "LOOMS", "Loom’s", "looms apart", "apart looms", "cafe", "CAFÉ", "c++"),
            *("start-up", "startups", "start ups", '"met a start-up"', "patience", "inventions"),
            *(
                "sakichi",
                "toyoda sakichi",
                "豊田",
                "佐吉",
                "jido",
                "machine learning",
                "nagoya loom",
            ),
            *("learning looms", "stopped carpenter’s", "“takes looms”"),
        ],
    )
    def test_finds_the_story(self, loom, text):
        make_story(title="Another one", body="Nothing of it.")
        assert titles(text) == ["The Loom That Stopped"]
        assert not search(text).corrected
        assert not search(text).is_partial

    @pytest.mark.parametrize("text", ['"apart looms"', "田豊", "kiln", "loom kiln", "c#", "arning"])
    def test_finds_no_story_that_differs(self, loom, text):
        found = search(text)
        assert found.stories == [] or found.is_partial or found.corrected

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            *(("lom", "loom"), ("carpentor", "carpenter"), ("pateince", "patience")),
            *(("nagoia loom", "nagoya loom"), ("inventoin", "invention"), ("carpen", "carpenter")),
        ],
    )
    def test_corrects_a_misspelt_word(self, loom, typed, meant):
        found = search(typed)
        assert (found.corrected, found.stories) == (meant, [loom.pk])

    def test_falls_back_to_stories_with_some_of_the_words(self, loom):
        found = search("loom qqqqqq")
        assert found.is_partial
        assert found.stories == [loom.pk]

    @pytest.mark.parametrize("text", ["the", "and of the", "…", "'", '"', "-", "%", "*", "(", "\\"])
    def test_says_so_if_there_is_no_word_to_search_for(self, client, loom, text):
        page = client.get("/search/", {"q": text}).content.decode()
        assert "has no word to search for" in page
        assert "Newest stories" in page


class TheFirstResult:
    def test_is_the_story_with_the_words_in_its_title(self):
        for place in ("body", "excerpt", "title"):
            make_story(**{"title": f"In the {place}", place: f"A loom in its {place}"})
        make_story(title="Nothing of it")
        found = titles("loom")
        assert found == ["A loom in its title", "In the excerpt", "In the body"]

    def test_is_the_shorter_of_two_titles(self):
        make_story(title="The loom and everything else that we have found out about it")
        make_story(title="Loom")
        assert titles("loom")[0] == "Loom"

    def test_is_the_text_that_has_the_word_more_often(self):
        make_story(title="Once", body="A loom. Nothing else.")
        make_story(title="Often", body="A loom. A loom. A loom.")
        make_story(title="Once again", body="A loom. Nothing else.")
        assert titles("loom")[0] == "Often"

    def test_is_the_newest_of_equal_stories(self):
        now = timezone.now()
        for days in (3, 1, 2):
            make_story(title=f"Loom {days}", publish_at=now - timedelta(days=days))
        assert titles("loom") == ["Loom 1", "Loom 2", "Loom 3"]


class TheSearchIndex:
    def test_follows_the_text_of_a_story(self, loom):
        revise(loom, {"title": "The Kiln"})
        assert titles("stopped") == []
        assert titles("kiln") == ["The Kiln"]

    def test_ignores_a_working_copy_until_it_is_published(self, loom):
        rework(loom, {"title": "The Kiln"})
        assert titles("kiln") == []
        loom.publish()
        assert titles("kiln") == ["The Kiln"]

    def test_follows_the_name_of_a_founder(self, loom):
        founder = loom.founders[0]
        founder.name = "Kiichiro Toyoda"
        founder.save()
        assert titles("kiichiro") == ["The Loom That Stopped"]
        assert titles("sakichi") == []

    def test_follows_the_decision_about_a_founder(self, loom):
        bring(loom.founders[0], "hidden")
        assert titles("sakichi") == []
        assert titles("loom") == ["The Loom That Stopped"]
        loom.founders[0].approve()
        assert titles("sakichi") == ["The Loom That Stopped"]

    def test_follows_the_name_of_a_tag(self, loom):
        merging.rename(make_tag("Machine learning"), {"name": "Weaving"})
        assert titles("weaving") == ["The Loom That Stopped"]
        assert titles("machine") == []

    def test_follows_a_merge_of_tags_and_its_undo(self, loom):
        merged, kept = make_tag("Machine learning"), make_tag("Weaving")
        merging.merge([merged], kept)
        assert titles("weaving") == ["The Loom That Stopped"]
        assert titles("machine") == []
        merging.undo(kept.changes.get())
        assert titles("weaving") == []
        assert titles("machine") == ["The Loom That Stopped"]

    def test_follows_the_deletion_and_the_restoring_of_a_story(self, loom):
        loom.remove()
        assert titles("loom") == []
        revision = loom.revisions.model.objects.filter(kind="deleted").get()
        revision.restore().publish()
        assert titles("loom") == ["The Loom That Stopped"]

    def test_follows_the_withdrawal_of_a_story(self, loom):
        loom.withdraw()
        assert titles("loom") == []

    def test_of_titles_is_apart_from_that_of_whole_texts(self):
        stories, terms = StorySearch.objects.all(), full_text.parse("loom")
        assert "head" in str(stories.with_all(terms, stories.HEAD).query)
        assert "head" not in str(stories.with_all(terms).query)

    def test_is_the_same_after_a_rebuild(self, loom, capsys):
        before = StorySearch.objects.get(story=loom)
        StorySearch.objects.all().delete()
        assert titles("loom") == []
        call_command("rebuild_search")
        assert "Indexed 1 stories." in capsys.readouterr().out
        after = StorySearch.objects.get(story=loom)
        for column in ("title", "keys", "summary", "body", "publish_at", "unpublish_at"):
            assert getattr(after, column) == getattr(before, column)


class AMarkedText:
    @pytest.mark.parametrize(
        ("text", "query", "expected"),
        [
            ("The Loom’s end", "looms", "The [Loom’s] end"),
            ("Café, café", "cafe", "[Café], [café]"),
            ("A start-up, a startup", "start-up", "A [start-up], a [startup]"),
            ("takes looms apart; apart", '"looms apart"', "takes [looms apart]; apart"),
            ("豊田佐吉の織機", "佐吉", "豊田[佐吉]の織機"),
            ("<b>loom</b>", "loom", "<b>[loom]</b>"),
            ("Nothing", "loom", "Nothing"),
        ],
    )
    def test_marks_what_was_searched_for(self, text, query, expected):
        assert marked(mark(text, full_text.parse(query))) == expected

    def test_is_cut_to_the_words_around_the_matches(self):
        text = f"{'Before. ' * 60}Here a loom stood beside a kiln. {'After. ' * 60}"
        shown = marked(excerpt(["Short.", text], full_text.parse("loom kiln")))
        assert shown.startswith("… Before.")
        assert shown.endswith("After …")
        assert "Here a [loom] stood beside a [kiln]." in shown
        assert len(shown.split()) < 60

    def test_is_escaped(self, client):
        make_story(title="<script>loom</script>", body="## <img onerror=loom>\n\nloom")
        page = client.get("/search/?q=loom").content.decode()
        assert "&lt;script&gt;<mark>loom</mark>&lt;/script&gt;" in page


class TheSearchPage:
    def test_links_to_founders_and_tags_of_that_name(self, client, loom):
        page = client.get("/search/?q=toyoda").content.decode()
        assert f'href="{loom.founders[0].get_absolute_url()}"' in page
        assert 'href="/tags/machine-learning/"' in client.get("/search/?q=machine").content.decode()

    def test_is_paginated(self, client):
        for number in range(12):
            make_story(title=f"Loom {number}")
        first, second = (client.get(f"/search/?q=loom&page={n}").content.decode() for n in (1, 2))
        assert first.count('class="result"') == 10
        assert second.count('class="result"') == 2
        assert "q=loom&amp;page=2" in first
        assert client.get("/search/?q=loom&page=3").status_code == 404

    def test_offers_stories_and_tags_if_nothing_was_typed_or_found(self, client, loom):
        for address in ("/search/", "/search/?q=qqqqqqq"):
            page = client.get(address).content.decode()
            assert "The Loom That Stopped" in page
            assert "/tags/machine-learning/" in page
        assert "No story has “qqqqqqq”" in page

    def test_says_so_if_the_text_is_too_long(self, client):
        response = client.get("/search/", {"q": "long " * 100})
        assert response.status_code == 200
        assert "at most 200 characters" in response.content.decode()

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "\x00",
                "loom\x00",
                "' OR 1=1 --",
                '"',
                '""',
                '"loom',
                "loom:*",
                "a & b | !c",
                "NEAR(",
            ),
            *(
                "title:loom",
                "{title} : loom",
                "loom*",
                "<->",
                "\\",
                "%s",
                "%(now)s",
                "🧵",
                "\ud7ff",
            ),
            *("a" * 200, "- " * 99, '"' * 200, "ᄀ" * 200, "़" * 50, "loom " * 40),
        ],
    )
    def test_answers_any_text(self, client, loom, text):
        assert client.get("/search/", {"q": text}).status_code == 200
        assert client.get("/search/suggestions.json", {"q": text}).status_code == 200

    def test_is_not_indexed_by_search_engines(self, client):
        assert 'name="robots" content="noindex"' in client.get("/search/?q=x").content.decode()


class TheSearchBox:
    def test_suggests_names_and_titles_that_begin_with_the_text(self, client, loom):
        def suggested(text):
            return client.get("/search/suggestions.json", {"q": text}).json()["suggestions"]

        assert suggested("sak") == ["Sakichi Toyoda"]
        assert suggested("mach") == ["Machine learning"]
        assert suggested("the loo") == ["The Loom That Stopped"]
        assert suggested("") == suggested("the") == []
        bring(loom.founders[0], "hidden")
        loom.withdraw()
        assert suggested("sak") == suggested("loo") == suggested("mach") == []

    def test_suggests_the_newest_stories_first(self, client):
        now = timezone.now()
        for days in (2, 1, 3):
            make_story(title=f"Looms of day {days}", publish_at=now - timedelta(days=days))
        answer = client.get("/search/suggestions.json?q=looms").json()
        assert answer["suggestions"] == [f"Looms of day {days}" for days in (1, 2, 3)]


class AVeryLongBody:
    def test_is_indexed_up_to_the_limit_of_words(self):
        body = " ".join(f"word{number:x}" for number in range(60_000))
        story = make_story(title="Long", body=body[:490_000])
        assert titles("word2f") == ["Long"]
        assert len(story.search.body.split()) <= 30_000


def test_no_tag_of_an_unpublished_story_is_suggested():
    make_story(publish_at=None, tags=["Secret weapon"])
    assert search("weapon").tags == []
    assert Tag.objects.filter(name="Secret weapon").exists()
