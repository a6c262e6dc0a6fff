"""What HTML may have and Markdown has not, made plain in a tree before it becomes Markdown."""

import re

from bs4 import NavigableString, PageElement, Tag

BLOCKS = {"address", "article", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "footer"}
BLOCKS |= {"figcaption", "figure", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"}
BLOCKS |= {"table", "td", "th", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "[document]"}
# Elements that mean the same, one within the other.
TWICE = [
    *("b b, b strong, strong b, strong strong", "i i, i em, em i, em em"),
    "s s, s del, del s, del del",
]
EMPHASIS = ["b", "strong", "i", "em", "s", "del"]
# What stands beside an element, and which child, character and signs are at that side.
SIDES = (
    ("previous_sibling", 0, -1, re.compile(r"^[^\w\s]+")),
    ("next_sibling", -1, 0, re.compile(r"[^\w\s]+$")),
)
DIGITS = re.compile(r"[0-9+\u2212-]+")
SMALL = {
    "sup": str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"),
    "sub": str.maketrans("0123456789+-\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₋"),
}
# Marks a list that follows another one of its kind: with the same marks, both would be one list.
NEXT = "data-next-list"


def repair(soup: Tag) -> None:
    """Change a tree so that all it says has a form in Markdown."""
    for line_end in soup.select("pre br"):
        line_end.replace_with("\n")
    for selector in TWICE:
        for element in soup.select(selector):
            element.unwrap()
    _write_small_digits(soup)
    for element in soup.find_all(EMPHASIS):
        _free(element)
    _remove_breaks_at_edges(soup)
    for table in soup.find_all("table"):
        _join_sections(table)
    _part_lists(soup)


def _free(element: Tag) -> None:
    """Part emphasis from a word beside it where Markdown would not see where it begins or ends.

    Its signs at that side go out of it: `<b>Note:</b>this` becomes `**Note**:this`. A link or a
    picture at that side is not emphasised at all.
    """
    for towards, child, character, signs in SIDES:
        beside = getattr(element, towards)
        if not isinstance(beside, NavigableString) or not beside or not element.contents:
            continue
        inner = element.contents[child]
        if not beside[character].isalnum():
            continue
        if isinstance(inner, Tag) and inner.name in {"a", "img"}:
            element.unwrap()
            return
        if isinstance(inner, NavigableString) and (found := signs.search(inner)):
            inner.replace_with(NavigableString(signs.sub("", inner)))
            add = element.insert_before if child == 0 else element.insert_after
            add(NavigableString(found[0]))


def _write_small_digits(soup: Tag) -> None:
    """Write raised and lowered numbers with their own characters: H₂O, 5 m²."""
    for element in soup.find_all(list(SMALL)):
        if element.string and DIGITS.fullmatch(element.string):
            element.replace_with(NavigableString(element.string.translate(SMALL[element.name])))


def _remove_breaks_at_edges(soup: Tag) -> None:
    """Remove line breaks at the beginning and at the end of a block, where they show nothing."""
    for line_end in reversed(soup.find_all("br")):
        if _is_at_edge(line_end, "next_sibling"):
            line_end.extract()
    for line_end in soup.find_all("br"):
        if _is_at_edge(line_end, "previous_sibling"):
            line_end.extract()


def _is_at_edge(element: Tag, towards: str) -> bool:
    node: PageElement = element
    while True:
        sibling = getattr(node, towards)
        while isinstance(sibling, NavigableString) and not sibling.strip():
            sibling = getattr(sibling, towards)
        if sibling is not None:
            return isinstance(sibling, Tag) and sibling.name in BLOCKS
        parent = node.parent
        if parent is None or parent.name in BLOCKS:
            return True
        node = parent


def _join_sections(table: Tag) -> None:
    """Put all rows below the head into one section: a table of Markdown has no foot."""
    bodies = table.find_all("tbody", recursive=False)
    sections = [*bodies, *table.find_all("tfoot", recursive=False)]
    for section in sections[1:]:
        for row in section.find_all("tr", recursive=False):
            sections[0].append(row.extract())
        section.decompose()
    for section in sections[:1]:
        section.name = "tbody"


def _part_lists(soup: Tag) -> None:
    for element in soup.find_all(["ul", "ol"]):
        before = element.previous_sibling
        while isinstance(before, NavigableString) and not before.strip():
            before = before.previous_sibling
        if isinstance(before, Tag) and before.name == element.name and not before.has_attr(NEXT):
            element[NEXT] = ""
