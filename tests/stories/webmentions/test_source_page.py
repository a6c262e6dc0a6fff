"""What is kept of the page of another site: plain text, and never much."""

import pytest

from stories.webmentions.source_page import parse, plain

URL, TARGET = "https://blog.example/page", "https://site.example/stories/loom/"


def read(html, target=TARGET):
    return parse(html, URL, target)


class ALink:
    @pytest.mark.parametrize(
        "html",
        [
            f'<a href="{TARGET}">x</a>',
            f"<a href='{TARGET}#part'>x</a>",
            f'<a href=" {TARGET} ">x',
            '<a href="//site.example/stories/loom/">x</a>',
            f'<blockquote cite="{TARGET}">x</blockquote>',
            f'<img src="{TARGET}">',
            f'<A HREF="{TARGET}">x</A>',
        ],
    )
    def test_is_found(self, html):
        assert read(html)

    @pytest.mark.parametrize(
        "html",
        [
            *("", TARGET, f"<!-- <a href='{TARGET}'> -->", f'<a title="{TARGET}">x</a>'),
            *(f'<a href="{TARGET}x">x</a>', '<a href="http://[x]/">x</a>', "<a href>x</a>"),
            f"<script>var a = '<a href=\"{TARGET}\">'</script>",
        ],
    )
    def test_is_not_what_only_looks_like_one(self, html):
        assert read(html) is None

    def test_may_be_asked_for_with_a_fragment(self):
        assert read(f'<a href="{TARGET}">x</a>', f"{TARGET}#part")


class AnExcerpt:
    def test_is_the_block_around_the_first_link(self):
        html = f'<li>One</li><li>Two <a href="{TARGET}">x</a> three<br>four</li><p>Five</p>'
        assert read(html).excerpt == "Two x threefour"

    def test_has_no_markup_and_no_characters_that_turn_the_text(self):
        html = (
            f"<p><b>A\u202eB</b>\x07 <a href='{TARGET}'>&lt;script&gt;</a><script>no</script></p>"
        )
        assert read(html).excerpt == "A B <script>"

    def test_is_short(self):
        found = read(f'<p><a href="{TARGET}">x</a> {"word " * 5000}</p>')
        assert len(found.excerpt) <= 300
        assert found.excerpt.endswith("word…")


class ATitleAndAnAuthor:
    def test_are_found(self):
        html = f"""<title>A &amp; B</title><meta name="Author" content="Ada">
        <svg><title>No</title></svg><p class="h-card p-author">Grace</p><a href="{TARGET}">x</a>"""
        found = read(html)
        assert (found.title, found.author) == ("A & B", "Ada")

    def test_may_be_missing(self):
        found = read(f'<a href="{TARGET}">x</a>')
        assert (found.title, found.author) == ("", "")


class AnyPage:
    @pytest.mark.parametrize(
        "html",
        [
            "<" * 10_000,
            "<!--" * 9000,
            "<div>" * 20_000,
            "<p class=p-author>" * 9000,
            "&#0;&#xD800;&#99999999;",
            "<![x",
        ],
    )
    def test_is_read_without_an_error(self, html):
        assert read(f'{html}<a href="{TARGET}">x</a>') or "<" in html


class ALongText:
    def test_without_spaces_is_cut_anywhere(self):
        assert plain("x" * 500, 100) == "x" * 99 + "…"
