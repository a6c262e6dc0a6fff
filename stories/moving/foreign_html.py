"""The HTML of another site as Markdown, with its pictures, links, footnotes and embeds."""

import re

from bs4 import BeautifulSoup, NavigableString, Tag
from django.utils.translation import gettext as _

from stories.moving.conversion import Conversion
from stories.moving.foreign_embeds import replace_embeds
from stories.moving.foreign_notes import take_notes
from stories_project.text.folding import slug_for
from stories_project.text.markdown import ALT_TO_WRITE
from stories_project.text.markdown_writer import parsed, to_markdown

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
BLOCKS = ["p", "div", "ul", "ol", "table", "blockquote", "figure", "pre", "hr", *HEADINGS]
# Lazy-loading scripts keep the address of the picture elsewhere.
SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?)$", re.IGNORECASE)


def html_to_markdown(html: str, conversion: Conversion) -> str:
    """Return HTML as Markdown. What is lost goes to `conversion.losses`.

    Raises RecursionError if it is nested too deeply.
    """
    soup = parsed(html)
    replace_embeds(soup, conversion.losses)
    notes = take_notes(soup)
    _join_lists(soup)
    for code in soup.select(":not(pre) > code:has(br)"):
        for line_end in code.find_all("br"):
            line_end.replace_with("\n")
        code.name = "pre"
    for tree in (soup, *(note for _number, note in notes)):
        _repair_headings(tree)
        _move_links(tree, conversion)
        _move_pictures(tree, conversion)
    return to_markdown(soup, notes)


def _repair_headings(soup: Tag) -> None:
    """Remove empty headings, and give links to a heading the anchor that it will have here."""
    anchors: dict[str, str] = {}
    for heading in soup.find_all(HEADINGS):
        text = " ".join(heading.get_text().split())
        marks = [heading, *heading.find_all(id=True), *heading.find_all("a", attrs={"name": True})]
        anchors |= {str(mark.get("id") or mark.get("name")): slug_for(text) for mark in marks}
        for mark in heading.select("a.anchor, a.header-anchor, a.anchorjs-link"):
            mark.decompose()
        if not text and not heading.find("img"):
            heading.decompose()
        elif heading.find("img"):
            heading.name = "p"
    for link in soup.find_all("a", href=re.compile("^#")):
        anchor = anchors.get(str(link["href"])[1:])
        if anchor:
            link["href"] = f"#{anchor}"
        else:
            link.unwrap()


def _join_lists(soup: Tag) -> None:
    """Put a list that is alone in its item into the item before, as Lexical means it."""
    for item in soup.select("li > ul, li > ol"):
        around = item.parent
        before = around.find_previous_sibling("li") if around is not None else None
        if around is None or not isinstance(before, Tag):
            continue
        if around.get_text(strip=True) == item.get_text(strip=True):
            before.append(item.extract())
            around.decompose()


def _move_links(soup: Tag, conversion: Conversion) -> None:
    for link in soup.find_all("a"):
        href = str(link.get("href") or "")
        only_picture = link.find("img") and not link.get_text(strip=True)
        if not href or (only_picture and PICTURE_FILE.search(href.partition("?")[0])):
            link.unwrap()
            continue
        if only_picture:
            sentence = _("A picture led to %(href)s: the link is left out.")
            conversion.losses.add(sentence % {"href": href})
            link.unwrap()
            continue
        if link.find_parent("pre"):
            conversion.losses.add(_("A link in a block of code: its text stays."))
            link.unwrap()
            continue
        target = conversion.link(href)
        if target:
            link["href"] = target
            del link["title"]
        else:
            link.unwrap()


def _move_pictures(soup: Tag, conversion: Conversion) -> None:
    for figure in soup.find_all("figure"):
        _open_figure(figure, conversion)
    for picture in soup.find_all("img"):
        address = next((str(picture[n]) for n in SOURCES if _is_address(picture.get(n))), "")
        url = conversion.picture(address) if address else None
        if url is None:
            _replace_with_link(picture, conversion.absolute(address))
            continue
        alt = str(picture.get("alt") or "").strip() or str(picture.get("title") or "").strip()
        title = str(picture.get("title") or "")
        picture.attrs = {"src": url, "alt": alt or ALT_TO_WRITE, "title": title}
        _stand_alone(picture)


def _open_figure(figure: Tag, conversion: Conversion) -> None:
    """Make the caption of a figure the title of its last picture, or a paragraph of its own."""
    caption = figure.find("figcaption")
    pictures = figure.find_all("img")
    if caption is not None:
        if pictures and not caption.find("img"):
            if caption.find("a"):
                conversion.losses.add(_("A link in the caption of a picture: its text stays."))
            pictures[-1]["title"] = " ".join(caption.get_text().split())
            caption.decompose()
        else:
            caption.name = "p"
    figure.name = "div"


def _is_address(value: object) -> bool:
    return bool(value) and not str(value).startswith("data:")


def _replace_with_link(picture: Tag, address: str) -> None:
    """Leave a link where a picture cannot be had, so that an editor finds it."""
    alt, caption = (str(picture.get(name) or "").strip() for name in ("alt", "title"))
    words = alt or caption
    if caption and caption != words:
        picture.insert_after(NavigableString(f" {caption}"))
    if address.startswith(("http://", "https://")) and picture.find_parent("a") is None:
        link = BeautifulSoup("", "html.parser").new_tag("a", href=address)
        link.string = words or address
        picture.replace_with(link)
    else:
        picture.replace_with(NavigableString(words))


def _stand_alone(picture: Tag) -> None:
    """Put a picture with a caption into a paragraph of its own, which makes it a figure."""
    around = picture.parent
    if not picture.get("title"):
        if around is not None and around.name in {"div", "[document]"}:
            picture.wrap(BeautifulSoup("", "html.parser").new_tag("p"))
        return
    block = picture.find_parent(BLOCKS)
    paragraph = BeautifulSoup("", "html.parser").new_tag("p")
    if block is not None and block.name == "p" and block.get_text(strip=True):
        block.insert_after(paragraph)
        paragraph.append(picture.extract())
    else:
        picture.wrap(paragraph)
        if block is not None and block.name == "p":
            block.unwrap()
