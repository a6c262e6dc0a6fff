"""What a page of another site says: whether it links to ours, its title, its author, some words."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import nh3

from stories.models.webmention import LONGEST_AUTHOR, LONGEST_EXCERPT, LONGEST_TITLE

BLOCKS = {
    *("p", "li", "blockquote", "div", "section", "article", "td", "dd", "figcaption"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "body", "main", "header", "footer", "ul", "ol"),
}
LINKS = {
    **dict.fromkeys(("a", "area"), "href"),
    **dict.fromkeys(("img", "audio", "video", "source", "iframe"), "src"),
    **dict.fromkeys(("blockquote", "q", "ins", "del"), "cite"),
}
OTHERS = {"title", "meta", "span", "b", "i", "em", "strong"}
# What is looked at; the rest of a page is left out, scripts and styles with their content.
ELEMENTS = BLOCKS | LINKS.keys() | OTHERS
ATTRIBUTES = {
    **{element: {name} for element, name in LINKS.items()},
    "meta": {"name", "content"},
    "*": {"class"},
}
# Control characters, also those that turn the direction of what follows.
CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
MOST_OF_A_BLOCK = 5000
# What follows is not looked at: elements inside of each other take time.
MOST_TAGS = 20_000


@dataclass(frozen=True)
class SourcePage:
    """What is kept of a page, as plain text."""

    title: str
    author: str
    excerpt: str


def parse(html: str, url: str, target: str) -> SourcePage | None:
    """Return what a page at a URL says; None if it does not link to the target."""
    parser = _Parser(url, urldefrag(target).url)
    # Python's own parser is slow for what is no HTML, and this may be anything.
    html = "<".join(html.split("<", MOST_TAGS)[:MOST_TAGS])
    parser.feed(nh3.clean(html, tags=ELEMENTS, attributes=ATTRIBUTES, link_rel=None))
    parser.close()
    parser.end_block()
    if not parser.is_linking:
        return None
    return SourcePage(
        plain("".join(parser.title), LONGEST_TITLE),
        plain(parser.named_author or "".join(parser.author), LONGEST_AUTHOR),
        plain(parser.excerpt, LONGEST_EXCERPT),
    )


def plain(text: str, longest: int) -> str:
    """Return a text in one line without control characters, cut at a word."""
    line = " ".join(CONTROLS.sub(" ", text).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


class _Parser(HTMLParser):
    """Reads a page once. The excerpt is the block of text in which the first link stands."""

    def __init__(self, url: str, target: str) -> None:
        super().__init__()
        self.is_linking = False
        self.title, self.author = list[str](), list[str]()
        self.named_author = self.excerpt = ""
        self._url, self._target = url, target
        self._block, self._length = list[str](), 0
        self._is_here = False
        # The elements whose text is wanted: the title, and the author of the page (h-entry).
        self._wanted: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag in BLOCKS:
            self.end_block()
        if tag == "meta" and values.get("name", "").lower() == "author":
            self.named_author = self.named_author or values.get("content", "")
        self._want(tag, values.get("class", "").split())
        if (link := values.get(LINKS.get(tag, ""))) and self._leads_here(link):
            self.is_linking = self._is_here = True

    def handle_endtag(self, tag: str) -> None:
        if self._wanted and self._wanted[-1][0] == tag:
            self._wanted.pop()
        if tag in BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if self._wanted:
            self._wanted[-1][1].append(data[:MOST_OF_A_BLOCK])
            if self._wanted[-1][0] == "title":
                return
        if self._length < MOST_OF_A_BLOCK:
            self._block.append(data[:MOST_OF_A_BLOCK])
            self._length += len(data)

    def end_block(self) -> None:
        """Keep the block if it has the first link, and begin another one."""
        text = "".join(self._block).strip()
        if self._is_here and text and not self.excerpt:
            self.excerpt = text
        if text:
            self._is_here = False
        self._block, self._length = [], 0

    def _want(self, tag: str, classes: list[str]) -> None:
        if self._wanted:
            return
        if tag == "title" and not self.title:
            self._wanted.append((tag, self.title))
        elif "p-author" in classes and not self.author:
            self._wanted.append((tag, self.author))

    def _leads_here(self, link: str) -> bool:
        try:
            return urldefrag(urljoin(self._url, link.strip())).url == self._target
        except ValueError:
            return False
