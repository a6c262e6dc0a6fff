"""A tree of HTML as Markdown: markdownify writes it, in the way that our own guide teaches."""

import re
from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import ATX, MarkdownConverter

from stories_project.text.html_repairs import NEXT, repair

SAFE_LINK = re.compile(r"^(?:https?:|mailto:|/|#)", re.IGNORECASE)
# What Word writes around its conditions; the parser refuses a broken one.
MARKED_SECTIONS = re.compile(r"<!\[[^>]*>?")
SPACES = re.compile(r"[ \t\r\n]*[\r\n][ \t\r\n]*")
BLANK_LINES = re.compile(r"\n{3,}")
# Characters that look like a space or like nothing.
ODD_SPACES = str.maketrans({"\u00a0": " ", "\u200b": "", "\ufeff": "", "\u00ad": ""})
# Line breaks at the beginning and at the end of a paragraph.
EDGE_BREAKS = re.compile(r"^(?:\s*\\\n)+|(?:\\?\s*\n)+\s*$|(?<!\\)\\\s*$")
STROKE = re.compile(r"(?<!\\)\|")
# The mark of an item of a list.
MARK = re.compile(r"^(\d*)[-.]")
BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
BRACKETS = re.compile(r"[\[\]\\]")
FENCES = re.compile("`{3,}")
LANGUAGE = re.compile(r"(?:language|lang|brush)[-:](\w[\w+#-]*)")
# What would begin a heading, a quotation, a list or a line in Markdown.
BEGINNING = re.compile(r"^([#>+-](?=\s|$)|#{2,6}(?=\s)|[-=]{2,}(?=\s*$)|\d{1,9}(?=[.)]\s))", re.M)


def parsed(html: str) -> BeautifulSoup:
    """Return HTML as a tree, without comments."""
    soup = BeautifulSoup(MARKED_SECTIONS.sub("", html), "html.parser")
    for odd in soup.find_all(string=lambda text: isinstance(text, Comment)):
        odd.extract()
    return soup


def to_markdown(soup: BeautifulSoup, notes: Iterable[tuple[int, Tag]] = ()) -> str:
    """Return a tree as Markdown. Its pictures stay.

    `notes` are the footnotes, taken out of the tree, with their numbers: an element
    `<note number="1">` stands where the text refers to one.
    """
    repair(soup)
    _join_lines(soup)
    _raise_headings(soup)
    text = _Converter().convert_soup(soup).translate(ODD_SPACES)
    lines = (line.rstrip() if not line.endswith("  ") else line for line in text.splitlines())
    text = BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    for number, note in notes:
        repair(note)
        text += f"\n\n[^{number}]: {' '.join(_Converter().convert_soup(note).split())}"
    return text


class _Converter(MarkdownConverter):
    """Writes the Markdown that our own guide teaches."""

    class Options(MarkdownConverter.DefaultOptions):  # type: ignore[name-defined]
        heading_style = ATX
        bullets = "-"
        strong_em_symbol = "*"
        newline_style = "backslash"
        escape_underscores = True
        escape_misc = False

    def escape(self, text: str, parent_tags: Any) -> str:
        """Write text; a backslash before a mark stays one."""
        escaped: str = super().escape(BACKSLASH.sub(r"\\\\", text or ""), parent_tags)  # type: ignore[misc]
        return escaped

    def convert_note(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write the mark of a footnote."""
        return f"[^{element['number']}]"

    def convert_a(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a link; what leads nowhere is its text only."""
        href = str(element.get("href") or "")
        if not SAFE_LINK.match(href) or not text.strip():
            return text
        converted: str = super().convert_a(element, text, parent_tags)  # type: ignore[misc]
        return converted

    def convert_img(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a picture; its title becomes the caption, if it stands alone in its paragraph."""
        alt, title = (" ".join(str(element.get(name) or "").split()) for name in ("alt", "title"))
        caption = title.replace("\\", "\\\\").replace('"', '\\"')
        alt = BRACKETS.sub(r"\\\g<0>", alt)
        source = str(element.get("src") or "").replace(" ", "%20")
        return f'![{alt}]({source} "{caption}")' if caption else f"![{alt}]({source})"

    def convert_p(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a paragraph; what looks like a mark of Markdown stays text."""
        text = BEGINNING.sub(_escaped, EDGE_BREAKS.sub("", text))
        converted: str = super().convert_p(element, text, parent_tags)  # type: ignore[misc]
        return converted

    def convert_li(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write an item; that of a list right after another one has another mark."""
        item: str = super().convert_li(element, text, parent_tags)  # type: ignore[misc]
        if element.parent is None or not element.parent.has_attr(NEXT):
            return item
        return MARK.sub(lambda mark: f"{mark[1]})" if mark[1] else "*", item)

    def convert_td(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a cell; a stroke in it does not end it."""
        converted: str = super().convert_td(element, _in_cell(text), parent_tags)  # type: ignore[misc]
        return converted

    def convert_th(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a cell of the first row."""
        converted: str = super().convert_th(element, _in_cell(text), parent_tags)  # type: ignore[misc]
        return converted

    def convert_dt(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a term in bold: Markdown has no lists of terms."""
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_dd(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write what a term means, below it."""
        return f"\n\n{text.strip()}\n\n"

    def convert_pre(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Write a block of code as it stands, with a fence that is longer than any in it."""
        code = element.get_text().strip("\n")
        longest = max((len(run) for run in FENCES.findall(code)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}{_language(element)}\n{code}\n{fence}\n\n"


def _escaped(beginning: re.Match[str]) -> str:
    mark = beginning[0]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _in_cell(text: str) -> str:
    return STROKE.sub(r"\|", text)


def _language(block: Tag) -> str:
    """Return the language of a block of code, as its class says it: `language-python`."""
    for element in (block, *block.find_all("code")):
        for name in element.get("class") or []:
            if match := LANGUAGE.fullmatch(name):
                return match[1]
    return ""


def _join_lines(soup: BeautifulSoup) -> None:
    """Turn line breaks of the file into spaces, as a browser does."""
    for text in soup.find_all(string=SPACES):
        if not text.find_parent("pre"):
            text.replace_with(SPACES.sub(" ", text))


def _raise_headings(soup: BeautifulSoup) -> None:
    """Begin at level 2, and leave out what marks a heading as bold."""
    for level in range(6, 0, -1):
        for heading in soup.find_all(f"h{level}"):
            for bold in heading.find_all(["b", "strong"]):
                bold.unwrap()
            heading.name = f"h{max(level, 2)}"
