"""Classic text of WordPress, which says with blank lines where its paragraphs end."""

import re

BLOCK_TAGS = (
    "address|article|aside|blockquote|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|iframe"
)
BLOCK = re.compile(rf"(</?(?:{BLOCK_TAGS})\b[^>]*>)", re.IGNORECASE)
NAME = re.compile(r"</?(\w+)")
PRE = re.compile(r"<(pre|script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
BLANK_LINE = re.compile(r"\n\s*\n")
LINE_END = re.compile(r"(?:<br\s*/?>)?[ \t]*\n")
TAG = re.compile(r"<[^>]+>")
# What has words only, and no paragraphs.
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "figcaption"}


def paragraphs(text: str) -> str:
    """Return classic text as HTML: blank lines part its paragraphs, and line ends stay.

    WordPress does the same when it shows such a text (`wpautop`).
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\n\n<div>\x01{len(kept) - 1}\x01</div>\n\n"

    html: list[str] = []
    around: list[str] = []
    for part in BLOCK.split(PRE.sub(keep, text.replace("\r\n", "\n"))):
        if BLOCK.fullmatch(part):
            html.append(_step(part, around))
        else:
            html.append(_words_between(part, around[-1] if around else ""))
    return re.sub("<div>\x01(\\d+)\x01</div>", lambda m: kept[int(m[1])], "".join(html))


def _step(tag: str, around: list[str]) -> str:
    """Return the mark of a block, after the end of a paragraph that it closes.

    `around` are the names of the blocks that are open, which it changes.
    """
    match = NAME.match(tag)
    name = match[1].lower() if match else ""
    end = ""
    if around and around[-1] == "p" and name not in {"p", "iframe"}:
        end = f"</{around.pop()}>"
    if tag.startswith("</"):
        while name in around and around.pop() != name:
            pass
    elif name != "hr" and not (around and around[-1] == name and name in {"p", "li"}):
        around.append(name)
    return end + tag


def _words_between(text: str, around: str) -> str:
    """Return the text between the marks of two blocks, as paragraphs if it has blank lines."""
    parts = [LINE_END.sub("<br>", part.strip()) for part in BLANK_LINE.split(text) if part.strip()]
    if not TAG.sub("", text).strip() and "<img" not in text:
        return text
    if around == "p":
        return "</p><p>".join(parts)
    if around in HEADINGS or (around and len(parts) == 1):
        return " ".join(parts)
    return "".join(f"<p>{part}</p>" for part in parts)
