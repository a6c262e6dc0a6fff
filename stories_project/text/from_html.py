"""HTML to Markdown: what a writer pastes from Word, Google Docs or a web page.

`markdown_writer.py` writes the Markdown. Before, the page is made simpler: word processors say with
styles and classes what HTML has elements for.
"""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from stories_project.text.markdown_writer import parsed, to_markdown

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
    soup = parsed(html)
    for element in soup.select(LEFT_OUT):
        element.decompose()
    pictures = soup.find_all("img")
    for picture in pictures:
        picture.decompose()
    notes = _take_notes(soup)
    _make_lists_of_word(soup)
    _name_emphasis(soup)
    return Converted(to_markdown(soup, notes), len(pictures))


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


def _take_notes(soup: BeautifulSoup) -> list[tuple[int, Tag]]:
    """Take the footnotes out of the text; return (number, element) of each, in order."""
    notes: dict[int, Tag] = {}
    for link in soup.find_all("a", href=NOTE_BACK):
        match = NOTE_BACK.match(str(link["href"]))
        block = link.find_parent(["p", "div", "li"])
        if not match or block is None:
            continue
        link.decompose()
        notes[int(match["number"])] = block.extract()
    for link in soup.find_all("a", href=NOTE_MARK):
        match = NOTE_MARK.match(str(link["href"]))
        if match and int(match["number"]) in notes:
            place = link.find_parent("sup") or link
            place.replace_with(soup.new_tag("note", attrs={"number": match["number"]}))
    return sorted(notes.items())
