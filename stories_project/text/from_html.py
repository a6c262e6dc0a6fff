"""HTML to Markdown: what a writer pastes from Word, Google Docs or a web page.

markdownify writes the Markdown. Before, the page is made simpler: word processors say with styles
and classes what HTML has elements for.
"""

import re
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import ATX, MarkdownConverter

# What a page has beside its text.
LEFT_OUT = (
    "script, style, meta, link, title, template, svg, iframe, object, form, nav, button, input"
)
BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|400)", re.IGNORECASE)
ITALIC = re.compile(r"font-style:\s*italic", re.IGNORECASE)
# Word: a paragraph of a list says its list and level in its style, and brings its own bullet.
WORD_LIST = re.compile(r"mso-list:\s*l\d+ level(?P<level>\d+)", re.IGNORECASE)
NUMBERED = re.compile(r"^\s*(?:\d+|[a-z]|[ivx]+)[.)]", re.IGNORECASE)
# Word and Google Docs: the mark of a footnote, and what leads back from the footnote to it.
NOTE_MARK = re.compile(r"^#?_?(?:ftn|edn|ftnt|cmnt)(?P<number>\d+)$")
NOTE_BACK = re.compile(r"^#?_?(?:ftnref|ednref|ftnt_ref)(?P<number>\d+)$")
SAFE_LINK = re.compile(r"^(?:https?:|mailto:|/|#)", re.IGNORECASE)
# What Word writes around its conditions; the parser refuses a broken one.
MARKED_SECTIONS = re.compile(r"<!\[[^>]*>?")
SPACES = re.compile(r"[ \t\r\n]*[\r\n][ \t\r\n]*")
BLANK_LINES = re.compile(r"\n{3,}")
# Characters that look like a space or like nothing.
ODD_SPACES = str.maketrans({"\u00a0": " ", "\u200b": "", "\ufeff": "", "\u00ad": ""})


@dataclass(frozen=True)
class Converted:
    """The Markdown of a page, and how many pictures it could not bring along."""

    markdown: str
    pictures_left_out: int


def from_html(html: str) -> Converted:
    """Return HTML as Markdown.

    Headings begin at level 2, as in a story. Pictures are left out, since their files are not
    there; so are scripts, styles and links that lead nowhere. Footnotes of Word and Google Docs
    stay footnotes.
    """
    soup = BeautifulSoup(MARKED_SECTIONS.sub("", html), "html.parser")
    for odd in soup.find_all(string=lambda text: isinstance(text, Comment)):
        odd.extract()
    for element in soup.select(LEFT_OUT):
        element.decompose()
    pictures = soup.find_all("img")
    for picture in pictures:
        picture.decompose()
    _join_lines(soup)
    _make_lists_of_word(soup)
    _name_emphasis(soup)
    _raise_headings(soup)
    notes = _take_notes(soup)
    text = _Converter().convert_soup(soup).translate(ODD_SPACES)
    lines = (line.rstrip() if not line.endswith("  ") else line for line in text.splitlines())
    text = BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    for number, note in notes:
        text += f"\n\n[^{number}]: {note}"
    return Converted(text, len(pictures))


class _Converter(MarkdownConverter):
    """Writes the Markdown that our own guide teaches."""

    class Options(MarkdownConverter.DefaultOptions):  # type: ignore[name-defined]
        heading_style = ATX
        bullets = "-"
        strong_em_symbol = "*"
        newline_style = "backslash"
        escape_underscores = True
        escape_misc = False

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


def _join_lines(soup: BeautifulSoup) -> None:
    """Turn line breaks of the file into spaces, as a browser does."""
    for text in soup.find_all(string=SPACES):
        if not text.find_parent("pre"):
            text.replace_with(SPACES.sub(" ", text))


def _name_emphasis(soup: BeautifulSoup) -> None:
    """Turn styles into elements: Google Docs makes words bold with a style."""
    for element in soup.find_all("b"):
        if NOT_BOLD.search(str(element.get("style", ""))):
            element.unwrap()
    for element in soup.find_all("span"):
        style = str(element.get("style", ""))
        is_italic = ITALIC.search(style)
        if BOLD.search(style) and not element.find_parent(["h1", "h2", "h3", "h4", "h5", "h6"]):
            element.name = "strong"
            if is_italic:
                element.wrap(soup.new_tag("em"))
        elif is_italic:
            element.name = "em"
        else:
            element.unwrap()


def _make_lists_of_word(soup: BeautifulSoup) -> None:
    """Turn paragraphs of Word that belong to a list into lists, by their levels."""
    items: list[Tag] = []
    for paragraph in soup.find_all("p", style=WORD_LIST):
        if items and paragraph.find_previous_sibling() is not items[-1]:
            _replace_with_list(soup, items)
            items = []
        items.append(paragraph)
    if items:
        _replace_with_list(soup, items)


def _replace_with_list(soup: BeautifulSoup, items: list[Tag]) -> None:
    lists: list[tuple[int, Tag]] = []
    outer: Tag | None = None
    for item in items:
        match = WORD_LIST.search(str(item.get("style", "")))
        level = int(match["level"]) if match else 1
        while lists and lists[-1][0] > level:
            lists.pop()
        if not lists or lists[-1][0] < level:
            kind = soup.new_tag("ol" if NUMBERED.match(item.get_text()) else "ul")
            last = lists[-1][1].find_all("li", recursive=False)[-1:] if lists else []
            if last:
                last[0].append(kind)
            elif outer is None:
                outer = kind
                items[0].insert_before(kind)
            lists.append((level, kind))
        for bullet in item.find_all(style=re.compile("mso-list:\\s*Ignore", re.IGNORECASE)):
            bullet.decompose()
        entry = soup.new_tag("li")
        entry.extend(list(item.contents))
        lists[-1][1].append(entry)
    for item in items:
        item.decompose()


def _raise_headings(soup: BeautifulSoup) -> None:
    """Begin at level 2, and leave out what marks a heading as bold."""
    for level in range(6, 0, -1):
        for heading in soup.find_all(f"h{level}"):
            for bold in heading.find_all(["b", "strong"]):
                bold.unwrap()
            heading.name = f"h{max(level, 2)}"


def _take_notes(soup: BeautifulSoup) -> list[tuple[int, str]]:
    """Take the footnotes out of the text; return (number, Markdown) of each, in order."""
    notes: dict[int, str] = {}
    for link in soup.find_all("a", href=NOTE_BACK):
        match = NOTE_BACK.match(str(link["href"]))
        block = link.find_parent(["p", "div", "li"])
        if not match or block is None:
            continue
        link.decompose()
        notes[int(match["number"])] = " ".join(_Converter().convert_soup(block).split())
        block.decompose()
    for link in soup.find_all("a", href=NOTE_MARK):
        match = NOTE_MARK.match(str(link["href"]))
        if match and int(match["number"]) in notes:
            place = link.find_parent("sup") or link
            place.replace_with(soup.new_tag("note", attrs={"number": match["number"]}))
    return sorted(notes.items())
