"""The checklist: what a story needs before it is public."""

import pytest
from django.utils import timezone

from stories.models import DeadLink, StoryContent
from stories.moving.importer import Importer
from stories.reviewing.checklist import RULES, broken_rules, findings
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, make_story_in, make_tag, picture, revise

pytestmark = pytest.mark.django_db

GOOD = {
    "title": "A story",
    "slug": "a-story",
    "excerpt": "An excerpt that is long enough to be of use in a list of stories.",
    "body": "## Act I\n\nText.[@book]\n\n### Part\n\nText.\n\n## Act II\n\nText.",
    "takeaways": "One.",
    "sources": "@book | A book",
    "tags": ("Craft",),
}
HASH = "0" * 32


@pytest.fixture
def good():
    return StoryContent(**GOOD, founders=(make_founder().pk,))


def sentences(content):
    return {f.title: f.sentence for f in findings(content) if f.sentence}


class AStoryThatIsReady:
    def test_breaks_no_rule(self, good):
        assert sentences(good) == {}
        assert broken_rules(good) == {}

    def test_is_shown_every_rule(self, good):
        assert [f.title for f in findings(good)] == [rule.title for rule in RULES]


BLOCKING = [
    ("Title", {"title": ""}, "Write a title."),
    ("Excerpt", {"excerpt": ""}, "Write an excerpt"),
    ("Text", {"body": ""}, "Write the story"),
    ("Key takeaway", {"takeaways": ""}, "at least one key takeaway"),
    ("Approved founder", {"founders": []}, "approved founder"),
    ("Cover described", {"cover": "covers/x.webp"}, "Describe the cover"),
    ("Headings say something", {"body": "## \n\nText."}, "A heading is empty"),
    ("Headings in order", {"body": "## One\n\n#### Two"}, "“Two” skips a level: give it ###."),
    ("Headings in order", {"body": "### First\n\nText."}, "“First” skips a level: give it ##."),
    ("Citations lead to a source", {"body": "Text.[@mill]"}, "No source has the key @mill"),
    ("Pictures described", {"body": "![](/x.png)"}, "A picture is not described"),
    ("Pictures described", {"body": "![describe this image](/x.png)"}, "A picture is not"),
    ("Pictures described", {"body": "![ ](/x.png) ![](/y.png)"}, "2 pictures are not described"),
    ("Links lead somewhere", {"body": "[a](/stories/none/)"}, "leads nowhere: /stories/none/."),
    ("Links lead somewhere", {"body": "[a](other-story)"}, "leads nowhere: other-story."),
    ("Links lead somewhere", {"body": "[a](#nowhere)"}, "leads nowhere: #nowhere."),
    ("Links lead somewhere", {"body": "[a](/founders/nobody/)"}, "/founders/nobody/"),
    ("Links lead somewhere", {"body": "[a](/tags/none/)"}, "/tags/none/"),
    ("Links lead somewhere", {"body": "[a](/nothing/here)"}, "/nothing/here"),
    ("Links lead somewhere", {"body": f"[a](/media/images/{HASH}-1x1.png)"}, "/media/images"),
    ("Links lead somewhere", {"body": "[a](http://127.0.0.1:8000/stories/x/)"}, "/stories/x/"),
    ("Links lead somewhere", {"body": "[a](/1) [a](/2) [a](/3) [a](/4) [a](/5)"}, "and 2 more."),
]
ADVICE = [
    ("Title fits a search result", {"title": "x" * 61}, "61 characters"),
    ("Length of the excerpt", {"excerpt": "Short."}, "6 characters"),
    ("Length of the excerpt", {"excerpt": "x" * 301}, "301 characters"),
    ("Tags", {"tags": []}, "Without a tag"),
    ("Sources", {"sources": "", "body": "Text."}, "where the facts come from"),
    ("Sources cited", {"body": "Text."}, "The text cites no source"),
    ("Sources cited", {"sources": "@book | A book\nA page"}, "does not cite: A page."),
    (
        "Sources cited",
        {"sources": "@book | A book\nA\nB\nC"},
        "does not cite 3 of the sources: A; B",
    ),
    ("Claims cite a source", {"body": "It cost 100 pounds."}, "“It cost 100 pounds. …”"),
    ("Length of paragraphs", {"body": "One two three four five " + "word " * 200}, "205 words"),
]


class ABrokenRule:
    @pytest.mark.parametrize(("title", "values", "sentence"), BLOCKING)
    def test_blocks_with_its_sentence(self, good, title, values, sentence):
        broken = good.with_values(values)
        assert sentence in sentences(broken)[title]
        field = next(rule.field for rule in RULES if rule.title == title)
        assert sentence in broken_rules(broken)[field]

    @pytest.mark.parametrize(("title", "values", "sentence"), ADVICE)
    def test_of_advice_is_shown_and_blocks_nothing(self, good, title, values, sentence):
        broken = good.with_values(values)
        assert sentence in sentences(broken)[title]
        assert broken_rules(broken) == {}

    def test_of_dead_links_is_about_those_that_are_still_written(self, good):
        story = make_story()
        url = "https://example.org/gone"
        DeadLink.objects.create(
            story=story, url=url, is_gone=True, failure="Gone.", since=timezone.now()
        )
        linking = good.with_values({"body": f"[a]({url})[@book]"})
        found = {f.title: f.sentence for f in findings(linking, story.pk)}
        assert found["Links to other sites"] == f"1 link leads nowhere: {url}. Gone."
        assert not {f.title: f.sentence for f in findings(good, story.pk)}["Links to other sites"]

    def test_is_listed_before_those_that_are_kept(self, good):
        found = findings(good.with_values({"tags": [], "takeaways": ""}))
        assert [f.title for f in found[:2]] == ["Key takeaway", "Tags"]


class ALink:
    @pytest.mark.parametrize(
        "link",
        [
            *("/", "/stories/", "/founders/", "/tags/", "#act-i", "/stories/a-story/"),
            *("https://example.org/x", "mailto:a@example.org", "//example.org/"),
            *(
                "/stories/public/",
                "/stories/public/#act-i",
                "http://127.0.0.1:8000/stories/public/",
            ),
            *("/stories/known-once/", "/founders/ada/", "/tags/craft/", "?page=2"),
        ],
    )
    def test_that_readers_can_open_is_accepted(self, good, link):
        revise(make_story(slug="known-once"), {"slug": "public"})
        make_founder(name="Ada", slug="ada")
        make_tag("Craft")
        body = good.body + f"\n\n[a]({link})"
        assert "Links lead somewhere" not in sentences(good.with_values({"body": body}))

    @pytest.mark.parametrize("state", ["draft", "withdrawn"])
    def test_to_a_story_that_is_not_public_is_broken(self, good, state):
        make_story_in(state, slug="other")
        assert "body" in broken_rules(good.with_values({"body": "[a](/stories/other/)"}))

    def test_to_a_story_that_will_be_public_by_then_is_accepted(self, good):
        other = make_story_in("scheduled", slug="other")
        linked = good.with_values({"body": "[a](/stories/other/)"})
        assert "body" in broken_rules(linked)
        assert broken_rules(linked.with_values({"publish_at": other.publish_at})) == {}

    def test_to_a_hidden_founder_is_broken(self, good):
        make_founder("hidden", name="Ada", slug="ada")
        assert "body" in broken_rules(good.with_values({"body": "[a](/founders/ada/)"}))

    def test_to_a_stored_picture_is_accepted(self, good):
        name = store_image(picture(), "images")
        broken = broken_rules(good.with_values({"body": f"[a](/media/{name})"}))
        assert "body" not in broken

    def test_costs_the_same_number_of_queries_as_100_links(self, good, django_assert_num_queries):
        few = "[a](/stories/x/) [a](/founders/x/) [a](/tags/x/)"
        many = " ".join(few.replace("x", str(number)) for number in range(100))
        for body in (few, many):
            with django_assert_num_queries(7):
                broken_rules(good.with_values({"body": body}))


class AnImport:
    def test_must_follow_the_rules(self, tmp_path):
        make_founder(name="Ada", slug="ada")
        text = (
            "---\ntitle: T\nexcerpt: E\nfounders: [ada]\ntakeaways: [One]\npublish_at: {}\n---\n{}"
        )
        path = tmp_path / "story.md"
        importer = Importer(tmp_path)
        path.write_text(text.format("2026-01-31T08:00:00+00:00", "## One\n\n#### Two\n"))
        assert "“Two” skips a level" in importer.import_file(path.resolve()).detail
        path.write_text(text.format("", "## One\n\n#### Two\n"))
        assert importer.import_file(path.resolve()).result == "created"


class AnyText:
    @pytest.mark.parametrize(
        "body",
        [
            "[a](//) [a](http://[) [a](/stories/%00/) [a](<>) [a](/media/../../etc/passwd)",
            "[a](javascript:alert(1)) [a](/stories/\ud7ff/) [a](%)",
            " ".join(f"[a](/stories/{number}/)" for number in range(20_000)),
            "![" * 5000 + "](" * 5000,
            "# " * 100_000,
            "##\n" * 5_000,
        ],
    )
    def test_is_checked_without_an_error(self, good, body):
        assert findings(good.with_values({"body": body}))
