"""What a page of another site has beside text and pictures: embeds, players, cards and forms.

A story here has none of them: a link takes their place, and the report says so.
"""

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.moving.foreign_story import Losses

# What leads to nothing that a reader can use: it goes, and the report names it.
GONE = {
    "form": gettext_lazy("form"),
    "button": gettext_lazy("button"),
    "canvas": gettext_lazy("drawing"),
    "object": gettext_lazy("embedded object"),
    "[data-lexical-signup-form], .kg-signup-card": gettext_lazy("form to subscribe"),
    ".subscription-widget-wrap, .subscription-widget-wrap-editor": gettext_lazy(
        "form to subscribe"
    ),
    ".sharedaddy, .jp-relatedposts": gettext_lazy("block of a plugin"),
}
SILENT = "script, style, meta, link, title, template, noscript, .button-wrapper, .image-link-expand"
BACKGROUND = re.compile(
    r"background(?:-image)?\s*:[^;]*?url\(\s*(?P<quote>['\"]?)(?P<address>[^)]+?)(?P=quote)\s*\)",
    re.IGNORECASE,
)
LINE_END = re.compile(r"\r?\n")
PLAYERS = {"video": gettext_lazy("video"), "audio": gettext_lazy("recording")}


def replace_embeds(soup: BeautifulSoup, losses: Losses) -> None:
    """Replace what a story cannot have with links, and note each in `losses`."""
    for image in soup.select("noscript > img"):
        if image.parent is not None and not image.parent.find_previous_sibling("img"):
            image.parent.unwrap()
    for element in soup.select(SILENT):
        element.decompose()
    _open_links(soup)
    _open_boxes(soup)
    _open_blocks(soup)
    _open_backgrounds(soup)
    _remove_gone(soup, losses)
    for frame in soup.find_all(["iframe", "embed"]):
        _replace(frame, str(frame.get("src") or frame.get("data-src") or ""), _("embed"), losses)
    for name, word in PLAYERS.items():
        for player in soup.find_all(name):
            inner = player.find("source")
            source = player.get("src") or (inner.get("src") if isinstance(inner, Tag) else "")
            _replace(player, str(source or ""), str(word), losses)


def _remove_gone(soup: BeautifulSoup, losses: Losses) -> None:
    for selector, name in GONE.items():
        for element in soup.select(selector):
            losses.add(_("Left out: %(what)s.") % {"what": name})
            element.decompose()


def _open_links(soup: BeautifulSoup) -> None:
    """Turn cards that lead to a page or a file into a link with its title."""
    for card in soup.select(".kg-bookmark-card, .embedded-post-wrap, .kg-file-card"):
        link = card.find("a", href=True)
        title = card.select_one(".kg-bookmark-title, .embedded-post-title, .kg-file-card-title")
        if not isinstance(link, Tag):
            continue
        href = str(link["href"])
        words = (title or link).get_text(" ", strip=True) or href
        caption = card.find("figcaption")
        card.replace_with(new := _paragraph(soup, href, words))
        if isinstance(caption, Tag):
            caption.name = "p"
            new.insert_after(caption)


def _open_boxes(soup: BeautifulSoup) -> None:
    """Turn boxes into quotations, and what opens with a click into text below its title."""
    for icon in soup.select(".kg-toggle-card-icon"):
        icon.decompose()
    for emoji in soup.select(".kg-callout-emoji"):
        if text := emoji.find_next_sibling(class_="kg-callout-text"):
            text.insert(0, f"{emoji.get_text(strip=True)} ")
        emoji.decompose()
    for box in soup.select(".kg-callout-card, .wp-block-pullquote, .pullquote"):
        if not box.find("blockquote"):
            box.name = "blockquote"
    for title in soup.select(".kg-toggle-heading-text, summary"):
        words, title.name = " ".join(title.get_text().split()), "p"
        title.clear()
        title.append(strong := soup.new_tag("strong"))
        strong.string = words
    for quote in soup.select("blockquote.twitter-tweet, blockquote.instagram-media"):
        quote.attrs.clear()


def _open_blocks(soup: BeautifulSoup) -> None:
    """Turn blocks of WordPress that are lists or code by name only into what they show."""
    for verse in soup.select("pre.wp-block-verse"):
        verse.name = "p"
        for text in verse.find_all(string=LINE_END):
            text.replace_with(BeautifulSoup(LINE_END.sub("<br>", escape(text)), "html.parser"))
    for address in soup.select("address, ul.blocks-gallery-grid, ul.blocks-gallery-grid > li"):
        address.name = "div"
    for again in soup.select(".wp-block-file > a + .wp-block-file__button"):
        again.decompose()


def _open_backgrounds(soup: BeautifulSoup) -> None:
    """Turn pictures behind a text into pictures before it."""
    for element in soup.find_all(style=BACKGROUND):
        match = BACKGROUND.search(str(element["style"]))
        alt = str(element.get("aria-label") or "")
        if match and not match["address"].startswith("data:"):
            element.insert_before(soup.new_tag("img", attrs={"src": match["address"], "alt": alt}))


def _replace(element: Tag, address: str, word: str, losses: Losses) -> None:
    address = readable_address(address)
    if not address.startswith(("http://", "https://", "/")):
        losses.add(_("Without an address, and left out: %(what)s.") % {"what": word})
        element.decompose()
        return
    sentence = _("The %(what)s %(address)s became a link.")
    losses.add(sentence % {"what": word, "address": address})
    words = str(element.get("title") or "").strip() or _host(address)
    element.replace_with(_paragraph(BeautifulSoup("", "html.parser"), address, words))


def _paragraph(soup: BeautifulSoup, href: str, words: str) -> Tag:
    paragraph, link = soup.new_tag("p"), soup.new_tag("a", href=href)
    link.string = words
    paragraph.append(link)
    return paragraph


def readable_address(address: str) -> str:
    """Return the address that a person opens for one that a page embeds."""
    address = f"https:{address}" if address.startswith("//") else address
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host, path = (parts.hostname or "").removeprefix("www."), parts.path
    if host in {"youtube.com", "youtube-nocookie.com"} and path.startswith("/embed/"):
        return f"https://www.youtube.com/watch?v={path.split('/')[2]}"
    if host == "player.vimeo.com" and path.startswith("/video/"):
        return f"https://vimeo.com/{path.split('/')[2]}"
    if host == "w.soundcloud.com":
        return parse_qs(parts.query).get("url", [address])[0]
    return address


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")
