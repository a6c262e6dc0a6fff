"""Citations: what a text cites, and which claims cite nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories_project.text.markdown import render


def html(source):
    return str(render(source).html)


class ACitation:
    def test_is_a_number_that_leads_to_its_source(self):
        assert html("He began.[@mill]") == (
            '<p>He began.<sup class="citation"><a href="#source-mill" id="cite-mill" '
            'role="doc-biblioref">1</a></sup></p>\n'
        )

    def test_has_the_same_number_each_time_and_one_anchor(self):
        page = html("One.[@b] Two.[@a] Three.[@b]")
        assert [page.count(f">{number}</a>") for number in (1, 2, 3)] == [2, 1, 0]
        assert page.count('id="cite-b"') == 1
        assert render("One.[@b] Two.[@a] Three.[@b]").facts.citations == ["b", "a"]

    def test_may_name_several_sources_and_places_in_them(self):
        page = html("One.[@mill, p. 12; @letters]")
        assert ">1, p. 12</a> <a" in page
        assert 'href="#source-letters"' in page

    @pytest.mark.parametrize(
        "source",
        [
            *("[@]", "[@ mill]", "[mill]", "[@mill](/x/)", "[@mill; letters]", "`[@mill]`"),
            *("[@mill", "\\[@mill]", "[@-x]", f"[@{'x' * 41}]", "![a [@mill] b](/x.png)"),
        ],
    )
    def test_is_nothing_else(self, source):
        assert "citation" not in html(source)

    def test_writes_no_html_of_its_own(self):
        page = html('[@a, <script>&"]')
        assert "<script" not in page
        assert '1, &lt;script&gt;&amp;"</a>' in page

    @given(st.text("[@]a;,()\\`!* \n1", max_size=60))
    def test_never_breaks_a_text(self, source):
        page = html(source)
        assert page.count("<sup") == page.count("</sup>")


CLAIMS = [
    ("He began in 1759.", ["He began in 1759."]),
    ("It cost 5 %.", ["It cost 5 %."]),
    ('She said: "Nobody believed that it could fly."', 1),
    ("He began.", []),
    ('He called it "the mill".', []),
    ("He began in 1759.[@mill]", []),
    ("He began in 1759 [@mill].", []),
    ("He began in 1759.[^1]\n\n[^1]: Says 1760.", []),
    # A citation stands for what is before it in its paragraph.
    ("In 1759. In 1760.[@mill] In 1761.", ["In 1761."]),
    ("In 1759.[@mill]\n\nIn 1760.", ["In 1760."]),
    ("> In 1759, said the quotation.", []),
    ("> A quotation.\n\nIn 1759.", ["In 1759."]),
    ("- In 1759 in a list.", ["In 1759 in a list."]),
    ("## In 1759", []),
]


class AClaim:
    @pytest.mark.parametrize(("source", "expected"), CLAIMS)
    def test_is_a_sentence_with_a_number_a_date_or_a_quotation(self, source, expected):
        found = render(source).facts.uncited
        assert (len(found) if isinstance(expected, int) else found) == expected


class APictureThatIsALink:
    def test_to_another_site_is_a_figure_that_says_where_it_leads(self):
        page = html('[![The loom](/loom.png "A film")](https://www.youtube.com/watch?v=1)')
        assert page.startswith('<figure class="embed"><a href="https://www.youtube.com/watch?v=1"')
        assert 'rel="noopener noreferrer external"' in page
        assert "<figcaption>A film (youtube.com)</figcaption>" in page

    def test_to_another_site_needs_no_title(self):
        assert "<figcaption>vimeo.com</figcaption>" in html("[![A](/a.png)](https://vimeo.com/1)")

    @given(st.text("[]:@%/.x1", min_size=1, max_size=10))
    def test_may_lead_to_what_is_no_address(self, host):
        assert "/a.png" in html(f"[![A](/a.png)](<http://{host}>)")

    @pytest.mark.parametrize(
        "source", ["[![A](/a.png)](/stories/x/)", "Text [![A](/a.png)](https://vimeo.com/1)"]
    )
    def test_within_the_site_or_the_text_stays_a_picture(self, source):
        assert "<figure" not in html(source)
