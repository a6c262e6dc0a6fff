"""The navigation of the desk: where the links in its header lead."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stories.admin import system

STORIES, FOUNDERS = "/admin/stories/story/", "/admin/founders/"


@dataclass(frozen=True)
class Place:
    """A link of the header: the permission it needs, and the paths that belong to it."""

    name: str
    label: str
    view: str
    permission: str
    paths: tuple[str, ...]

    def is_open_to(self, user: User) -> bool:
        """Whether a user may open it."""
        return user.has_perm(self.permission)


PLACES = (
    Place("stories", gettext_noop("Stories"), "stories_story_changelist", "stories.view_story", ()),
    Place(
        *("calendar", gettext_noop("Calendar"), "stories_story_calendar", "stories.view_story"),
        (f"{STORIES}calendar/", f"{STORIES}board/"),
    ),
    Place(
        *("pictures", gettext_noop("Pictures"), "stories_story_pictures", "stories.view_story"),
        (f"{STORIES}pictures/",),
    ),
    Place(
        *("founders", gettext_noop("Founders"), "stories_suggestion_queue"),
        *("stories.change_suggestion", (FOUNDERS, "/admin/stories/suggestion/")),
    ),
    # Who decides nothing has no queue.
    Place(
        *("founders", gettext_noop("Founders"), "founders_founder_changelist"),
        *("founders.view_founder", (FOUNDERS, "/admin/stories/suggestion/")),
    ),
    Place(
        *("tags", gettext_noop("Tags"), "stories_tag_changelist", "stories.view_tag"),
        ("/admin/stories/tag/",),
    ),
    Place(
        *("series", gettext_noop("Series"), "stories_series_changelist", "stories.view_series"),
        ("/admin/stories/series/",),
    ),
    Place(
        *("system", gettext_noop("System"), "stories_story_system", system.PERMISSION),
        (f"{STORIES}system/", f"{STORIES}publication/", "/admin/auth/", "/admin/audit/"),
    ),
)


@dataclass(frozen=True)
class Link:
    """A link of the navigation as a page shows it."""

    label: str
    address: str
    is_current: bool


def places(user: User) -> dict[str, Place]:
    """Return the places that a user may open, by their names, in their order."""
    opened: dict[str, Place] = {}
    for place in PLACES:
        if place.is_open_to(user):
            opened.setdefault(place.name, place)
    return opened


def links(request: HttpRequest) -> list[Link]:
    """Return the links of the header for the user of a request."""
    opened = places(request.user)  # type: ignore[arg-type]  # the desk is for those who signed in
    here = _name_of(request.path)
    return [
        Link(_(place.label), reverse(f"admin:{place.view}"), name == here)
        for name, place in opened.items()
    ]


def _name_of(path: str) -> str:
    """Return the name of the place to which a path belongs; no name for the front page."""
    named = next((place.name for place in PLACES if path.startswith(place.paths)), "")
    return named or ("stories" if path.startswith(STORIES) else "")
