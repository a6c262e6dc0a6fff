"""From a foreign story to the values of `StoryForm`; what does not fit is cut, and reported."""

import re
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from markdown_it.token import Token

from stories.models import Story
from stories.moving.conversion import Conversion
from stories.moving.mapping import NameMapping
from stories.writing.comparing import label_of
from stories.writing.form_fields import TagNamesField
from stories_project.publication.current import in_its_language
from stories_project.text import markdown
from stories_project.text.markdown_parser import parser
from stories_project.text.sentences import inside_sentence

LONGEST_MADE_EXCERPT = 280
SENTENCE_END = re.compile(r"(?<=[.!?…。])\s+")
# What stands for an embed or a picture that could not be had.
ONLY_ADDRESS = re.compile(r"https?://\S+|[\w-]+(?:\.[\w-]+)+", re.ASCII)
TAGS = re.compile(r"<[^>]+>")


def moved_values(conversion: Conversion, mapping: NameMapping) -> dict[str, Any]:
    """Return the values of a story, without founders, cover and times.

    Raises NotReadable and RecursionError for a text that cannot be converted.
    """
    story, losses = conversion.story, conversion.losses
    body = headings_in_order(conversion.source.markdown(story, conversion))
    with in_its_language():
        byline = mapping.byline(story.authors)
    values: dict[str, Any] = {
        "title": _cut(story.title, "title", conversion) or _("(Untitled)"),
        "slug": conversion.plan.slugs[story.foreign_id],
        "excerpt": _cut(story.excerpt, "excerpt", conversion),
        "body": body,
        "byline": _cut(byline, "byline", conversion),
        "tags": _tags(conversion, mapping),
        "search_title": _cut(story.search_title, "search_title", conversion),
        "search_description": _cut(story.search_description, "search_description", conversion),
        "canonical_url": _canonical_url(conversion),
    }
    if not values["excerpt"] and (excerpt := first_sentences(body)):
        values["excerpt"] = excerpt
        losses.add(_("The excerpt is made from the first paragraph."))
    if mapping.takeaways == "excerpt":
        values["takeaways"] = " ".join(values["excerpt"].split())[:500]
    return values | dict(story.values)


def cover_values(conversion: Conversion, is_described: bool) -> dict[str, str]:
    """Return the texts of the cover. With `is_described`, the title stands for a missing one."""
    cover = conversion.story.cover
    if cover is None:
        return {}
    caption = " ".join(TAGS.sub("", cover.caption).split())
    alt = cover.alt or caption
    if not alt and is_described:
        conversion.losses.add(_("The cover has no description: the title stands for it."))
        alt = conversion.story.title
    return {"cover_alt": alt[:300], "cover_credit": caption[:200]}


def headings_in_order(text: str) -> str:
    """Return Markdown whose headings begin at level 2 and skip no level; empty ones are gone."""
    lines = text.splitlines()
    above = 1
    for token, inline in _headings(parser.parse(text)):
        if not token.markup.startswith("#") or token.map is None:
            above = 2
            continue
        line = lines[token.map[0]]
        above = min(max(len(token.markup), 2), above + 1)
        lines[token.map[0]] = "#" * above + line.lstrip()[len(token.markup) :]
        if not inline.content.strip():
            lines[token.map[0]] = ""
    return "\n".join(lines).strip()


def _headings(tokens: list[Token]) -> list[tuple[Token, Token]]:
    return [
        (t, inline) for t, inline in pairwise(tokens) if t.type == "heading_open" and t.level == 0
    ]


def first_sentences(body: str) -> str:
    """Return the beginning of the first paragraph of a Markdown text, in whole sentences."""
    paragraphs = markdown.facts_of(body).paragraphs
    texts = (" ".join(paragraph.split()) for paragraph in paragraphs)
    text = next((text for text in texts if text and not ONLY_ADDRESS.fullmatch(text)), "")
    if len(text) <= LONGEST_MADE_EXCERPT:
        return text
    excerpt = ""
    for sentence in SENTENCE_END.split(text):
        if len(excerpt) + len(sentence) > LONGEST_MADE_EXCERPT:
            break
        excerpt = f"{excerpt} {sentence}".strip()
    return excerpt or text[:LONGEST_MADE_EXCERPT].rpartition(" ")[0] + " …"


def _cut(text: str, name: str, conversion: Conversion) -> str:
    most = int(getattr(Story._meta.get_field(name), "max_length", 0))
    text = text.replace("\x00", "").strip()
    if len(text) <= most:
        return text
    sentence = _("Cut after %(most)s characters: %(field)s.")
    field = inside_sentence(label_of(name))
    conversion.losses.add(sentence % {"most": most, "field": field})
    return text[: most - 1].rstrip() + "…"


def _tags(conversion: Conversion, mapping: NameMapping) -> list[str]:
    names = mapping.tag_names(conversion.story.tags)
    most, longest = TagNamesField.max_tags, TagNamesField.max_length
    for name in [*names[most:], *(n for n in names if len(n) > longest)]:
        conversion.losses.add(_("One tag too many, or too long: %(tag)s.") % {"tag": name[:80]})
    return [name for name in names if len(name) <= longest][:most]


def _canonical_url(conversion: Conversion) -> str:
    """Return the canonical URL, unless it is that of the story itself on the other site."""
    url = conversion.story.canonical_url
    if not url.startswith(("http://", "https://")) or len(url) > 500:
        return ""
    target = conversion.link(url)
    return "" if not target or target.startswith(("/", settings.SITE_URL)) else url
