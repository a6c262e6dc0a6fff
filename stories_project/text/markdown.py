"""Markdown to safe HTML, for page, preview and feed: the only place that marks a string safe.

The source is CommonMark (https://spec.commonmark.org/0.31.2/) with tables, strikethrough, footnotes
and typographic quotes. Raw HTML in the source is shown as text, and what the renderer makes still
passes an allow-list.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from html import escape, unescape
from itertools import chain, count, pairwise
from math import ceil
from urllib.parse import unquote

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from stories_project.pictures.renditions import picture_of
from stories_project.text.folding import slug_for

# Stored HTML carries this number; raise it whenever the same source gives other HTML.
RENDERER_VERSION = 2

ALLOWED_TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s", "a", "sup"),
    *("img", "picture", "source", "span"),
    *("h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "figure", "figcaption", "section"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "rel", "id", "aria-label"},
    "img": {"src", "alt", "title", "width", "height", "loading", "srcset", "sizes"},
    "source": {"type", "srcset", "sizes"},
    "li": {"id"},
    "ol": {"start"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
ALLOWED_CLASSES = {
    "a": {"footnote-backref"},
    "code": set(),
    "li": {"footnote-item"},
    "ol": {"footnotes-list"},
    "section": {"footnotes"},
    "span": {"act"},
    "sup": {"footnote-ref"},
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
}
# How the parts of a long story are called.
ACT = re.compile(r"(?:Prologue|Epilogue|Interlude|Coda|(?:Act|Part|Chapter) \w+):\s+")
# In an attribute; a quotation mark in the text would be written as &quot;.
OWN_ADDRESS = re.compile(r'(\s(?:src|href|srcset)=")/(?!/)')
OWN_SRCSET = re.compile(r'\ssrcset="[^"]*"')
# A picture in the text is as wide as the text: `--measure` in site.css.
IMAGE_SIZES = "(min-width: 48rem) 44rem, 92vw"
# What stands where a picture has to be described.
ALT_TO_WRITE = "describe this image"
ALLOWED_SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True)
class Heading:
    """One heading of a text: its level as served (2 to 6), its anchor and its words."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What a text has besides its words, for whoever checks it.

    `images` are (address, alternative text), `links` are addresses as they were written,
    `paragraphs` are plain words.
    """

    headings: list[Heading]
    images: list[tuple[str, str]]
    links: list[str]
    paragraphs: list[str]


@dataclass(frozen=True)
class Rendering:
    """What one source text becomes."""

    html: SafeString
    headings: list[Heading]
    words: int

    @property
    def minutes(self):
        """Reading time in whole minutes, never less than one."""
        return minutes_to_read(self.words)


def minutes_to_read(words):
    """Return the whole minutes it takes to read so many words, never less than one."""
    return max(1, ceil(words / settings.WORDS_A_MINUTE))


def render(source, anchor_prefix=""):
    """Return the Rendering of a Markdown text.

    `anchor_prefix` keeps footnote anchors apart where several texts stand on one page.
    """
    env = {"docId": anchor_prefix} if anchor_prefix else {}
    tokens = _parser.parse(source, env)
    html = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, env),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel=None,
    )
    return Rendering(mark_safe(html), _headings(tokens), _count_words(tokens))  # noqa: S308


def facts_of(source):
    """Return the Facts of a Markdown text, without making HTML of it."""
    tokens = _parser.parse(source, {})
    parts = [child for token in tokens for child in token.children or []]
    return Facts(
        headings=_headings(tokens),
        images=[(p.attrGet("src"), _plain_text(p).strip()) for p in parts if p.type == "image"],
        links=[unquote(p.attrGet("href") or "") for p in parts if p.type == "link_open"],
        paragraphs=[
            _plain_text(inline)
            for opening, inline in pairwise(tokens)
            if opening.type == "paragraph_open"
        ],
    )


def render_html(source):
    """Return only the HTML of a Markdown text."""
    return render(source).html


def as_rendered(html):
    """Return HTML that `render` made and a row has kept, as safe as when it was made."""
    return mark_safe(html)  # noqa: S308


def with_whole_addresses(html):
    """Return HTML that `render` made with the site's own addresses made whole."""
    whole = OWN_ADDRESS.sub(rf"\1{settings.SITE_URL}/", html)
    whole = OWN_SRCSET.sub(lambda s: s[0].replace(", /", f", {settings.SITE_URL}/"), whole)
    return mark_safe(whole)  # noqa: S308


def plain_text(html):
    """Return the words of HTML that `render` made, without its tags."""
    return unescape(nh3.clean(html.replace("<", " <"), tags=set(), attributes={}))


def _headings(tokens):
    return [
        Heading(int(token.tag[1]), token.attrGet("id"), _plain_text(inline))
        for token, inline in pairwise(tokens)
        if token.type == "heading_open"
    ]


def _count_words(tokens):
    texts = (_plain_text(t) for t in tokens if t.type == "inline")
    return sum(len(re.findall(r"\w+(?:['’-]\w+)*", text)) for text in texts)


def _plain_text(inline):
    kinds = {"text", "code_inline"}
    breaks = {"softbreak", "hardbreak"}
    return "".join(
        t.content if t.type in kinds else " " if t.type in breaks else ""
        for t in inline.children or []
    )


def _begin_headings_below_the_title(state):
    """The page's only level 1 is the title."""
    for token in state.tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _anchor_headings(state):
    """Equal headings are numbered: "act", "act-1". No number is tried twice in a text."""
    taken, numbers = set(), defaultdict(lambda: count(1))
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open":
            stem = slug_for(_plain_text(inline))
            numbered = (f"{stem}-{number}" for number in numbers[stem])
            anchor = next(slug for slug in chain([stem], numbered) if slug not in taken)
            taken.add(anchor)
            opening.attrSet("id", anchor)


def _set_acts_apart(state):
    """ "Act I: The turn" says in its own line which act begins."""
    for opening, inline in pairwise(state.tokens):
        first = inline.children[0] if opening.tag == "h2" and inline.children else None
        if first and first.type == "text" and (act := ACT.match(first.content)):
            first.content = first.content[act.end() :]
            label = Token("text", "", 0, content=act[0])
            begin = Token("act_open", "span", 1, attrs={"class": "act"})
            inline.children[:0] = [begin, label, Token("act_close", "span", -1)]


def _set_table_alignment_by_class(state):
    """A strict policy forbids the style attribute that tables come with."""
    for token in state.tokens:
        if token.type in {"th_open", "td_open"} and (style := token.attrs.pop("style", None)):
            token.attrSet("class", f"align-{style.split(':')[1]}")


def _make_figures(state):
    """An image alone in its paragraph, with a title, is a figure with the title as its caption."""
    tokens = state.tokens
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "paragraph_open" or len(inline.children or []) != 1:
            continue
        image = inline.children[0]
        if image.type == "image" and (caption := image.attrs.pop("title", None)):
            opening.tag = closing.tag = "figure"
            inline.children += [
                Token("figcaption_open", "figcaption", 1),
                Token("text", "", 0, content=caption),
                Token("figcaption_close", "figcaption", -1),
            ]


def _render_link(renderer, tokens, index, options, env):
    href = tokens[index].attrGet("href") or ""
    if href.startswith(("http:", "https:", "//")) and not href.startswith(settings.SITE_URL):
        tokens[index].attrSet("rel", "noopener noreferrer external")
    return renderer.renderToken(tokens, index, options, env)


def _render_image(renderer, tokens, index, options, env):
    image = tokens[index]
    image.attrSet("loading", "lazy")
    picture = picture_of(image.attrGet("src") or "")
    if picture is None:
        return renderer.image(tokens, index, options, env)
    image.attrs |= {"src": picture.src, "srcset": picture.jpeg_srcset, "sizes": IMAGE_SIZES}
    image.attrs |= {"width": str(picture.width), "height": str(picture.height)}
    sources = "".join(
        f'<source type="{kind}" srcset="{escape(srcset)}" sizes="{IMAGE_SIZES}">'
        for kind, srcset in picture.sources
    )
    return f"<picture>{sources}{renderer.image(tokens, index, options, env)}</picture>"


def _begin_footnotes(renderer, tokens, index, options, env):
    return '<section class="footnotes">\n<h2>Notes</h2>\n<ol class="footnotes-list">\n'


def _make_parser():
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "strikethrough", "smartquotes", "replacements"])
    parser.use(footnote_plugin, inline=False)
    parser.core.ruler.push("below_title", _begin_headings_below_the_title)
    parser.core.ruler.push("acts", _set_acts_apart)
    parser.core.ruler.push("table_alignment", _set_table_alignment_by_class)
    parser.core.ruler.push("figures", _make_figures)
    parser.core.ruler.push("anchors", _anchor_headings)
    parser.add_render_rule("link_open", _render_link)
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("footnote_block_open", _begin_footnotes)
    return parser


_parser = _make_parser()
