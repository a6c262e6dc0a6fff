"""The card of a story in a list."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Self

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from founders.models import Founder
from stories.models import Story
from stories_project.pictures.drawings import Drawing
from stories_project.pictures.renditions import Picture
from stories_project.text.typography import typographic

REMEMBERED = 600


class Name(NamedTuple):
    """The name of a founder, and the path of the profile or an empty text."""

    name: str
    public_path: str

    @classmethod
    def of_each(cls, founders: "Iterable[Founder | Name]") -> "tuple[Name, ...]":
        """Return the Names of founders, in their order."""
        return tuple(cls(founder.name, founder.public_path) for founder in founders)


class Card(NamedTuple):
    """Everything that a card shows of a story. Equal cards look the same.

    The templates get the fields one by one, `{{ title }}` and not `{{ card.title }}`: a list has
    hundreds of them, and Django finds a plain variable in a third of the time.
    """

    title: str
    path: str
    excerpt: str
    founders: tuple[Name, ...]
    picture: Picture | Drawing
    focus_classes: str
    minutes: int
    day: date | None

    @classmethod
    def of(cls, story: Story) -> Self:
        """Return the Card of a story that `for_cards()` has loaded."""
        return cls(
            typographic(story.title),
            story.get_absolute_url(),
            typographic(story.excerpt),
            Name.of_each(story.founders),
            story.cover_picture,
            story.focus_classes,
            story.minutes,
            timezone.localdate(story.publish_at) if story.publish_at else None,
        )


@lru_cache(REMEMBERED)
def card_html(
    card: Card, heading: str, look: str, first: bool, reason: str, language: str
) -> SafeString:
    """Return the HTML of a card in the active `language`; see `templates/stories/_card.html`.

    The same story stands in many lists, so the HTML is remembered. It shows nothing but what is in
    the arguments, so it is never out of date.
    """
    place = {"heading": heading, "look": look, "first": first, "reason": reason}
    return render_to_string("stories/_card.html", card._asdict() | place)


@lru_cache(REMEMBERED)
def names_html(names: tuple[Name, ...], language: str) -> SafeString:
    """Return the HTML of the names of founders in the active `language`."""
    return render_to_string("founders/_names.html", {"founders": names})
