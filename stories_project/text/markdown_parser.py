"""The Markdown parser: CommonMark with our extensions. Its HTML is not safe yet; see `markdown.py`.

The source is CommonMark (https://spec.commonmark.org/0.31.2/) with tables, strikethrough,
footnotes, citations and typographic quotes. Raw HTML in the source is shown as text.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain, count, pairwise
from urllib.parse import urlsplit

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from stories_project.pictures.renditions import picture_of
from stories_project.text.citations import cite, render_citation
from stories_project.text.folding import slug_for

# The names of the parts of a long story.
ACT = re.compile(r"(?:Prologue|Epilogue|Interlude|Coda|(?:Act|Part|Chapter) \w+):\s+")
# The beginning of the footnotes. No source can write it, since raw HTML is shown as text.
NOTES = '<section class="footnotes">\n<h2>Notes</h2>\n'
# A picture in the text is as wide as the text: `--measure` in site.css.
IMAGE_SIZES = "(min-width: 48rem) 44rem, 92vw"
# A figure stands wider than the text if its picture is so many times as wide as it is high.
WIDE = 2
WIDE_SIZES = "(min-width: 62rem) 50rem, 92vw"


def text_of(inline: Token) -> str:
    """Return the plain text of an inline token, without its links, images and emphasis."""
    kinds = {"text", "code_inline"}
    breaks = {"softbreak", "hardbreak"}
    return "".join(
        t.content if t.type in kinds else " " if t.type in breaks else ""
        for t in inline.children or []
    )


def _begin_headings_at_level_2(state: StateCore) -> None:
    """Turn level 1 into level 2: the title of the page is the only heading of level 1."""
    for token in state.tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _anchor_headings(state: StateCore) -> None:
    """Give each heading an id. Equal headings are numbered ("act", "act-1"), in linear time."""
    taken: set[str] = set()
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open":
            stem = slug_for(text_of(inline))
            numbered = (f"{stem}-{number}" for number in numbers[stem])
            anchor = next(slug for slug in chain([stem], numbered) if slug not in taken)
            taken.add(anchor)
            opening.attrSet("id", anchor)


def _mark_acts(state: StateCore) -> None:
    """Put the label of "Act I: The turn" into a span, so that it can stand on its own line.

    Its colon has a span of its own: only a page that sets the label apart can hide it.
    """
    for opening, inline in pairwise(state.tokens):
        children = inline.children
        if opening.tag != "h2" or not children or children[0].type != "text":
            continue
        first = children[0]
        if act := ACT.match(first.content):
            first.content = first.content[act.end() :]
            label, colon = act[0].split(":")
            children[:0] = _span("act", label, *_span("colon", f":{colon}"))


def _span(name: str, text: str, *inside: Token) -> list[Token]:
    begin = Token(f"{name}_open", "span", 1, attrs={"class": name})
    label = Token("text", "", 0, content=text)
    return [begin, label, *inside, Token(f"{name}_close", "span", -1)]


def _make_tables(state: StateCore) -> None:
    """Make tables as the page needs them.

    The Content-Security-Policy forbids the style attribute of cells: they are aligned by class. A
    wide table scrolls, so the keyboard must reach it. The empty corner above a column of names is
    no header.
    """
    tokens = state.tokens
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")
        if token.type in {"th_open", "td_open"} and (style := token.attrs.pop("style", None)):
            token.attrSet("class", f"align-{str(style).split(':')[1]}")
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not inline.content:
            opening.tag = closing.tag = "td"


def _make_figures(state: StateCore) -> None:
    """Turn an image that is alone in its paragraph and has a title into a figure with a caption.

    An image that is a link to another site, such as to a video, is a figure without a title too.
    A figure of a map or a chart, whose picture is at least twice as wide as high, is wide.
    """
    tokens = state.tokens
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        children = inline.children or []
        if opening.type != "paragraph_open":
            continue
        kinds = [child.type for child in children]
        if kinds == ["image"] and (caption := children[0].attrs.pop("title", None)):
            opening.tag = closing.tag = "figure"
            if _is_wide(children[0]):
                opening.attrSet("class", "wide")
                children[0].meta["sizes"] = WIDE_SIZES
            children += _caption(str(caption))
        elif kinds == ["link_open", "image", "link_close"] and (site := _other_site(children[0])):
            opening.tag = closing.tag = "figure"
            opening.attrSet("class", "embed")
            caption = children[1].attrs.pop("title", None)
            children += _caption(f"{caption} ({site})" if caption else site)


def _is_wide(image: Token) -> bool:
    picture = picture_of(str(image.attrGet("src") or ""))
    return picture is not None and picture.width >= WIDE * picture.height


def _caption(text: str) -> list[Token]:
    opening, closing = (
        Token("figcaption_open", "figcaption", 1),
        Token("figcaption_close", "figcaption", -1),
    )
    return [opening, Token("text", "", 0, content=text), closing]


def _other_site(link: Token) -> str:
    """Return the host of a link to another site, without "www.", or an empty text."""
    href = str(link.attrGet("href") or "")
    is_other = href.startswith(("http:", "https:")) and not href.startswith(settings.SITE_URL)
    try:
        host = urlsplit(href).hostname if is_other else None
    except ValueError:  # This is no address, such as http://[x]/.
        host = None
    return (host or "").removeprefix("www.")


def _render_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    href = str(tokens[index].attrGet("href") or "")
    if href.startswith(("http:", "https:", "//")) and not href.startswith(settings.SITE_URL):
        tokens[index].attrSet("rel", "noopener noreferrer external")
    return renderer.renderToken(tokens, index, options, env)


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    image = tokens[index]
    image.attrSet("loading", "lazy")
    picture = picture_of(str(image.attrGet("src") or ""))
    if picture is None:
        return renderer.image(tokens, index, options, env)
    sizes = image.meta.get("sizes", IMAGE_SIZES)
    image.attrs |= {"src": picture.src, "srcset": picture.jpeg_srcset, "sizes": sizes}
    image.attrs |= {"width": str(picture.width), "height": str(picture.height)}
    sources = "".join(
        f'<source type="{kind}" srcset="{escape(srcset)}" sizes="{sizes}">'
        for kind, srcset in picture.sources
    )
    return f"<picture>{sources}{renderer.image(tokens, index, options, env)}</picture>"


def _open_footnotes(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return f'{NOTES}<ol class="footnotes-list">\n'


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "strikethrough", "smartquotes", "replacements"])
    parser.use(footnote_plugin, inline=False)
    parser.inline.ruler.before("link", "citation", cite)
    parser.core.ruler.push("level_2", _begin_headings_at_level_2)
    parser.core.ruler.push("acts", _mark_acts)
    parser.core.ruler.push("tables", _make_tables)
    parser.core.ruler.push("figures", _make_figures)
    parser.core.ruler.push("anchors", _anchor_headings)
    parser.add_render_rule("citation", render_citation)
    parser.add_render_rule("link_open", _render_link)
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("footnote_block_open", _open_footnotes)
    return parser


parser = _make_parser()
