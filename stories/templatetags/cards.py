from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from founders.models import Founder
from stories.models import Story
from stories.reading.cards import Card, Name, card_html, names_html
from stories.search.results import Result

register = template.Library()


@register.simple_tag
def card(
    story: Story, heading: str, look: str = "", first: bool = False, reason: str = ""
) -> SafeString:
    """Write the card of a story: `{% card story heading="h2" %}`.

    `look` is "lead" or "second" for the first stories of the front page, and "brief" for a card
    without a picture. `first` says that its cover is visible without scrolling, and `reason` why
    the story is shown: a brief card has it in place of the excerpt.
    """
    return card_html(Card.of(story), heading, look, first, reason, get_language() or "")


@register.simple_tag
def names(founders: Iterable[Founder | Name]) -> SafeString:
    """Write the names of all founders of a story: `{% names story.founders %}`."""
    return names_html(Name.of_each(founders), get_language() or "")


@register.inclusion_tag("stories/_result.html")
def result(result: Result) -> dict[str, Any]:
    """Write a story that a search has found, with the words marked: `{% result result %}`."""
    of_story = {"publish_at": result.story.publish_at}
    found = {"title": result.title, "excerpt": result.excerpt}
    return Card.of(result.story)._asdict() | of_story | found
