"""Citations in a Markdown text: `[@key]` cites the source with this key.

The notation is Pandoc's (https://pandoc.org/MANUAL.html#citation-syntax), without prefixes:
`[@mill]`, `[@mill, p. 12]`, and `[@mill; @letters]`. The sources are numbered in the order in which
the text cites them first.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

KEY = r"[^\W_][\w-]{0,39}"
_ONE = rf"@{KEY}(?:,\s*[^\[\];@]{{1,40}})?"
_CITATION = re.compile(rf"\[({_ONE}(?:;\s*{_ONE})*)\](?!\()")
_PART = re.compile(rf"@({KEY})(?:,\s*([^\[\];@]+))?")
# Stands for a citation or a footnote in the text of a paragraph: a character of private use.
_MARK = "\ue000"
_SENTENCE = re.compile(rf".+?(?:[.!?…][”’\")]*{_MARK}*(?=\s|$)|$)", re.DOTALL)
# A number of two digits or more, such as a year; a percentage; words that somebody has said.
_CLAIM = re.compile(r"\d{2}|\d\s?%|[“„«][^”“»]{25,}[”“»]")


def cite(state: StateInline, silent: bool) -> bool:
    """Parse a citation at the position of `state`: a rule of the inline parser."""
    if state.src[state.pos : state.pos + 2] != "[@" or state.linkLevel:
        return False
    match = _CITATION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("citation", "sup", 0)
        token.meta = {"cited": [(m[1], (m[2] or "").strip()) for m in _PART.finditer(match[1])]}
    state.pos = match.end()
    return True


def number(tokens: Iterable[Token]) -> list[str]:
    """Number the citations of a text, and return the cited keys in the order of their numbers."""
    numbers: dict[str, int] = {}
    for token in _citations(tokens):
        token.meta["links"] = links = []
        for key, place in token.meta["cited"]:
            is_first = key not in numbers
            links.append((key, place, numbers.setdefault(key, len(numbers) + 1), is_first))
    return list(numbers)


def render_citation(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Return the HTML of a citation: the numbers of its sources, each a link to the source.

    The role is that of https://www.w3.org/TR/dpub-aria-1.1/#doc-biblioref.
    """
    prefix = f"{env['docId']}-" if "docId" in env else ""
    links = []
    for key, place, its_number, is_first in tokens[index].meta["links"]:
        anchor = f' id="cite-{prefix}{escape(key)}"' if is_first else ""
        shown = f"{its_number}, {escape(place)}" if place else its_number
        href = f"#source-{prefix}{quote(key)}"
        links.append(f'<a href="{href}"{anchor} role="doc-biblioref">{shown}</a>')
    return f'<sup class="citation">{" ".join(links)}</sup>'


def uncited_claims(inline: Token) -> list[str]:
    """Return the sentences of a paragraph that claim something and cite nothing.

    A claim is a sentence with a number, a date or a quotation. A citation or a footnote stands for
    everything before it in its paragraph.
    """
    text = "".join(_text_or_mark(token) for token in inline.children or [])
    found = []
    for sentence in reversed([match[0].strip() for match in _SENTENCE.finditer(text)]):
        if _MARK in sentence:
            break
        if _CLAIM.search(sentence):
            found.append(sentence)
    return found[::-1]


def _citations(tokens: Iterable[Token]) -> list[Token]:
    every = (child for token in tokens for child in token.children or [])
    return [child for child in every if child.type == "citation"]


def _text_or_mark(token: Token) -> str:
    if token.type in {"citation", "footnote_ref"}:
        return _MARK
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
