"""Exports of Substack and Medium."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stories.models import OldAddress, Story
from tests.stories.moving.foreign_exports import move, zip_of

pytestmark = pytest.mark.django_db
COLUMNS = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"
DAY = "2019-07-26T20:48:19.814Z"
NOTES = (
    '<p>Said<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>.</p>'
    '<p class="button-wrapper"><a class="button" href="https://x.org">Subscribe</a></p>'
    '<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1'
    '</a><div class="footnote-content"><p>A <em>note</em>.</p></div></div>'
)


def substack(path, *rows, **texts):
    files = {f"posts/{name.replace('__', '.')}.html": text for name, text in texts.items()}
    return zip_of(path, {"posts.csv": COLUMNS + "\n".join(rows), **files})


def medium(
    title="A title", body="<p>Body.</p>", canonical="https://medium.com/@j/a-title-abcdef123456"
):
    link = f'<a class="p-canonical" href="{canonical}">Canonical</a>' if canonical else ""
    return (
        f'<article class="h-entry"><h1 class="p-name">{title}</h1>'
        '<section data-field="subtitle" class="p-summary">Sub</section>'
        f'<section data-field="body"><div class="section-divider"><hr></div>{body}</section>'
        '<footer><a class="p-author">Jane</a><a class="p-tag">Craft</a>'
        f'<time class="dt-published" datetime="{DAY}">then</time>{link}</footer></article>'
    )


class APostOfSubstack:
    def test_has_its_text_footnotes_and_old_address(self, tmp_path):
        row = f"12.a-post,{DAY},TRUE,,newsletter,everyone,A post,Sub,"
        path = substack(tmp_path / "export.zip", row, **{"12__a-post": NOTES})
        move("substack", path, publishes_all=True)
        story = Story.objects.get()
        assert story.body == "Said[^1].\n\n[^1]: A *note*."
        assert (story.title, story.excerpt, story.slug) == ("A post", "Sub", "a-post")
        assert story.publish_at == datetime(2019, 7, 26, 20, 48, 19, 814000, tzinfo=UTC)
        assert OldAddress.objects.get().path == "/p/a-post"

    @pytest.mark.parametrize(
        ("values", "result", "sentence"),
        [
            ("TRUE,,newsletter,only_paid", "created", "only paying subscribers could read it"),
            ("FALSE,,newsletter,everyone", "created", ""),
            ("TRUE,,page,everyone", "left-out", "It is a page"),
            ("TRUE,,thread,everyone", "left-out", "It is a thread"),
        ],
    )
    def test_is_public_only_if_everybody_could_read_it(self, tmp_path, values, result, sentence):
        path = substack(
            tmp_path / "export.zip", f"12.a,{DAY},{values},A post,Sub,", **{"12__a": "<p>x</p>"}
        )
        line = move("substack", path, publishes_all=True)["A post"]
        assert line.result == result
        assert sentence in f"{line.detail} {line.losses}"
        assert not Story.objects.published().exists()

    def test_without_its_text_is_a_sentence(self, tmp_path):
        path = substack(tmp_path / "export.zip", f"12.a,{DAY},TRUE,,newsletter,everyone,A post,S,")
        line = move("substack", path)["A post"]
        assert (line.result, line.detail) == ("failed", "Its text is not among the files.")

    def test_needs_the_list_of_posts(self, tmp_path):
        path = zip_of(tmp_path / "export.zip", {"posts/1.a.html": "x"})
        with pytest.raises(CommandError, match=r"it has no posts\.csv"):
            call_command("import_from", "substack", path)


class APostOfMedium:
    def test_has_its_text_without_its_title_and_its_old_addresses(self, tmp_path):
        body = '<h3 class="graf--title">A title</h3><h4 class="graf--subtitle">Sub</h4><p>Body.</p>'
        path = zip_of(tmp_path / "export.zip", {"posts/2019-07-26_A-title.html": medium(body=body)})
        move("medium", path, publishes_all=True)
        story = Story.objects.get()
        assert (story.body, story.slug, story.byline) == ("Body.", "a-title", "Jane")
        assert [tag.name for tag in story.tags.all()] == ["Craft"]
        assert set(OldAddress.objects.values_list("path", flat=True)) == {
            *("/@j/a-title-abcdef123456", "/p/abcdef123456"),
        }

    def test_is_a_draft_if_it_was_one(self, tmp_path):
        files = {"posts/draft_A-title-abcdef123456.html": medium(canonical="")}
        move("medium", zip_of(tmp_path / "export.zip", files), publishes_all=True)
        assert Story.objects.get().publish_at is None

    def test_is_no_answer_to_somebody(self, tmp_path):
        files = {"posts/x.html": medium(title="Well said", body="<p>Well said indeed.</p>")}
        (line,) = move("medium", zip_of(tmp_path / "export.zip", files)).values()
        assert (line.result, line.detail) == (
            *("left-out", "It is an answer to somebody, or has no title."),
        )
