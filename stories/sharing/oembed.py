"""oEmbed 1.0 (https://oembed.com): how another site shows a story, for its URL."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.template.loader import render_to_string

from stories.models import Story
from stories_project.paths import path_to
from stories_project.pictures.drawings import Drawing
from stories_project.publication.current import current

# In CSS pixels. A narrow card has its picture above the words, and needs more height.
WIDTH, NARROWEST = 600, 220
WIDE_FROM, HEIGHT, HEIGHT_OF_NARROW = 480, 240, 440
# How long others may keep an answer, in seconds.
KEPT_FOR = 3600


def describe(story: Story, most_width: int | None, most_height: int | None) -> dict[str, Any]:
    """Return the answer for a published story; the limits are in CSS pixels."""
    width = max(NARROWEST, min(WIDTH, most_width or WIDTH))
    height = HEIGHT if width >= WIDE_FROM else HEIGHT_OF_NARROW
    height = min(height, most_height or height)
    return {
        "version": "1.0",
        "type": "rich",
        "title": story.title,
        "author_name": story.signature,
        "provider_name": current().name,
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": KEPT_FOR,
        **_thumbnail(story, width),
        "html": frame(story, width, height),
        "width": width,
        "height": height,
    }


def frame(story: Story, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the HTML that shows the card of a story on another site; sizes in CSS pixels."""
    card = settings.SITE_URL + path_to("story_card", story.slug)
    context = {"title": story.title, "card": card, "width": width, "height": height}
    return render_to_string("stories/_frame.html", context).strip()


def as_xml(answer: Mapping[str, Any]) -> str:
    """Return an answer as XML."""
    rows = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in answer.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{rows}</oembed>\n'


def _thumbnail(story: Story, most_width: int) -> dict[str, Any]:
    """Return the uploaded cover; what is drawn is an SVG, which few sites show."""
    picture = story.cover_picture
    if isinstance(picture, Drawing):
        return {}
    width = picture.smallest_width
    if width > most_width:
        return {}
    return {
        "thumbnail_url": settings.SITE_URL + picture.smallest,
        "thumbnail_width": width,
        "thumbnail_height": max(1, round(width * picture.height / picture.width)),
    }
