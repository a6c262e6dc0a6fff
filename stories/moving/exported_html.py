"""A story as HTML for another system, which has no fields for takeaways and sources."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nh3
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from founders.models import Founder
from stories.models import Story, Tag
from stories_project.pictures.renditions import picture_of
from stories_project.text import markdown

# The body of a story without the renditions that only our pages can offer.
KEPT_OF_IMAGES = {"src", "alt", "title", "width", "height"}
PICTURE_URL = re.compile(r"/media/(renditions/[a-z]+/[-0-9a-fx]+\.jpg)")


@dataclass(frozen=True)
class Moved:
    """A story for another system: the row, its HTML, and the pictures that the HTML shows.

    `pictures` are the names of renditions in the default storage; `cover` is one of them, or empty.
    """

    story: Story
    html: str
    pictures: tuple[str, ...]
    cover: str

    @property
    def founders(self) -> list[Founder]:
        """The founders whom the public sees: the others are only named in the text."""
        return [founder for founder in self.story.founders if founder.is_approved]

    @property
    def tags(self) -> list[Tag]:
        """The tags of the story, in its order."""
        return [row.tag for row in self.story.story_tags.all()]

    @property
    def modified_at(self) -> datetime:
        """When the text last changed."""
        return self.story.modified_at


def moved(story: Story) -> Moved:
    """Return a story of `for_export()` as Moved; its addresses begin with our own."""
    context = {
        "takeaways": story.takeaways.all(),
        "sources": story.sources.all(),
        "body": markdown.as_rendered(_with_plain_images(str(story.html))),
    }
    html = render_to_string("stories/moved_story.html", context).strip()
    picture = picture_of(story.cover.name)
    cover = _name_in(picture.largest) if picture else ""
    shown = dict.fromkeys([*([cover] if cover else []), *PICTURE_URL.findall(html)])
    return Moved(story, str(markdown.with_whole_addresses(html)), tuple(shown), cover)


def state_of(story: Story) -> Any:
    """Return the State of a story now."""
    return story.state_at(timezone.now())


def url_of(name: str) -> str:
    """Return the URL of a rendition on our site."""
    return f"{settings.SITE_URL}{settings.MEDIA_URL}{name}"


def _name_in(address: str) -> str:
    match = PICTURE_URL.search(address)
    return match[1] if match else ""


def _with_plain_images(html: str) -> str:
    tags = markdown.ALLOWED_TAGS - {"picture", "source"}
    attributes = {tag: names for tag, names in markdown.ALLOWED_ATTRIBUTES.items() if tag in tags}
    return nh3.clean(
        html, tags=tags, attributes=attributes | {"img": KEPT_OF_IMAGES}, link_rel=None
    )
