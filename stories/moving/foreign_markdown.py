"""The Markdown of other sites: which may have HTML in it, and the marks of their programs."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from stories.moving.conversion import Conversion
from stories.moving.foreign_html import html_to_markdown
from stories_project.text.markdown import ALT_TO_WRITE

# `[words](address "title")`, and `![alt](address "title")`.
LINK = re.compile(
    r"(?P<mark>!?)\[(?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*<?(?P<to>[^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?P<rest>\s+[^()]*)?\)"
)
# `[words]: address`
REFERENCE = re.compile(r"^( {0,3}\[[^\]^][^\]]*\]:\s*)<?(\S+?)>?(\s.*)?$", re.MULTILINE)
# What stays as it is: blocks of code, and code within a line.
CODE = re.compile(
    r"(^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\2[`~]*\s*$|`[^`\n]+`)", re.MULTILINE | re.DOTALL
)
# Hugo, Jekyll and Eleventy.
FIGURE = re.compile(r"\{\{[<%]\s*figure\s+(?P<values>.*?)/?\s*[>%]\}\}", re.DOTALL)
VALUE = re.compile(r"""(\w+)=(?:"([^"]*)"|'([^']*)'|`([^`]*)`|(\S+))""")
HIGHLIGHT = re.compile(
    r"\{[{%]<?\s*highlight\s+(?P<language>[\w+#-]*)[^}]*?>?[%}]\}\n?(?P<code>.*?)\n?"
    r"\{[{%]<?\s*/?(?:end)?highlight\s*>?[%}]\}",
    re.DOTALL,
)
VIDEO = re.compile(r"\{\{[<%]\s*(youtube|vimeo)\s+(?:id=)?[\"']?([\w-]+)[^}]*?[>%]\}\}")
WHERE = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
REFERRED = re.compile(r"""\{\{[<%]\s*(?:rel)?ref\s+["']([^"']+)["']\s*[>%]\}\}""")
POST_URL = re.compile(r"\{%-?\s*(?:post_url|link)\s+(\S+?)\s*-?%\}")
# {{ site.baseurl }} before a path, and {{ "/a/path" | relative_url }}.
SITE_ADDRESS = re.compile(
    r"""\{\{-?\s*(?:site\.(?:base)?url|["']([^"']*)["']\s*\|\s*\w*_?url)[^}]*\}\}"""
)
SILENT_MARKS = re.compile(r"\{%-?\s*(?:end)?(?:raw|comment|include toc\S*)\s*-?%\}")
MORE = re.compile(r"<!--\s*more\s*-->")
OTHER_MARKS = re.compile(r"\{\{[<%]?-?\s*/?\s*([\w./-]+).*?\}\}|\{%-?\s*(\w+).*?%\}", re.DOTALL)
KRAMDOWN = re.compile(
    r"^\{:[^}\n]*\}[ \t]*$|(?<=\S)\{:[^}\n]*\}|(?<=\S)[ ]\{#[\w-]+\}$", re.MULTILINE
)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin)


parser = _make_parser()


def foreign_markdown_to_html(text: str) -> str:
    """Return Markdown as HTML, with the HTML in it as it stands."""
    html: str = parser.render(text)
    return html


def foreign_markdown(text: str, conversion: Conversion) -> str:
    """Return the Markdown of another site as ours; what is lost goes to `conversion.losses`.

    Text without HTML stays as its author wrote it; only its addresses change.
    """
    text = _without_marks(MORE.sub("", text.replace("\r\n", "\n")), conversion)
    if _has_html(text):
        return html_to_markdown(foreign_markdown_to_html(text), conversion)
    return _outside_of_code(text, lambda part: _with_new_addresses(part, conversion)).strip()


def _has_html(text: str) -> bool:
    tokens = parser.parse(text)
    inner = (child for token in tokens for child in token.children or [])
    return any(token.type in {"html_block", "html_inline"} for token in (*tokens, *inner))


def _outside_of_code(text: str, change: Callable[[str], str]) -> str:
    """Return a text, changed outside of its code."""
    parts: list[str] = []
    end = 0
    for code in CODE.finditer(text):
        parts += [change(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, change(text[end:])])


def _with_new_addresses(text: str, conversion: Conversion) -> str:
    def link(match: re.Match[str]) -> str:
        words, rest = match["words"], match["rest"] or ""
        if match["mark"]:
            url = conversion.picture(match["to"])
            alt = words.strip() or ALT_TO_WRITE
            address = conversion.absolute(match["to"])
            is_whole = address.startswith(("http://", "https://"))
            gone = f"[{words or address}]({address})" if is_whole else words
            return f"![{alt}]({url}{rest})" if url else gone
        # The words may be a picture.
        words = LINK.sub(link, words)
        url = conversion.link(match["to"])
        return f"[{words}]({url}{rest})" if url else words

    def reference(match: re.Match[str]) -> str:
        url = conversion.link(match[2])
        return f"{match[1]}{url}{match[3] or ''}" if url else ""

    return LINK.sub(link, REFERENCE.sub(reference, text))


def _without_marks(text: str, conversion: Conversion) -> str:
    """Return a text without the marks that Hugo, Jekyll and Eleventy replace."""
    text = HIGHLIGHT.sub(lambda m: f"```{m['language']}\n{m['code']}\n```", text)

    def change(part: str) -> str:
        part = FIGURE.sub(_figure, part)
        part = VIDEO.sub(lambda m: f"<{WHERE[m[1]]}{m[2]}>", part)
        part = REFERRED.sub(lambda m: m[1], part)
        part = POST_URL.sub(lambda m: f"/{m[1].strip('/')}", part)
        part = SITE_ADDRESS.sub(lambda m: m[1] or "", SILENT_MARKS.sub("", part))
        return OTHER_MARKS.sub(lost, KRAMDOWN.sub("", part))

    def lost(match: re.Match[str]) -> str:
        mark = " ".join(match[0].split())[:80]
        conversion.losses.add(_("Left out: the mark %(mark)s.") % {"mark": mark})
        return ""

    return _outside_of_code(text, change)


def _figure(match: re.Match[str]) -> str:
    values = {name: next(filter(None, rest), "") for name, *rest in VALUE.findall(match["values"])}
    caption = values.get("caption") or values.get("title", "")
    alt = values.get("alt") or caption
    title = caption.replace('"', '\\"')
    return f'\n\n![{alt}]({values.get("src", "")} "{title}")\n\n' if values.get("src") else ""
