"""What writers paste becomes the Markdown that the guide teaches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories_project.text.from_html import from_html
from stories_project.text.markdown import render

EXAMPLES = {
    "emphasis": ("<p>She <b>wove</b> and <i>waited</i>.</p>", "She **wove** and *waited*."),
    "headings begin at level 2": ("<h1>One</h1><h3>Two</h3>", "## One\n\n### Two"),
    "a bold heading": ("<h2><b>One</b></h2>", "## One"),
    "a link": ('<p><a href="https://a.example/x">Here</a></p>', "[Here](https://a.example/x)"),
    "a link on this site": ('<a href="/stories/loom/">Loom</a>', "[Loom](/stories/loom/)"),
    "a link to a script": ('<a href="javascript:alert(1)">Here</a>', "Here"),
    "a link without words": ('<p>One<a href="https://a.example/"></a></p>', "One"),
    "lists": (
        "<ul><li>One<ul><li>Below</li></ul></li><li>Two</li></ul><ol><li>First</li></ol>",
        "- One\n  - Below\n- Two\n\n1. First",
    ),
    "a quotation": ("<blockquote><p>Nobody asked.</p></blockquote>", "> Nobody asked."),
    "a table": (
        "<table><tr><th>Year</th><th>Looms</th></tr><tr><td>1924</td><td>12</td></tr></table>",
        "| Year | Looms |\n| --- | --- |\n| 1924 | 12 |",
    ),
    "a table with a foot": (
        "<table><thead><tr><th>Year</th></tr></thead><tfoot><tr><td>All</td></tr></tfoot>"
        "<tbody><tr><td>1924</td></tr></tbody></table>",
        "| Year |\n| --- |\n| 1924 |\n| All |",
    ),
    "a list after a list": (
        "<ul><li>One</li></ul>\n<ul><li>Two</li></ul>\n<ul><li>Three</li></ul>"
        "<ol><li>First</li></ol><ol><li>First</li></ol>",
        "- One\n\n* Two\n\n- Three\n\n1. First\n\n1) First",
    ),
    "bold within bold": ("<p><strong>She <b>wove</b>.</strong></p>", "**She wove.**"),
    "emphasis beside a word": (
        "<p><b>Note:</b>this, a<i>“b”</i>c, <b>bold.</b> <b><a href='/x/'>Here</a></b>after</p>",
        "**Note**:this, a“*b*”c, **bold.** [Here](/x/)after",
    ),
    "raised and lowered numbers": (
        "<p>H<sub>2</sub>O, 5 m<sup>2</sup>, the 4<sup>th</sup></p>",
        "H₂O, 5 m², the 4th",
    ),
    "line breaks at the edges of a block": (
        "<blockquote><p>One</p><cite><br>She<br></cite></blockquote><div>Two<br></div>",
        "> One\n>\n> She\n\nTwo",
    ),
    "lines of code": ("<pre>One<br>  Two<br/></pre>", "```\nOne\n  Two\n```"),
    "a backslash before a sign": (
        r"<p>C:\temp and C:\_a, \"so\"</p>",
        'C:\\temp and C:\\\\\\_a, \\\\"so\\\\"',
    ),
    "signs of Markdown": ("<p>5 * 3 and a_b and # one</p>", "5 \\* 3 and a\\_b and # one"),
    "odd spaces": ("<p>one\u00a0two\u200b</p>", "one two"),
    "a script": ("<p>One</p><script>alert(1)</script><style>p{}</style>", "One"),
    "nothing": ("", ""),
    "plain text": ("Just words", "Just words"),
    "a condition of Word": ("<![if !vml]><p>One</p><![endif]><![1", "One"),
}
GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h1 dir="ltr"><span style="font-weight:400;">Act I: The Mill</span></h1>
<p dir="ltr"><span style="font-weight:400;">She </span><span style="font-weight:700;">wove</span>
<span style="font-style:italic;font-weight:400;">alone</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>.</p>
<div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;The mill’s ledger.</span></p></div></b>"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{mso-style:x}</style></head>
<body><!--StartFragment--><p class=MsoNormal><b>She</b> wove<a href="#_ftn1" name="_ftnref1"
title=""><span class=MsoFootnoteReference>[1]</span></a>.<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>   </span></span>One</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o </span>Below</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>Two</p>
<p class=MsoNormal>After.</p>
<div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> The ledger.</p></div>
<!--EndFragment--></body></html>"""


class APastedPage:
    @pytest.mark.parametrize(("html", "markdown"), EXAMPLES.values(), ids=EXAMPLES)
    def test_becomes_markdown(self, html, markdown):
        assert from_html(html).markdown == markdown

    def test_of_google_docs(self):
        assert from_html(GOOGLE).markdown == (
            "## Act I: The Mill\n\nShe **wove** *alone*[^1].\n\n[^1]: The mill’s ledger."
        )

    def test_of_word(self):
        assert from_html(WORD).markdown == (
            "**She** wove[^1].\n\n- One\n  - Below\n- Two\n\nAfter.\n\n[^1]: The ledger."
        )

    def test_says_how_many_pictures_it_lacks(self):
        page = from_html('<p>One<img src="data:image/png;base64,AAAA"><img src="https://x/y"></p>')
        assert (page.markdown, page.pictures_left_out) == ("One", 2)

    def test_shows_as_it_was(self):
        html = render(from_html(GOOGLE).markdown).html
        assert "<strong>wove</strong>" in html
        assert "The mill’s ledger." in html

    @given(st.text(alphabet="<>/=\"' abpliuh1#!-[]&;_*\n", max_size=300))
    @settings(max_examples=200, deadline=None)
    def test_may_be_anything(self, html):
        markdown = from_html(html).markdown
        assert "<script" not in render(markdown).html
