"""What the keys of front matter mean in Hugo, Jekyll, Eleventy, Astro, and here."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

from django.utils.dateparse import parse_datetime

from stories.moving.foreign_story import ForeignPicture
from stories.moving.story_files import KEYS, form_values
from stories_project.text.front_matter import Document

DATES = ("date", "pubDate", "pubDatetime", "publishDate", "published", "publish_at", "created")
EXCERPTS = ("excerpt", "description", "summary", "subtitle")
COVERS = ("cover", "image", "featured_image", "featuredImage", "heroImage", "thumbnail", "images")
URLS = ("url", "permalink")
FORMER = ("aliases", "redirect_from", "redirects")
CANONICAL = ("canonical_url", "canonicalURL", "canonical", "canonicalUrl")
TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
# 2021-01-31-a-title.md
DATED_NAME = re.compile(r"(?P<day>\d{4}-\d{1,2}-\d{1,2})[-_](?P<slug>.+)")
# Keys of ours that no other program has, or that mean the same there.
OWN = KEYS - {"title", "slug", "excerpt", "tags", "cover", "publish_at", "canonical_url", "body"}
Values = Mapping[str, Any]


def text_at(values: Values, *names: str) -> str:
    """Return the first of these values that is text and not empty."""
    found = (values.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")


def moment_of(values: Values, name: str) -> datetime | None:
    """Return the time of publication in front matter, or else the day in a file's name."""
    for text in (text_at(values, key) for key in DATES):
        if text and (moment := parse_moment(text)):
            return moment
    match = DATED_NAME.fullmatch(stem_of(name))
    return parse_moment(match["day"]) if match else None


def parse_moment(text: str) -> datetime | None:
    """Return the time that a text means, in UTC if it names no zone; None for any other text."""
    try:
        moment = parse_datetime(text.replace(" UTC", "Z"))
        if moment is None:
            parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
            moment = datetime.combine(date(*parts), datetime.min.time())
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stem_of(name: str) -> str:
    """Return what names a story in the path of its file: that of the folder of a bundle."""
    path = PurePosixPath(name)
    stem = path.name.partition(".")[0]
    return path.parent.name if stem == "index" and path.parent.name else stem


def slug_of(values: Values, name: str) -> str:
    """Return the slug in front matter, or else that in a file's name."""
    match = DATED_NAME.fullmatch(stem_of(name))
    return text_at(values, "slug").strip("/") or (match["slug"] if match else stem_of(name))


def is_draft(values: Values, name: str) -> bool:
    """Whether front matter or the folder says that readers do not see it."""
    in_drafts = bool({"_drafts", "drafts"} & set(PurePosixPath(name).parts))
    said = text_at(values, "draft").lower() in TRUE or (
        text_at(values, "published").lower() in FALSE
    )
    return in_drafts or said or text_at(values, "status").lower() in {"draft", "private"}


def names_at(values: Values, *keys: str) -> tuple[str, ...]:
    """Return the names in these keys: a list, one name, or names between commas."""
    names: list[str] = []
    for key in keys:
        value = values.get(key)
        if isinstance(value, str):
            value = value.split(",")
        for item in value if isinstance(value, list) else [value]:
            name = text_at(item, "name", "title") if isinstance(item, dict) else str(item or "")
            names += [name.strip()] if name.strip() else []
    return tuple(dict.fromkeys(names))


def tags_of(values: Values) -> tuple[str, ...]:
    """Return the tags and categories. Jekyll also accepts words between spaces."""
    taxonomies = values.get("taxonomies")
    values = {**values, **(taxonomies if isinstance(taxonomies, dict) else {})}
    tags = values.get("tags")
    if isinstance(tags, str) and "," not in tags:
        values["tags"] = tags.split()
    return names_at(values, "tags", "categories", "category")


def cover_of(values: Values) -> ForeignPicture | None:
    """Return the picture that front matter names; `image: {src, alt}` and `cover_alt` too."""
    alt = text_at(values, "cover_alt", "image_alt", "imageAlt", "featured_image_alt")
    caption = text_at(values, "cover_credit", "caption", "image_caption")
    for key in COVERS:
        value = values.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, dict):
            alt = alt or text_at(value, "alt")
            caption = caption or text_at(value, "caption")
            value = text_at(value, "image", "src", "path", "url", "file")
        if isinstance(value, str) and value.strip():
            return ForeignPicture(address=value.strip(), alt=alt, caption=caption)
    return None


def own_values(document: Document) -> dict[str, Any]:
    """Return the values of `StoryForm` that only our own files have, such as takeaways.

    Raises BadFile for a value of the wrong type.
    """
    values = {key: value for key, value in document.values.items() if key in OWN}
    if not values:
        return {}
    found = form_values(Document(values, document.lines, ""))
    return {name: value for name, value in found.items() if name != "body"}
