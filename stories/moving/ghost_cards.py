"""The cards of Ghost's editor as HTML: those of Mobiledoc and of Lexical are nearly the same.

https://github.com/TryGhost/Koenig/tree/main/packages/kg-default-nodes
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.moving.foreign_markdown import foreign_markdown_to_html
from stories.moving.foreign_story import Losses

Card = Mapping[str, Any]
# What only makes sense in Ghost; the report names it.
LOST = {
    "paywall": gettext_lazy(
        "the line below which only paying members read: all of the text is here"
    ),
    "email": gettext_lazy("a text that was only in the e-mail"),
    "email-cta": gettext_lazy("a text that was only in the e-mail"),
    "signup": gettext_lazy("a form to subscribe"),
    "collection": gettext_lazy("a list of posts"),
}
QUIET = {"at-link", "at-link-search", "zwnj"}


def card_to_html(name: str, card: Card, losses: Losses) -> str:
    """Return a card as HTML. What is lost goes to `losses`."""
    name = name.removeprefix("card-")
    if name in LOST:
        losses.add(_("Left out: %(what)s.") % {"what": LOST[name]})
        return ""
    if name in QUIET:
        return ""
    if writer := WRITERS.get(name):
        return writer(card)
    sentence = _("A card of the kind “%(kind)s” is not known: its texts and links stay.")
    losses.add(sentence % {"kind": name})
    return _unknown(card)


def _text(card: Card, *names: str) -> str:
    """Return the first of these values that is not empty."""
    return next((str(card[name]) for name in names if card.get(name)), "")


def _caption(card: Card) -> str:
    caption = _text(card, "caption")
    return f"<figcaption>{caption}</figcaption>" if caption else ""


def _image(card: Card) -> str:
    src, alt, title = (escape(_text(card, name)) for name in ("src", "alt", "title"))
    if not src:
        return ""
    return f'<figure><img src="{src}" alt="{alt}" title="{title}">{_caption(card)}</figure>'


def _gallery(card: Card) -> str:
    images = [image for image in card.get("images") or [] if isinstance(image, dict)]
    return f"<div>{''.join(map(_image, images))}</div><p>{_text(card, 'caption')}</p>"


def _code(card: Card) -> str:
    language = escape(_text(card, "language"))
    code = escape(_text(card, "code"))
    caption = _text(card, "caption")
    return f'<pre><code class="language-{language}">{code}</code></pre><p>{caption}</p>'


def _link(card: Card) -> str:
    metadata = card.get("metadata") or {}
    url = _text(card, "url", "src", "buttonUrl")
    names = ("title", "fileTitle", "fileName", "buttonText")
    words = _text(metadata, "title") or _text(card, *names) or url
    link = f'<p><a href="{escape(url)}">{escape(words)}</a></p>' if url else ""
    caption = _text(card, "caption", "fileCaption")
    return link + (f"<p>{caption}</p>" if caption else "")


def _embed(card: Card) -> str:
    url = _text(card, "url")
    title = _text(card.get("metadata") or {}, "title") or _text(card, "title")
    if not url:
        return _text(card, "html")
    frame = f'<iframe src="{escape(url)}" title="{escape(title)}"></iframe>'
    return f"{frame}<p>{_text(card, 'caption')}</p>"


def _player(word: str) -> Callable[[Card], str]:
    def write(card: Card) -> str:
        src, title = escape(_text(card, "src")), escape(_text(card, "title", "fileName"))
        caption = _text(card, "caption")
        return f'<{word} src="{src}" title="{title}"></{word}><p>{caption}</p>' if src else ""

    return write


def _callout(card: Card) -> str:
    emoji = escape(_text(card, "calloutEmoji"))
    return f"<blockquote><p>{emoji} {_text(card, 'calloutText')}</p></blockquote>"


def _toggle(card: Card) -> str:
    return f"<p><strong>{_text(card, 'heading')}</strong></p>{_text(card, 'content')}"


def _header(card: Card) -> str:
    heading, below = _text(card, "header", "heading"), _text(card, "subheader", "subheading")
    return (f"<h2>{heading}</h2>" if heading else "") + f"<p>{below}</p>" + _link(card)


def _product(card: Card) -> str:
    picture = {"src": card.get("productImageSrc"), "alt": card.get("productTitle")}
    link = {"url": card.get("productUrl"), "buttonText": card.get("productButton")}
    title, text = _text(card, "productTitle"), _text(card, "productDescription")
    return f"{_image(picture)}<p><strong>{title}</strong></p>{text}{_link(link)}"


def _call_to_action(card: Card) -> str:
    return f"{_text(card, 'textValue')}{_image({'src': card.get('imageUrl')})}{_link(card)}"


def _unknown(card: Card) -> str:
    texts = [str(v) for n, v in card.items() if isinstance(v, str) and _is_text(n, v)]
    return "".join(f"<p>{text}</p>" for text in texts) + _link(card)


def _is_text(name: str, value: str) -> bool:
    return " " in value.strip() and not name.lower().endswith(("style", "color", "html"))


WRITERS: dict[str, Callable[[Card], str]] = {
    "image": _image,
    "gallery": _gallery,
    "code": _code,
    "codeblock": _code,
    "markdown": lambda card: foreign_markdown_to_html(_text(card, "markdown")),
    "html": lambda card: _text(card, "html"),
    "hr": lambda card: "<hr>",
    "horizontalrule": lambda card: "<hr>",
    "bookmark": _link,
    "button": _link,
    "file": _link,
    "embed": _embed,
    "video": _player("video"),
    "audio": _player("audio"),
    "callout": _callout,
    "toggle": _toggle,
    "header": _header,
    "product": _product,
    "call-to-action": _call_to_action,
    "transistor": _embed,
    "tk": lambda card: escape(_text(card, "text")),
}
