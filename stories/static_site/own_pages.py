"""The few pages that only a static site has: the search in the browser, and what leads on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from stories.static_site.places import FORMS
from stories_project.publication.current import current

SEARCH = "/search/"


def own_pages(contact: str, indexes: list[str]) -> dict[str, str]:
    """Return {path: HTML as the served site would write it}.

    `contact` is an e-mail address or a URL for readers who want to write, or empty. `indexes` are
    the folders of the indexes of the search.
    """
    address = f"mailto:{contact}" if "@" in contact and "://" not in contact else contact
    context = {"contact": contact, "contact_address": address}
    return {
        SEARCH: _rendered("search", {"indexes": indexes}),
        FORMS: _rendered("no_forms", context),
    }


def leading_on(new: str) -> str:
    """Return the HTML of a page at an old address."""
    return _rendered("moved", {"new": new, "new_url": f"{settings.SITE_URL}{new}"})


def _rendered(template: str, context: dict[str, Any]) -> str:
    publication = current()
    with timezone.override(publication.zone), translation.override(publication.language):
        return render_to_string(f"static_site/{template}.html", context, request=HttpRequest())
