"""The text of a WordPress post as HTML: blocks, and classic text with shortcodes."""

import json
import re
from collections.abc import Mapping
from html import escape

from django.utils.translation import gettext as _

from stories.moving.foreign_story import ForeignPicture, Losses
from stories.moving.wordpress_paragraphs import paragraphs

BLOCK_MARK = re.compile(r"<!--\s*/?wp:[^>]*?-->")
MORE = re.compile(r"<!--(?:more|nextpage)[^>]*-->")
# Blocks that WordPress fills when the page is shown: the text has only their mark.
DYNAMIC = re.compile(r"<!--\s*wp:([\w/-]+)\s*(?:\{[^\n]*\})?\s*/-->")
# A picture that WordPress puts behind a group of blocks: only its mark names it.
BACKGROUND = re.compile(r'<!--\s*wp:[^\n]*?"backgroundImage":\{"url":"([^"]+)"')
QUIET = {"footnotes", "spacer", "more", "nextpage", "separator"}
EMBED = re.compile(
    r'<figure class="[^"]*wp-block-embed[^"]*">\s*<div class="wp-block-embed__wrapper">\s*'
    r"(https?://[^\s<]+)\s*</div>(.*?)</figure>",
    re.DOTALL,
)
# An address alone on its line becomes an embed.
ALONE = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t]*$", re.MULTILINE)
# A shortcode: [name values], [name values]text[/name] or [name /]. [[name]] is text.
SHORTCODE = re.compile(
    r"(?<!\[)\[(?P<name>[a-zA-Z][\w-]*)(?P<values>(?:\s[^\[\]]*)?)/?\](?!\])"
    r"(?:(?P<text>(?:(?!\[(?P=name)[\s\]]).)*?)\[/(?P=name)\])?",
    re.DOTALL,
)
ADDRESS = re.compile(r"https?://[^\s<>\"'\]]+")
VALUE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
CAPTION_TEXT = re.compile(r"(?P<picture>.*?<img[^>]*>(?:\s*</a>)?)(?P<caption>.*)", re.DOTALL)
KNOWN = {"caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist", "code"}
Pictures = Mapping[str, ForeignPicture]


def body_to_html(text: str, notes: Mapping[str, str], pictures: Pictures, losses: Losses) -> str:
    """Return a post as HTML. What is lost goes to `losses`.

    `notes` are the JSON of the block of footnotes, and the ids of the pictures attached to the
    post. `pictures` are the attachments of the site by their ids, for galleries.
    """
    has_blocks = "<!-- wp:" in text
    text = EMBED.sub(lambda m: f'<iframe src="{m[1]}"></iframe><p>{_words(m[2])}</p>', text)
    for name in dict.fromkeys(DYNAMIC.findall(text)):
        if name not in QUIET:
            sentence = _("Left out: the block “%(name)s”, which WordPress fills by itself.")
            losses.add(sentence % {"name": name})
    for address in BACKGROUND.findall(text):
        sentence = _("Left out: the picture %(address)s behind a text.")
        losses.add(sentence % {"address": address.replace("\\/", "/")})
    text = MORE.sub("", BLOCK_MARK.sub("", text))
    text = _shortcodes(text, notes.get("attached", ""), pictures, losses)
    text = ALONE.sub(r'<iframe src="\1"></iframe>', text)
    return (text if has_blocks else paragraphs(text)) + _footnotes(notes.get("footnotes", ""))


def _words(html: str) -> str:
    return re.sub(r"</?figcaption[^>]*>", "", html)


def _footnotes(text: str) -> str:
    """Return the block of footnotes, which WordPress keeps beside the text, as a list."""
    try:
        notes = json.loads(text) if text else []
        items = (f'<li id="{escape(note["id"])}">{note["content"]}</li>' for note in notes)
        return f'<ol class="wp-block-footnotes">{"".join(items)}</ol>' if notes else ""
    except (ValueError, TypeError, KeyError):
        return ""


def _shortcodes(text: str, attached: str, pictures: Pictures, losses: Losses) -> str:
    def replace(match: re.Match[str]) -> str:
        name, inner = match["name"].lower(), match["text"] or ""
        values = {n: next(filter(None, rest), "") for n, *rest in VALUE.findall(match["values"])}
        if name in {"caption", "wp_caption"}:
            return _caption(values, inner)
        if name == "gallery":
            return _gallery(values.get("ids") or attached, pictures, losses)
        if name == "embed":
            return f'<iframe src="{escape(inner.strip() or values.get("src", ""))}"></iframe>'
        if name in {"audio", "video"}:
            source = _source(values) or _address_in(match["values"], inner)
            return f'<{name} src="{escape(source)}"></{name}>'
        is_shortcode = match["text"] is not None or bool(values) or "_" in name or "-" in name
        if not is_shortcode:
            # Brackets that a writer typed, such as [sic].
            return match[0]
        sentence = _("Left out: the shortcode [%(name)s].")
        if inner:
            sentence = _("Left out: the shortcode [%(name)s]; its text stays.")
        losses.add(sentence % {"name": name})
        return _shortcodes(inner, attached, pictures, losses)

    return SHORTCODE.sub(replace, text).replace("[[", "[").replace("]]", "]")


def _source(values: Mapping[str, str]) -> str:
    names = ("src", "mp3", "mp4", "m4a", "m4v", "ogg", "wav", "webm")
    return next((values[name] for name in names if values.get(name)), "")


def _address_in(*texts: str) -> str:
    """Return the first address in the text of a shortcode, such as [audio https://…]."""
    return next((found[0] for text in texts if (found := ADDRESS.search(text))), "")


def _caption(values: Mapping[str, str], inner: str) -> str:
    match = CAPTION_TEXT.match(inner)
    picture, below = (match["picture"], match["caption"]) if match else (inner, "")
    caption = values.get("caption") or below.strip()
    return f"\n\n<figure>{picture}<figcaption>{caption}</figcaption></figure>\n\n"


def _gallery(ids: str, pictures: Pictures, losses: Losses) -> str:
    """Return the pictures of a gallery, one after the other."""
    keys = [key.strip() for key in ids.split(",") if key.strip()]
    if not keys:
        losses.add(_("Left out: a gallery without pictures."))
    figures: list[str] = []
    for key in keys:
        if picture := pictures.get(key):
            source, alt = escape(picture.address), escape(picture.alt)
            caption = f"<figcaption>{picture.caption}</figcaption>" if picture.caption else ""
            figures.append(f'<figure><img src="{source}" alt="{alt}">{caption}</figure>')
        else:
            sentence = _("The picture %(key)s of a gallery is not among the attachments.")
            losses.add(sentence % {"key": key})
    return "\n\n" + "\n\n".join(figures) + "\n\n"
