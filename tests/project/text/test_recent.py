"""The last few results of a costly function, and the renderings that are kept so."""

from stories_project.text import markdown
from stories_project.text.markdown_parser import parser
from stories_project.text.recent import Recent


class AResult:
    def test_is_computed_once(self):
        recent, computed = Recent(2), []
        for _ in range(2):
            assert recent.get("a", lambda: computed.append(1) or "A") == "A"
        assert len(computed) == 1

    def test_is_forgotten_after_a_few_others(self):
        recent = Recent(2)
        for key in "abc":
            recent.keep(key, key)
        assert recent.get("a", lambda: "again") == "again"
        assert recent.get("c", lambda: "again") == "c"


class AMarkdownText:
    def test_is_parsed_once_for_its_facts_and_its_html(self, monkeypatch):
        parse, parsed = parser.parse, []
        monkeypatch.setattr(parser, "parse", lambda *text: parsed.append(text) or parse(*text))
        source = "## Checked and stored\n\n![A kiln](/media/covers/x.webp) [one](https://x.org)"
        facts = markdown.facts_of(source)
        html = markdown.render(source).html
        assert facts.images == [("/media/covers/x.webp", "A kiln")]
        assert facts.links == ["https://x.org"]
        assert "<h2" in html
        assert len(parsed) == 1

    def test_is_rendered_again_for_another_address_of_the_site(self, settings):
        source = "[here](http://127.0.0.1:8000/search/)"
        assert "external" not in markdown.render(source).html
        settings.SITE_URL = "https://example.org"
        assert "external" in markdown.render(source).html
