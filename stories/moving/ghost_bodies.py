"""The text of a Ghost post as HTML: from Lexical, Mobiledoc, or the HTML that it has rendered."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from stories.moving.foreign_story import Losses
from stories.moving.ghost_cards import card_to_html

# The bits of a Lexical text's format; https://lexical.dev/docs/concepts/serialization
FORMATS = {1: "strong", 2: "em", 4: "s", 16: "code", 32: "sub", 64: "sup"}
BLOCKS = {"paragraph": "p", "quote": "blockquote", "aside": "blockquote", "listitem": "li"}
# The kinds of sections in a Mobiledoc; https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md
MARKUP, IMAGE, LIST, CARD = 1, 2, 3, 10
ATOM = 1
# Deeper than any text that a person writes.
DEEPEST = 100


class NotReadable(ValueError):
    """The text is not of the format that it should have. The message is a sentence."""


def body_to_html(body: str, body_format: str, losses: Losses) -> str:
    """Return the HTML of a post; `body_format` is "lexical", "mobiledoc" or "html".

    Raises NotReadable.
    """
    if body_format == "html":
        return body
    try:
        data = json.loads(body)
        if body_format == "lexical":
            return _nodes(data["root"]["children"], losses, 0)
        return _Mobiledoc(data, losses).html()
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        sentence = _("Its text cannot be read as %(format)s.")
        raise NotReadable(sentence % {"format": body_format.capitalize()}) from error


def _nodes(nodes: Iterable[Mapping[str, Any]], losses: Losses, depth: int) -> str:
    if depth > DEEPEST:
        raise NotReadable(_("Its text is nested too deeply."))
    return "".join(_node(node, losses, depth) for node in nodes)


def _node(node: Mapping[str, Any], losses: Losses, depth: int) -> str:
    kind = str(node["type"]).removeprefix("extended-")
    if kind in {"text", "tk"}:
        return _text(node)
    if kind in {"linebreak", "tab"}:
        return "<br>" if kind == "linebreak" else " "
    if "children" not in node or kind == "at-link":
        return card_to_html(kind, node, losses)
    inner = _nodes(node["children"], losses, depth + 1)
    if kind in {"link", "autolink"}:
        return f'<a href="{escape(str(node.get("url") or ""))}">{inner}</a>'
    if kind == "heading":
        tag = node.get("tag") if node.get("tag") in {"h1", "h2", "h3", "h4", "h5", "h6"} else "h2"
        return f"<{tag}>{inner}</{tag}>"
    if kind == "list":
        is_numbered = node.get("listType") == "number" or node.get("tag") == "ol"
        start = f' start="{int(node.get("start") or 1)}"' if is_numbered else ""
        return f"<ol{start}>{inner}</ol>" if is_numbered else f"<ul>{inner}</ul>"
    tag = BLOCKS.get(kind, "div")
    return f"<{tag}>{inner}</{tag}>"


def _text(node: Mapping[str, Any]) -> str:
    text = escape(str(node.get("text") or ""))
    bits = node.get("format") or 0
    for bit, tag in FORMATS.items():
        if text.strip() and isinstance(bits, int) and bits & bit:
            text = f"<{tag}>{text}</{tag}>"
    return text


class _Mobiledoc:
    def __init__(self, data: Mapping[str, Any], losses: Losses) -> None:
        self.data, self.losses = data, losses

    def html(self) -> str:
        return "".join(map(self._section, self.data["sections"]))

    def _section(self, section: Sequence[Any]) -> str:
        kind = section[0]
        if kind == CARD:
            name, card = self.data["cards"][section[1]][:2]
            return card_to_html(name, card, self.losses)
        if kind == IMAGE:
            return card_to_html("image", {"src": section[1]}, self.losses)
        tag = str(section[1]) if str(section[1]).isalnum() else "p"
        tag = "blockquote" if tag in {"aside", "pull"} else tag
        if kind == LIST:
            items = "".join(f"<li>{self._markers(markers)}</li>" for markers in section[2])
            return f"<{tag}>{items}</{tag}>"
        return f"<{tag}>{self._markers(section[2])}</{tag}>"

    def _markers(self, markers: Iterable[Sequence[Any]]) -> str:
        html: list[str] = []
        opened: list[str] = []
        for kind, openings, closings, value in markers:
            for index in openings:
                tag, attributes = self._markup(self.data["markups"][index])
                html.append(f"<{tag}{attributes}>")
                opened.append(tag)
            html.append(self._atom(value) if kind == ATOM else escape(str(value)))
            html += [f"</{opened.pop()}>" for _ in range(closings)]
        return "".join(html)

    def _markup(self, markup: Sequence[Any]) -> tuple[str, str]:
        tag = str(markup[0]) if str(markup[0]).isalnum() else "span"
        pairs = list(markup[1]) if len(markup) > 1 else []
        values = dict(zip(pairs[::2], pairs[1::2], strict=False))
        return tag, f' href="{escape(str(values["href"]))}"' if "href" in values else ""

    def _atom(self, index: int) -> str:
        name, text = self.data["atoms"][index][:2]
        return "<br>" if name == "soft-return" else escape(str(text))
