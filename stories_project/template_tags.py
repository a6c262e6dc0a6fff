"""Template tags for what a page need not compute again. Every template may use them."""

from collections.abc import Hashable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized

from django import template
from django.template import defaultfilters
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from stories_project.pictures.drawings import Drawing
from stories_project.pictures.renditions import Picture, picture_of
from stories_project.text.recent import Recent
from stories_project.text.typography import opening, typographic

register = template.Library()
register.filter(typographic)
register.filter(opening)

PICTURES = 600
DATES = 2000
VARIANTS = 8


@register.simple_tag
def picture(
    picture: Picture | Drawing, sizes: str, alt: str = "", focus: str = "", first: bool = False
) -> SafeString:
    """Write a picture: `{% picture story.cover_picture sizes="100vw" alt=story.cover_alt %}`.

    `sizes` is the attribute of the HTML element, `focus` holds CSS classes, and `first` says that
    the picture is visible when the page opens.
    """
    return _picture(picture, sizes, alt, focus, bool(first))


@lru_cache(PICTURES)
def _picture(
    picture: Picture | Drawing, sizes: str, alt: str, focus: str, first: bool
) -> SafeString:
    context = {"sizes": sizes, "alt": alt, "focus": focus, "first": first}
    return render_to_string("_picture.html", context | picture.shown())


@register.filter("date", expects_localtime=True, is_safe=False)
def written(value: Any, form: str | None = None) -> Any:
    """Write a date as Django's filter of this name does; a list writes the same ones often."""
    if not isinstance(value, date):
        return defaultfilters.date(value, form)
    zone, fold = (value.tzinfo, value.fold) if isinstance(value, datetime) else (None, 0)
    return _written(value, zone, fold, form, get_language())


@lru_cache(DATES)
def _written(
    value: date, zone: tzinfo | None, fold: int, form: str | None, language: str | None
) -> Any:
    """Return the date in the active `language`. Equal times may differ by zone and fold."""
    return defaultfilters.date(value, form)


@register.filter
@defaultfilters.stringfilter
def truncatechars(text: str, most: int) -> str:
    """Shorten a text as Django's filter of this name does, which takes long for a short one too."""
    is_short = len(text) <= most and is_normalized("NFC", text)
    return text if is_short else str(defaultfilters.truncatechars(text, most))


@register.filter
def stored_picture(name: str) -> Picture | None:
    """Return the picture of a stored name: `{% with logo=publication.logo|stored_picture %}`."""
    return picture_of(name)


class SameFor(template.Node):
    """Renders its content once for each value of some variables, and remembers the HTML."""

    # A block inside could be another one on each page, so nobody need look for one.
    child_nodelists = ()

    def __init__(self, variables: list[FilterExpression], nodelist: NodeList) -> None:
        self.variables = variables
        self.nodelist = nodelist
        self.remembered: Recent[SafeString] = Recent(VARIANTS)

    def render(self, context: Context) -> SafeString:
        """Return the content."""
        values: Hashable = tuple(variable.resolve(context) for variable in self.variables)
        return self.remembered.get(values, lambda: self.nodelist.render(context))


@register.tag
def samefor(parser: Parser, token: Token) -> SameFor:
    """Remember what is the same on each page: `{% samefor publication %}…{% endsamefor %}`.

    Name every variable that the content shows.
    """
    _, *names = token.split_contents()
    nodelist = parser.parse(("endsamefor",))
    parser.delete_first_token()
    return SameFor([parser.compile_filter(name) for name in names], nodelist)
