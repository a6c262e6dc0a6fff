"""Footnotes in HTML: of Ghost, WordPress, Substack, Jekyll and Hugo."""

import re

from bs4 import BeautifulSoup, Tag

# What leads back from a footnote to its mark.
BACK = "a.footnote-backref, a.footnote-back, a.reversefootnote, a.footnote-number, a[rev=footnote]"
ARROWS = re.compile(r"[\s↩︎⤴^]*$")
NOTE_CLASS = re.compile("footnote|sdfootnote|easy-footnote|^fn$", re.IGNORECASE)
CONTAINERS = (
    "section.footnotes, div.footnotes, ol.footnotes, ol.wp-block-footnotes, hr.footnotes-sep"
)


def take_notes(soup: BeautifulSoup) -> list[tuple[int, Tag]]:
    """Take the footnotes out of a tree; return (number, element) of each.

    `<note number="1">` stands where the text refers to one.
    """
    blocks: dict[str, Tag] = {}
    numbers: dict[str, int] = {}
    for link in soup.find_all("a", href=re.compile("^#.")):
        name = str(link["href"])[1:]
        if not _is_mark(link):
            continue
        if name not in blocks:
            block = _note_at(soup, name)
            if block is None or link in block.descendants:
                continue
            blocks[name], numbers[name] = block, len(blocks) + 1
        mark = soup.new_tag("note", attrs={"number": str(numbers[name])})
        around = link.parent
        is_alone = around is not None and around.name == "sup" and around.get_text() == link.text
        (around if is_alone and around is not None else link).replace_with(mark)
    notes = [(numbers[name], _cleaned(block.extract())) for name, block in blocks.items()]
    for container in soup.select(CONTAINERS):
        if not container.get_text(strip=True) or container.name == "hr":
            container.decompose()
    return notes


def _is_mark(link: Tag) -> bool:
    """Whether a link is the mark of a footnote: a raised number, or one that says so."""
    if link.find_parent("sup") or link.find("sup"):
        return not link.find_parent("li") or "ref" in str(link.get("id", ""))
    names = [str(name) for name in link.get("class") or []]
    is_back = link.has_attr("class") and any("back" in name or "number" in name for name in names)
    return not is_back and any(map(NOTE_CLASS.search, names))


def _note_at(soup: BeautifulSoup, name: str) -> Tag | None:
    """Return the block of the footnote with an id: the element itself, or that around it."""
    found = soup.find(id=name) or soup.find("a", attrs={"name": name})
    if not isinstance(found, Tag):
        return None
    if found.name in {"li", "div", "p", "aside"}:
        return found
    around = found.find_parent("div", class_=NOTE_CLASS) or found.find_parent(["li", "p"])
    return around if isinstance(around, Tag) else None


def _cleaned(block: Tag) -> Tag:
    for back in block.select(BACK):
        back.decompose()
    for link in block.find_all("a", href=re.compile("^#")):
        if not ARROWS.sub("", link.get_text()):
            link.decompose()
    block.name = "div"
    return block
