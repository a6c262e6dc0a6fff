"""Exports of WordPress: blocks, classic text, galleries, footnotes, dates, and hostile XML."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stories.models import OldAddress, Story
from stories_project.text import markdown
from tests.factories import make_story
from tests.stories.moving.foreign_exports import (
    HEAD,
    attachment,
    move,
    wordpress,
    wordpress_item,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("link", ["http://[x]/a", "http://[x/a"])
def test_a_post_whose_link_is_no_address_moves_without_it(tmp_path, link):
    path = wordpress(tmp_path / "export.xml", wordpress_item(1, link=link), wordpress_item(2))
    lines = move("wordpress", path)
    assert [line.result for line in lines.values()] == ["created"] * 2
    paths = OldAddress.objects.order_by("path").values_list("path", flat=True)
    assert list(paths) == ["/2019/05/post-2", "/?p=1", "/?p=2"]


class AShortAddress:
    @pytest.fixture
    def story(self):
        story = make_story(slug="post-2")
        OldAddress.objects.create(path="/?p=2", story=story)
        return story

    def test_leads_to_the_story(self, client, story):
        answer = client.get("/?p=2")
        assert (answer.status_code, answer["Location"]) == (301, "/stories/post-2/")

    def test_in_a_text_becomes_that_of_the_story(self, tmp_path):
        body = '<p><a href="https://old.example/?p=2">The second</a></p>'
        posts = [wordpress_item(1, body), wordpress_item(2)]
        move("wordpress", wordpress(tmp_path / "export.xml", *posts))
        assert "[The second](/stories/post-2/)" in Story.objects.get(slug="post-1").body

    def test_of_a_withdrawn_story_says_so(self, client, story):
        story.withdraw()
        assert client.get("/?p=2").status_code == 410

    @pytest.mark.parametrize("number", ["3", "x", "%00", "2" * 600, "-1"])
    def test_of_nothing_is_not_found(self, client, story, number):
        assert client.get(f"/?p={number}").status_code == 404

    def test_that_is_empty_is_the_front_page(self, client, story):
        assert client.get("/?p=").status_code == 200


@pytest.fixture
def bring(tmp_path):
    """Import one post with some attachments; return its body and what was lost."""

    def bring(content, *others, **values):
        path = wordpress(
            tmp_path / "export.zip",
            wordpress_item(1, content, **values),
            *others,
            pictures=["2019/05/a.png"],
        )
        line = move("wordpress", path)["Post 1"]
        assert line.result == "created", line.detail
        losses = [loss for loss in line.losses if "draft here" not in loss]
        return Story.objects.get().body, losses

    return bring


class AClassicText:
    @pytest.mark.parametrize(
        ("content", "body"),
        [
            ("One\nline.\n\nTwo.", "One\\\nline.\n\nTwo."),
            ("<h2>H</h2>\nText.\n<ul>\n<li>a</li>\n</ul>\nEnd.", "## H\n\nText.\n\n- a\n\nEnd."),
            ("Before<!--more-->after.", "Beforeafter."),
            ("<pre>a\n\n  b</pre>\n\nEnd.", "```\na\n\n  b\n```\n\nEnd."),
            ("He said [sic] so, [[gallery]].", "He said [sic] so, [gallery]."),
            ("<blockquote>Q\n\nR</blockquote>", "> Q\n>\n> R"),
            (
                "One.\n\nTwo.\n<address>A\nB</address><b>C</b>\n\nD",
                "One.\n\nTwo.\n\nA\\\nB\n\n**C**\n\nD",
            ),
            ("<div>One\n\nTwo</div>\nThree", "One\n\nTwo\n\nThree"),
            ("<p>One\n\nTwo\n<ul>\n<li>a\nb</li>\n<li>c</ul>", "One\n\nTwo\n\n- a\\\n  b\n- c"),
            ("One\n<code>a\n  b</code>\nTwo", "One\n\n```\na\n  b\n```\n\nTwo"),
        ],
    )
    def test_has_the_paragraphs_that_readers_saw(self, bring, content, body):
        found, losses = bring(content)
        assert found.replace("\n\n\n", "\n\n") == body
        assert losses == []

    def test_says_which_shortcodes_it_had(self, bring):
        body, losses = bring('[contact-form-7 id="1"]\n\n[box color="red"]Inner [b_x]text.[/box]')
        assert body == "Inner text."
        assert losses == [
            "Left out: the shortcode [contact-form-7].",
            "Left out: the shortcode [box]; its text stays.",
            "Left out: the shortcode [b_x].",
        ]

    def test_has_an_address_alone_on_its_line_as_a_link(self, bring):
        body, losses = bring("See:\n\nhttps://www.youtube.com/watch?v=1\n\nand https://e.org here.")
        assert "[youtube.com](https://www.youtube.com/watch?v=1)" in body
        assert losses == ["The embed https://www.youtube.com/watch?v=1 became a link."]

    @pytest.mark.parametrize(
        "code", ["[audio https://e.org/a.mp3]", "[audio]https://e.org/a.mp3[/audio]"]
    )
    def test_keeps_a_recording_whose_shortcode_has_no_name_for_its_address(self, bring, code):
        body, losses = bring(f"Listen:\n\n{code}")
        assert "[e.org](https://e.org/a.mp3)" in body
        assert losses == ["The recording https://e.org/a.mp3 became a link."]


class ABlockText:
    def test_loses_its_marks_and_keeps_its_blocks(self, bring):
        content = (
            '<!-- wp:heading {"level":3} --><h3>H</h3><!-- /wp:heading -->\n\n'
            "<!-- wp:paragraph --><p>A <strong>b</strong>.</p><!-- /wp:paragraph -->\n\n"
            '<!-- wp:latest-posts {"postsToShow":3} /-->\n'
            '<!-- wp:embed --><figure class="wp-block-embed is-type-video">'
            '<div class="wp-block-embed__wrapper">\nhttps://vimeo.com/1\n</div>'
            "<figcaption>Cap</figcaption></figure><!-- /wp:embed -->"
            '<!-- wp:table --><figure class="wp-block-table"><table><tbody><tr><td>1</td></tr>'
            "</tbody></table><figcaption>Table</figcaption></figure><!-- /wp:table -->"
        )
        body, losses = bring(content)
        assert body == (
            "## H\n\nA **b**.\n\n[vimeo.com](https://vimeo.com/1)\n\nCap\n\n"
            "|  |\n| --- |\n| 1 |\n\nTable"
        )
        assert losses == [
            "Left out: the block “latest-posts”, which WordPress fills by itself.",
            "The embed https://vimeo.com/1 became a link.",
        ]

    def test_has_a_verse_as_lines_and_not_as_code(self, bring):
        verse = '<pre class="wp-block-verse">One &amp; <em>two</em>\nThree</pre>'
        assert bring(f"<!-- wp:verse -->{verse}<!-- /wp:verse -->") == (
            "One & *two*\\\nThree",
            [],
        )

    def test_names_a_link_that_code_cannot_have(self, bring):
        code = '<pre class="wp-block-code"><code><a href="https://e.org">x</a></code></pre>'
        body, losses = bring(f"<!-- wp:code -->{code}<!-- /wp:code -->")
        assert body == "```\nx\n```"
        assert losses == ["A link in a block of code: its text stays."]

    def test_offers_a_file_once(self, bring):
        file = (
            '<div class="wp-block-file"><a href="https://e.org/a.pdf">A</a><a href="https://e.org/'
            'a.pdf" class="wp-block-file__button" download>Download</a></div>'
        )
        assert bring(f"<!-- wp:file -->{file}<!-- /wp:file -->")[0] == "[A](https://e.org/a.pdf)"

    def test_names_a_picture_behind_a_group(self, bring):
        mark = '{"style":{"background":{"backgroundImage":{"url":"https:\\/\\/e.org\\/a.png"}}}}'
        _, losses = bring(f"<!-- wp:group {mark} --><div><p>Text.</p></div><!-- /wp:group -->")
        assert losses == ["Left out: the picture https://e.org/a.png behind a text."]

    def test_has_the_footnotes_that_are_stored_beside_it(self, bring):
        content = (
            '<!-- wp:paragraph --><p>Said<sup data-fn="u1" class="fn"><a href="#u1" '
            'id="u1-link">1</a></sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->'
        )
        notes = json.dumps([{"id": "u1", "content": "A <em>note</em>."}])
        assert bring(content, meta={"footnotes": notes}) == ("Said[^1].\n\n[^1]: A *note*.", [])


class APictureOfWordPress:
    def test_is_the_whole_one_in_place_of_a_smaller_copy(self, bring):
        body, losses = bring(
            '[caption id="x" width="300"]<a href="https://old.example/wp-content/uploads/2019/05/'
            'a.png"><img src="https://old.example/wp-content/uploads/2019/05/a-300x200.png" '
            'alt="A"></a> The <em>caption</em>.[/caption]'
        )
        assert body.startswith("![A](/media/images/")
        assert "<figcaption>The caption.</figcaption>" in markdown.render(body).html
        assert losses == []

    @pytest.mark.parametrize(
        "style", ["background-image:url({})", "color:red;background: url(&quot;{}&quot;) #fff"]
    )
    def test_behind_a_text_stands_before_it(self, bring, style):
        style = style.format("https://old.example/wp-content/uploads/2019/05/a.png")
        mark = '<!-- wp:cover {"hasParallax":true} -->'
        text = f'<div class="wp-block-cover" style="{style}"><p>Text.</p></div><!-- /wp:cover -->'
        body, losses = bring(mark + text)
        assert body.startswith("![describe this image](/media/images/")
        assert body.endswith("\n\nText.")
        assert losses == []

    def test_of_a_gallery_stands_alone_and_not_in_a_list(self, bring):
        figure = '<figure><img src="/wp-content/uploads/2019/05/a.png" alt="A"></figure>'
        body, _ = bring(f'<!-- wp:x --><ul class="blocks-gallery-grid"><li>{figure}</li></ul>')
        assert body.startswith("![A](/media/images/")

    def test_of_a_gallery_is_found_by_its_id(self, bring):
        file = attachment(7, "2019/05/a.png", "Seven", caption="Cap")
        body, losses = bring('[gallery ids="7,8"]', file)
        assert [alt for _, alt in markdown.facts_of(body).images] == ["Seven"]
        assert losses == ["The picture 8 of a gallery is not among the attachments."]

    def test_of_a_gallery_without_ids_is_attached_to_the_post(self, bring):
        body, losses = bring("[gallery]", attachment(7, "2019/05/a.png", "Seven", parent=1))
        assert [alt for _, alt in markdown.facts_of(body).images] == ["Seven"]
        assert losses == []

    def test_of_the_thumbnail_is_the_cover(self, bring):
        bring("Text.", attachment(7, "2019/05/a.png", "Seven"), meta={"_thumbnail_id": "7"})
        assert Story.objects.get().cover.name.startswith("covers/")
        assert Story.objects.get().cover_alt == "Seven"


class APostOfWordPress:
    def test_has_authors_tags_and_search_texts(self, tmp_path):
        more = (
            '<category domain="category" nicename="uncategorized">Uncategorized</category>'
            '<category domain="category" nicename="news">News</category>'
            '<category domain="post_tag" nicename="cpp">C++</category>'
        )
        meta = {"_yoast_wpseo_title": "ST", "_yoast_wpseo_metadesc": "SD"}
        move("wordpress", wordpress(tmp_path / "a.xml", wordpress_item(more=more, meta=meta)))
        story = Story.objects.get()
        assert story.byline == "Jane Doe"
        assert [tag.name for tag in story.tags.all()] == ["News", "C++"]
        assert (story.search_title, story.search_description) == ("ST", "SD")
        paths = OldAddress.objects.order_by("path").values_list("path", flat=True)
        assert list(paths) == ["/2019/05/post-1", "/?p=1"]

    @pytest.mark.parametrize(
        ("values", "moment"),
        [
            ({}, datetime(2019, 5, 1, 10, tzinfo=UTC)),
            ({"post_date_gmt": "0000-00-00 00:00:00"}, datetime(2019, 5, 1, 12, tzinfo=UTC)),
            (
                {"status": "future", "post_date_gmt": "2090-01-01 00:00:00"},
                datetime(2090, 1, 1, tzinfo=UTC),
            ),
            ({"status": "draft"}, None),
            ({"status": "pending"}, None),
            ({"status": "private"}, None),
            ({"post_password": "x"}, None),
        ],
    )
    def test_has_its_time_in_gmt_unless_it_was_not_public(self, tmp_path, values, moment):
        path = wordpress(tmp_path / "a.xml", wordpress_item(**values))
        move("wordpress", path, publishes_all=True)
        assert Story.objects.get().publish_at == moment

    def test_is_read_from_every_version(self, tmp_path):
        for number, version in enumerate(("1.0", "1.1", "1.2"), 1):
            path = wordpress(tmp_path / "a.xml", wordpress_item(number), version=version)
            assert move("wordpress", path)[f"Post {number}"].result == "created"

    def test_has_words_where_wordpress_has_html(self, tmp_path):
        more = '<category domain="category" nicename="rd">R&amp;amp;D</category>'
        item = wordpress_item(title="Media &amp; <em>Text</em>, 1 &lt; 2", more=more)
        item = item.replace("An excerpt.", "An <b>excerpt</b>.")
        move("wordpress", wordpress(tmp_path / "a.xml", item))
        story = Story.objects.get()
        assert (story.title, story.excerpt) == ("Media & Text, 1 < 2", "An excerpt.")
        assert [tag.name for tag in story.tags.all()] == ["R&D"]

    def test_without_a_number_is_known_by_its_short_address(self, tmp_path):
        more = "<guid>https://old.example/?p=7</guid>"
        path = wordpress(tmp_path / "a.xml", wordpress_item("", more=more))
        assert [line.foreign_id for line in move("wordpress", path).values()] == ["7"]

    def test_whose_address_is_the_front_page_leaves_it_alone(self, tmp_path):
        links = ["https://old.example/blog/?p=1", "https://old.example/blog/"]
        items = [wordpress_item(n, link=link) for n, link in enumerate(links, 1)]
        body = '<a href="https://old.example/blog/?p=1">One</a>, <a href="/blog/">all</a>'
        items.append(wordpress_item(3, body))
        move("wordpress", wordpress(tmp_path / "a.xml", *items), site="https://old.example/blog")
        paths = OldAddress.objects.order_by("path").values_list("path", flat=True)
        assert list(paths) == ["/2019/05/post-3", "/?p=1", "/?p=2", "/?p=3"]
        assert Story.objects.get(slug="post-3").body == (
            "[One](/stories/post-1/), [all](https://old.example/blog/)"
        )

    def test_links_to_others_by_each_spelling_of_the_host(self, tmp_path):
        link = "https://xn--mller-kva.example/a/"
        items = [wordpress_item(1, f'<a href="{link}">A</a>'), wordpress_item(2, link=link)]
        move("wordpress", wordpress(tmp_path / "a.xml", *items), site="https://müller.example")
        assert Story.objects.get(slug="post-1").body == "[A](/stories/post-2/)"

    def test_has_no_address_as_its_excerpt(self, tmp_path):
        item = wordpress_item(content="https://vimeo.com/1\n\nhttps://e.org/x\n\nThe text.")
        move("wordpress", wordpress(tmp_path / "a.xml", item.replace("An excerpt.", "")))
        assert Story.objects.get().excerpt == "The text."

    def test_is_no_page_no_revision_and_not_in_the_bin(self, tmp_path):
        items = [
            wordpress_item(1, status="trash"),
            wordpress_item(2, post_type="page"),
            wordpress_item(3, post_type="nav_menu_item"),
            wordpress_item(4, post_type="product"),
            wordpress_item(5, post_type="product"),
        ]
        lines = move("wordpress", wordpress(tmp_path / "a.xml", *items))
        assert list(lines) == ["Post 2", "2 of the kind product"]
        assert not Story.objects.exists()

    def test_is_read_in_other_encodings(self, tmp_path):
        for number, encoding in enumerate(("iso-8859-1", "utf-16"), 1):
            item = wordpress_item(number, "Grüße", title=f"Söhne {number}")
            path = wordpress(tmp_path / "a.xml", item, encoding=encoding)
            assert move("wordpress", path)[f"Söhne {number}"].result == "created"
        assert set(Story.objects.values_list("body", flat=True)) == {"Grüße"}

    def test_loses_characters_that_xml_forbids(self, tmp_path):
        move("wordpress", wordpress(tmp_path / "a.xml", wordpress_item(1, "a\x0bb\x00c")))
        assert Story.objects.get().body == "abc"


class HOSTILE:
    BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


class AnXmlFileThatIsNoExport:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda t: t.replace("<rss", HOSTILE.BOMB + "<rss", 1), "defines entities"),
            (lambda t: t.replace("<rss", HOSTILE.FILE + "<rss", 1), "defines entities"),
            (lambda t: t.replace("1.2</wp:wxr", "2.0</wp:wxr"), "This is WXR 2.0"),
            (lambda t: t.replace("<wp:wxr_version>1.2</wp:wxr_version>", ""), "no wxr_version"),
            (lambda t: t[:-20], "The XML is broken"),
            (
                lambda t: t.replace("UTF-8", "klingon").replace("utf-8", "klingon"),
                "encoding|broken",
            ),
            (lambda t: "", "The XML is broken"),
        ],
    )
    def test_is_refused_in_a_sentence_and_nothing_is_stored(self, tmp_path, change, sentence):
        path = wordpress(tmp_path / "a.xml", wordpress_item())
        path.write_text(change(path.read_text()))
        with pytest.raises(CommandError, match=sentence):
            call_command("import_from", "wordpress", path)
        assert not Story.objects.exists()

    def test_is_not_utf_8_although_it_says_so(self, tmp_path):
        path = tmp_path / "a.xml"
        path.write_bytes(
            HEAD.format(version="1.2").encode() + b"<item>\xff\xfe</item></channel></rss>"
        )
        with pytest.raises(CommandError, match="The XML is broken"):
            call_command("import_from", "wordpress", path)
