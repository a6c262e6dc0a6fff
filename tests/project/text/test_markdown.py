"""Markdown to safe HTML."""

import pytest

from stories_project.text.markdown import render


def html(source):
    return render(source).html


class AText:
    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
            ('"Quoted" -- it\'s...', "<p>“Quoted” – it’s…</p>"),
            ("# Title", '<h2 id="title">Title</h2>'),
            ("> Pulled", "<blockquote>\n<p>Pulled</p>\n</blockquote>"),
            ("~~gone~~", "<p><s>gone</s></p>"),
            ("## C++ & C#", '<h2 id="c-plus-plus-and-c-sharp">C++ &amp; C#</h2>'),
            ("## 何小鹏", '<h2 id="何小鹏">何小鹏</h2>'),
        ],
    )
    def test_becomes_html(self, source, expected):
        assert html(source).strip() == expected

    def test_has_different_anchors_for_equal_headings(self):
        assert [h.anchor for h in render("## Act\n\n## Act").headings] == ["act", "act-1"]

    def test_lists_its_headings(self):
        (heading,) = render("### The *first* `act`").headings
        assert (heading.level, heading.anchor, heading.text) == (
            3,
            "the-first-act",
            "The first act",
        )

    def test_aligns_a_table_by_class(self):
        table = html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
        assert '<td class="align-center">1</td>' in table
        assert "style" not in table

    def test_lets_the_keyboard_scroll_a_table_whose_corner_is_no_header(self):
        table = html("| | Trials |\n|---|---|\n| 1774 | 12 |")
        assert table.startswith('<table tabindex="0">')
        assert "<td></td>\n<th>Trials</th>" in table

    def test_has_footnotes(self):
        text = html("Fact.[^1]\n\n[^1]: Source.")
        assert 'href="#fn1" id="fnref1"' in text
        assert '<li id="fn1" class="footnote-item">' in text

    def test_has_its_footnotes_below_a_heading_that_is_no_act(self):
        rendering = render("## Act I: A\n\nFact.[^1]\n\n[^1]: Source.")
        assert '<section class="footnotes">\n<h2>Notes</h2>' in rendering.html
        assert [heading.text for heading in rendering.headings] == ["Act I: A"]

    def test_keeps_its_footnotes_apart_from_those_of_another(self):
        assert 'id="fn-7-1"' in render("Fact.[^1]\n\n[^1]: Source.", anchor_prefix="7").html

    @pytest.mark.parametrize(("size", "is_wide"), [("1600x800", True), ("1600x801", False)])
    def test_makes_a_figure_wide_if_its_picture_is_twice_as_wide_as_high(self, size, is_wide):
        figure = html(f'![A map](/media/images/{"0" * 32}-{size}-a0b1c2.webp "The road")')
        assert ('<figure class="wide">' in figure) == is_wide
        assert ('sizes="(min-width: 62rem) 50rem, 92vw"' in figure) == is_wide

    def test_makes_a_figure_of_a_lone_image_with_a_title(self):
        name = f"/media/images/{'0' * 32}-640x480.webp"
        figure = html(f'![A kiln]({name} "The kiln of 1769")')
        assert figure.startswith('<figure><picture><source type="image/avif" srcset="/media/')
        assert 'alt="A kiln"' in figure
        assert 'width="640" height="480"' in figure
        assert figure.strip().endswith(
            "</picture><figcaption>The kiln of 1769</figcaption></figure>"
        )

    def test_says_in_its_own_line_which_act_begins(self):
        assert html("## Act II: The *turn*") == (
            '<h2 id="act-ii-the-turn"><span class="act">Act II<span class="colon">: </span></span>The <em>turn</em></h2>\n'
        )
        assert "<span" not in html("## Nottingham: The turn")
        assert render("## Prologue: A start").headings[0].text == "Prologue: A start"

    def test_leaves_an_image_within_a_sentence_alone(self):
        assert "<figure>" not in html('See ![A kiln](/k.webp "Title") here')

    def test_marks_links_that_lead_outside(self, settings):
        assert 'rel="noopener noreferrer external"' in html("[a](https://example.org/)")
        assert "rel=" not in html("[a](/stories/)")
        assert "rel=" not in html(f"[a]({settings.SITE_URL}/stories/)")

    def test_counts_the_words_that_are_read(self):
        source = "## Two words\n\nIt's one [link](https://example.org/a/b/c) & `code`.\n\n---"
        assert render(source).words == 6


class AHostileText:
    @pytest.mark.parametrize(
        "source",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<style>*{display:none}</style>",
            "<iframe src=//evil.example></iframe>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt&colon;alert(1))",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "![a](javascript:alert(1))",
            '![a](x "onerror=alert(1)")',
            '[a](/ "\\" onmouseover=\\"alert(1)")',
            "<svg/onload=alert(1)>",
            "<a href='javascript:alert(1)'>x</a>",
            "`<script>`",
            "[a]: javascript:alert(1)\n\n[a]",
            "<details open ontoggle=alert(1)>",
        ],
    )
    def test_becomes_inert(self, source):
        result = html(source).lower()
        for tag in ("<script", "<style", "<iframe", "<svg", "<details", "<img src=x"):
            assert tag not in result
        for attribute in ('href="javascript', 'src="javascript', 'href="data:', '" on'):
            assert attribute not in result


class TheLinesOfARendering:
    @pytest.mark.parametrize(
        ("source", "lines"),
        [
            ("", []),
            ("One\nmore\n\nTwo", [0, 3]),
            (
                "## One\n\n- a\n- b\n\n> c\n\n| a |\n| - |\n| b |\n\n```\nx\n```\n\n---",
                [0, 2, 5, 7, 11, 15],
            ),
            ("A[^1]\n\n[^1]: Note\n\nB", [0, 4]),
        ],
    )
    def test_are_those_at_which_its_elements_begin(self, source, lines):
        assert render(source).lines == lines
