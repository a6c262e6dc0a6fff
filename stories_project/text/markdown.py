"""Markdown to safe HTML, for page, preview and feed: the only place that marks a string safe.

`markdown_parser.py` says what the source may contain. An allow-list then filters the HTML.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from itertools import pairwise, takewhile
from urllib.parse import unquote

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext
from markdown_it.token import Token

from stories_project.text.citations import number, uncited_claims
from stories_project.text.markdown_parser import NOTES, parser, text_of
from stories_project.text.reading_time import count_words
from stories_project.text.recent import Recent

# Stored HTML carries this number. Raise it whenever the same source gives different HTML.
RENDERER_VERSION = 5

ALLOWED_TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s", "a", "sup"),
    *("img", "picture", "source", "span"),
    *("h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "figure", "figcaption", "section"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "rel", "id", "aria-label", "role"},
    "img": {"src", "alt", "title", "width", "height", "loading", "srcset", "sizes"},
    "source": {"type", "srcset", "sizes"},
    "li": {"id"},
    "ol": {"start"},
    "table": {"tabindex"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
ALLOWED_CLASSES = {
    "a": {"footnote-backref"},
    "code": set(),
    "figure": {"embed", "wide"},
    "li": {"footnote-item"},
    "ol": {"footnotes-list"},
    "section": {"footnotes"},
    "span": {"act", "colon"},
    "sup": {"citation", "footnote-ref"},
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
}
# In an attribute; a quotation mark in the text would be written as &quot;.
OWN_ADDRESS = re.compile(r'(\s(?:src|href|srcset)=")/(?!/)')
OWN_SRCSET = re.compile(r'\ssrcset="[^"]*"')
# The alternative text of a picture until its editor writes one.
ALT_TO_WRITE = "describe this image"
# E-mail clients know no `picture` and no `srcset`, and Outlook makes a picture as wide as it says.
ATTRIBUTES_IN_EMAIL = {
    "a": {"href", "title", "aria-label"},
    "img": {"src", "alt", "width"},
    "ol": {"start"},
}
WIDEST_IN_EMAIL = 576
ALLOWED_SCHEMES = {"http", "https", "mailto"}
TEXTS_KEPT = 8


@dataclass(frozen=True)
class Heading:
    """A heading: its level on the page (2 to 6), its anchor, and its plain text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What the checklist examines in a text.

    `images` are (URL, alternative text), `links` are URLs as they were written, and `paragraphs`
    are plain text. `citations` are the keys of the cited sources in the order of their numbers,
    and `uncited` are the sentences that claim something and cite nothing.
    """

    headings: list[Heading]
    images: list[tuple[str, str]]
    links: list[str]
    paragraphs: list[str]
    citations: list[str]
    uncited: list[str]


@dataclass(frozen=True)
class Rendering:
    """The result of rendering a Markdown text; `words` is the number of its words.

    `lines` are the lines of the source, from 0, at which the elements of the HTML begin; the
    footnotes, which come last, have none.
    """

    html: SafeString
    headings: list[Heading]
    words: int
    facts: Facts
    lines: list[int]


_recent = Recent[Rendering](TEXTS_KEPT)


def render(source: str, anchor_prefix: str = "") -> Rendering:
    """Return the Rendering of a Markdown text.

    `anchor_prefix` keeps the anchors of footnotes different when a page shows several texts.
    """
    return _recent.get(_key(source, anchor_prefix), partial(_render, source, anchor_prefix))


def facts_of(source: str) -> Facts:
    """Return the Facts of a Markdown text."""
    return render(source).facts


def keep(source: str, rendering: Rendering) -> None:
    """Keep a Rendering that another process made, for the next `render` of its source."""
    _recent.keep(_key(source), rendering)


def _key(source: str, anchor_prefix: str = "") -> tuple[str, ...]:
    return source, anchor_prefix, settings.SITE_URL, settings.MEDIA_URL


def _render(source: str, anchor_prefix: str) -> Rendering:
    env = {"docId": anchor_prefix} if anchor_prefix else {}
    tokens = parser.parse(source, env)
    # Rendering changes the tokens, so the facts come first.
    facts, lines = _facts(tokens), _lines(tokens)
    html = nh3.clean(
        parser.renderer.render(tokens, parser.options, env),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel=None,
    )
    words = sum(count_words(text_of(token)) for token in tokens if token.type == "inline")
    return Rendering(mark_safe(html), facts.headings, words, facts, lines)  # noqa: S308


def _lines(tokens: Sequence[Token]) -> list[int]:
    blocks = _before_notes(tokens)
    return [t.map[0] for t in blocks if t.level == 0 and t.nesting >= 0 and t.map]


def render_html(source: str) -> SafeString:
    """Return only the HTML of a Markdown text, in the active language."""
    return as_rendered(render(source).html)


def as_rendered(html: str) -> SafeString:
    """Return the output of `render`, such as a row stores it, as a safe string.

    The title of the footnotes is in the active language; stored HTML is in none.
    """
    if NOTES in html:
        html = html.replace(NOTES, _heading_of_notes(), 1)
    return mark_safe(html)  # noqa: S308


def _heading_of_notes() -> str:
    return NOTES.replace("Notes", escape(pgettext("footnotes", "Notes")))


def with_whole_addresses(html: str) -> SafeString:
    """Return HTML from `render` with the site's own URLs made absolute."""
    whole = OWN_ADDRESS.sub(rf"\1{settings.SITE_URL}/", html)
    whole = OWN_SRCSET.sub(lambda s: s[0].replace(", /", f", {settings.SITE_URL}/"), whole)
    return mark_safe(whole)  # noqa: S308


def for_email(html: str, page: str) -> SafeString:
    """Return HTML from `render` as e-mail clients can show it.

    A link to a note or a source leads to it on the page, whose absolute URL is `page`.
    """

    def attribute(tag: str, name: str, value: str) -> str:
        if (tag, name) == ("img", "width"):
            return str(min(int(value), WIDEST_IN_EMAIL))
        return f"{page}{value}" if name == "href" and value.startswith("#") else value

    plain = nh3.clean(
        html,
        tags=ALLOWED_TAGS - {"picture", "source"},
        attributes=ATTRIBUTES_IN_EMAIL,
        attribute_filter=attribute,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel=None,
    )
    return with_whole_addresses(plain)


def plain_text(html: str) -> str:
    """Return the plain text of HTML from `render`."""
    return unescape(nh3.clean(html.replace("<", " <"), tags=set(), attributes={}))


def _facts(tokens: Sequence[Token]) -> Facts:
    parts = [child for token in tokens for child in token.children or []]
    return Facts(
        headings=_headings(tokens),
        images=[
            (str(part.attrGet("src") or ""), text_of(part).strip())
            for part in parts
            if part.type == "image"
        ],
        links=[unquote(str(p.attrGet("href") or "")) for p in parts if p.type == "link_open"],
        paragraphs=[text_of(inline) for inline in _paragraphs(tokens)],
        citations=number(tokens),
        uncited=[
            sentence
            for inline in _paragraphs(_outside_of_quotations(_before_notes(tokens)))
            for sentence in uncited_claims(inline)
        ],
    )


def _paragraphs(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the inline tokens of the paragraphs."""
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open":
            yield inline


def _before_notes(tokens: Sequence[Token]) -> Iterator[Token]:
    return takewhile(lambda token: token.type != "footnote_block_open", tokens)


def _outside_of_quotations(tokens: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting if token.tag == "blockquote" else 0
        if not depth:
            yield token


def _headings(tokens: Sequence[Token]) -> list[Heading]:
    return [
        Heading(int(token.tag[1]), str(token.attrGet("id")), text_of(inline))
        for token, inline in pairwise(tokens)
        if token.type == "heading_open"
    ]
