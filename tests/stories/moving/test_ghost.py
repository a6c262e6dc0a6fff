"""Exports of Ghost: every kind of text, the tables beside the posts, and files that are none."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stories.models import Story
from stories.moving import streams
from stories_project.text import markdown
from tests.stories.moving.foreign_exports import (
    ghost,
    ghost_post,
    lexical,
    mobiledoc,
    move,
    paragraph,
    text,
    zip_of,
)

pytestmark = pytest.mark.django_db
PICTURE = "__GHOST_URL__/content/images/size/w600/2021/a.png"


@pytest.fixture
def bring(tmp_path):
    """Import one post; return its body and what was lost."""

    def bring(**values):
        path = ghost(tmp_path / "export.zip", ghost_post(**values))
        line = move("ghost", path)["Post 1"]
        assert line.result == "created", line.detail
        losses = [loss for loss in line.losses if "draft here" not in loss]
        return Story.objects.get().body, losses

    return bring


def card(kind, **values):
    return lexical({"type": kind, **values})


class ALexicalText:
    def test_keeps_its_formats_lists_and_quotations(self, bring):
        items = [
            {"type": "listitem", "children": [text("one")]},
            {
                "type": "listitem",
                "children": [
                    {
                        "type": "list",
                        "listType": "bullet",
                        "children": [{"type": "listitem", "children": [text("inner")]}],
                    }
                ],
            },
        ]
        body, losses = bring(
            lexical=lexical(
                {"type": "extended-heading", "tag": "h2", "children": [text("Act I: It begins")]},
                paragraph(
                    text("bold", 1),
                    text(" both ", 3),
                    text("gone", 4),
                    text("a_b*", 0),
                    {"type": "linebreak"},
                    text("x < y", 16),
                ),
                {"type": "list", "listType": "number", "start": 3, "children": items},
                {"type": "extended-quote", "children": [text("Quoted.")]},
                {"type": "horizontalrule"},
            )
        )
        assert body == (
            "## Act I: It begins\n\n**bold** ***both*** ~~gone~~a\\_b\\*\\\n`x < y`\n\n"
            "3. one\n   - inner\n\n> Quoted.\n\n---"
        )
        assert losses == []

    @pytest.mark.parametrize(
        ("node", "body"),
        [
            ({"type": "codeblock", "language": "js", "code": "a `` < b"}, "```js\na `` < b\n```"),
            (
                {"type": "html", "html": "<table><tr><th>A</th></tr><tr><td>1|2</td></tr></table>"},
                "| A |\n| --- |\n| 1\\|2 |",
            ),
            (
                {"type": "bookmark", "url": "https://e.org/", "metadata": {"title": "E"}},
                "[E](https://e.org/)",
            ),
            (
                {"type": "button", "buttonText": "Go", "buttonUrl": "https://e.org/"},
                "[Go](https://e.org/)",
            ),
            (
                {"type": "callout", "calloutEmoji": "💡", "calloutText": "Mind <b>this</b>."},
                "> 💡 Mind **this**.",
            ),
            ({"type": "callout", "calloutText": "Mind this."}, "> Mind this."),
            (
                {
                    "type": "html",
                    "html": '<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">💡'
                    '</div><div class="kg-callout-text">Mind <b>this</b>.</div></div>',
                },
                "> 💡 Mind **this**.",
            ),
            ({"type": "toggle", "heading": "Why?", "content": "<p>So.</p>"}, "**Why?**\n\nSo."),
            (
                {"type": "file", "src": "https://e.org/a.pdf", "fileTitle": "A"},
                "[A](https://e.org/a.pdf)",
            ),
            ({"type": "header", "header": "Big", "subheader": "Small"}, "## Big\n\nSmall"),
        ],
    )
    def test_has_its_cards_in_markdown(self, bring, node, body):
        assert bring(lexical=lexical(node)) == (body, [])

    def test_has_footnotes_and_tables_of_its_markdown_cards(self, bring):
        source = "A note[^a], again[^a].\n\n| x | y |\n|---|---|\n| 1 | *2* |\n\n[^a]: The *note*."
        body, losses = bring(lexical=card("markdown", markdown=source))
        assert body.startswith("A note[^1], again[^1].\n\n| x | y |")
        assert body.endswith("[^1]: The *note*.")
        assert 'class="footnote-item"' in markdown.render(body).html
        assert losses == []

    @pytest.mark.parametrize(
        ("node", "body", "loss"),
        [
            ({"type": "signup"}, "", "Left out: a form to subscribe."),
            ({"type": "paywall"}, "", "Left out: the line below which only paying members read"),
            ({"type": "email", "html": "<p>Secret</p>"}, "", "Left out: a text that was only"),
            (
                {"type": "embed", "url": "https://youtu.be/1", "metadata": {"title": "V"}},
                "[V](https://youtu.be/1)",
                "The embed https://youtu.be/1 became a link.",
            ),
            (
                {"type": "audio", "src": "https://e.org/a.mp3", "title": "A"},
                "[A](https://e.org/a.mp3)",
                "The recording https://e.org/a.mp3 became a link.",
            ),
            ({"type": "hologram", "text": "Some words."}, "Some words.", "“hologram” is not known"),
            ({"type": "html", "html": "<form><input></form><p>x</p>"}, "x", "Left out: form."),
        ],
    )
    def test_says_what_it_could_not_bring(self, bring, node, body, loss):
        found, losses = bring(lexical=lexical(node, paragraph(text("End."))))
        assert found == f"{body}\n\nEnd.".strip()
        assert any(loss in sentence for sentence in losses)


class AMobiledocText:
    def test_has_its_markups_atoms_and_cards(self, bring):
        body, losses = bring(
            lexical=None,
            mobiledoc=mobiledoc(
                [1, "h2", [[0, [], 0, "Head"]]],
                [
                    1,
                    "p",
                    [
                        [0, [], 0, "a "],
                        [0, [0], 0, "li"],
                        [0, [1], 2, "nk"],
                        [1, [], 0, 0],
                        [0, [], 0, "end"],
                    ],
                ],
                [10, 0],
                [3, "ul", [[[0, [], 0, "item"]]]],
                atoms=[["soft-return", "", {}]],
                cards=[["card-markdown", {"markdown": "*x*"}]],
                markups=[["a", ["href", "https://e.org/"]], ["em"]],
            ),
        )
        assert body == "## Head\n\na [li*nk*](https://e.org/)\\\nend\n\n*x*\n\n- item"
        assert losses == []


class APicture:
    def test_is_stored_from_the_files_with_its_caption(self, bring):
        node = {"type": "image", "src": PICTURE, "alt": "A [x]", "caption": 'It\'s <b>"big"</b>'}
        body, losses = bring(lexical=lexical(node))
        assert body.startswith("![A \\[x\\]](/media/images/")
        assert body.endswith(' "It\'s \\"big\\"")')
        assert '<figcaption>It\'s "big"</figcaption>' in markdown.render(body).html
        assert losses == []

    def test_of_a_gallery_stands_for_itself(self, bring):
        images = [{"src": PICTURE, "alt": "one"}, {"src": PICTURE, "alt": "two"}]
        body, _ = bring(lexical=card("gallery", images=images, caption="Both."))
        assert [alt for _, alt in markdown.facts_of(body).images] == ["one", "two"]
        assert body.endswith("\n\nBoth.")

    def test_that_is_missing_becomes_a_link_and_a_line(self, bring):
        node = {"type": "image", "src": "https://e.org/x.png", "alt": "X", "caption": "C"}
        assert bring(lexical=lexical(node)) == (
            "[X](https://e.org/x.png) C",
            ["The picture https://e.org/x.png is not among the files."],
        )

    def test_that_nobody_described_keeps_the_story_a_draft(self, bring):
        body, _ = bring(lexical=card("image", src=PICTURE))
        assert "![describe this image](/media/images/" in body

    def test_of_the_feature_is_the_cover(self, tmp_path):
        meta = {"feature_image_alt": "Alt", "feature_image_caption": "<i>Photo:</i> J."}
        path = ghost(
            tmp_path / "export.zip",
            ghost_post(feature_image=PICTURE),
            posts_meta=[{"post_id": f"{1:024}", "meta_title": "MT", **meta}],
        )
        move("ghost", path)
        story = Story.objects.get()
        assert story.cover.name.startswith("covers/")
        assert (story.cover_alt, story.cover_credit) == ("Alt", "Photo: J.")
        assert story.search_title == "MT"


class APost:
    @pytest.mark.parametrize(
        ("values", "moment"),
        [
            ({}, datetime(2021, 3, 24, 4, 34, 10, tzinfo=UTC)),
            ({"published_at": 1616560450000}, datetime(2021, 3, 24, 4, 34, 10, tzinfo=UTC)),
            ({"published_at": "2021-03-24 04:34:10"}, datetime(2021, 3, 24, 4, 34, 10, tzinfo=UTC)),
            (
                {"status": "scheduled", "published_at": "2090-01-01T00:00:00.000Z"},
                datetime(2090, 1, 1, tzinfo=UTC),
            ),
            ({"status": "draft"}, None),
            ({"status": "sent"}, None),
            ({"visibility": "paid"}, None),
            ({"visibility": "members"}, None),
        ],
    )
    def test_has_its_time_unless_it_was_not_public(self, tmp_path, values, moment):
        path = ghost(tmp_path / "export.json", ghost_post(**values))
        move("ghost", path, publishes_all=True)
        assert Story.objects.get().publish_at == moment

    def test_is_read_from_every_version_with_and_without_the_outer_list(self, tmp_path):
        for version in ("3.42.5", "4.1.0", "5.80.0", "6.0.1"):
            path = ghost(tmp_path / "export.json", ghost_post(int(version[0])), version=version)
            assert len(move("ghost", path)) == 1
        inner = path.read_text().removeprefix('{"db": [').removesuffix("]}")
        path.write_text(inner.replace("uuid-6", "uuid-9"))
        assert len(move("ghost", path)) == 1

    def test_has_no_canonical_url_that_is_its_own_old_address(self, tmp_path):
        posts = (
            ghost_post(1, canonical_url="https://old.example/post-1/"),
            ghost_post(2, canonical_url="https://first.example/x"),
        )
        move("ghost", ghost(tmp_path / "export.json", *posts))
        assert list(Story.objects.order_by("slug").values_list("canonical_url", flat=True)) == [
            *("", "https://first.example/x"),
        ]


class AFileThatIsNoExport:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "not JSON|no export"),
            (b"\xff\xfe\x00", "not JSON|no export"),
            (b'{"a": 1}', "has no export of Ghost"),
            (b'{"db":[{"meta":{"version":"2.9"},"data":{}}]}', "of Ghost 2.9; versions 3 to 6"),
            (b'{"db":[{"meta":{"version":"5.0"},"data":{"posts":[{"id":"1"', "is not whole"),
        ],
    )
    def test_is_refused_in_a_sentence_and_nothing_is_stored(self, tmp_path, content, sentence):
        path = tmp_path / "export.json"
        path.write_bytes(content)
        with pytest.raises(CommandError, match=sentence):
            call_command("import_from", "ghost", path)
        assert not Story.objects.exists()

    def test_is_refused_at_its_end_before_anything_is_stored(self, tmp_path):
        path = ghost(tmp_path / "export.json", ghost_post())
        path.write_text(path.read_text()[:-2])
        with pytest.raises(CommandError, match="is not whole"):
            call_command("import_from", "ghost", path)
        assert not Story.objects.exists()

    def test_may_not_fill_the_memory_with_one_entry(self, tmp_path, monkeypatch):
        monkeypatch.setattr(streams, "LARGEST_ENTRY", 100_000)
        path = ghost(tmp_path / "export.json", ghost_post(html="x" * 300_000))
        with pytest.raises(CommandError, match="An entry of the file is larger than"):
            call_command("import_from", "ghost", path)

    @pytest.mark.parametrize(
        "name", ["../climb.json", "/root.json", "a/../../b.json", "a\\b", "c:x"]
    )
    def test_may_not_climb_out_of_its_archive(self, tmp_path, name):
        path = zip_of(tmp_path / "export.zip", {name: "x"})
        with pytest.raises(CommandError, match="climbs out of it"):
            call_command("import_from", "ghost", path)

    def test_may_not_be_a_bomb(self, tmp_path):
        path = zip_of(tmp_path / "export.zip", {"ghost.json": " " * 5_000_000})
        with pytest.raises(CommandError, match="a bomb"):
            call_command("import_from", "ghost", path)
