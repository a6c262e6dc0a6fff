"""The editors' guide, docs/editing.md, as a page of the desk."""

from functools import cache
from pathlib import Path

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories_project.text.markdown import Rendering, render

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "editing.md"
# Under which heading the guide explains a section of the form.
ANCHORS = {
    "state": "publish-schedule-withdraw",
    "checklist": "write-a-story",
    "people": "tags",
    "cover": "write-a-story",
    "publishing": "publish-schedule-withdraw",
    "reading": "continue-your-journey",
    "search_engines": "when-a-link-is-shared",
    "last_look": "publish-schedule-withdraw",
    "saved_filters": "your-desk",
}


def urls() -> list[URLPattern]:
    """Return the URL pattern."""
    return [story_path("guide/", guide, "guide")]


def anchor_of(section: str) -> str:
    """Return the anchor in the guide for a section of the form; empty if it has none."""
    return ANCHORS.get(section.strip(), "")


@cache
def rendered() -> Rendering:
    """Return the guide as HTML, without its title and its pictures, which are not served."""
    lines = GUIDE.read_text().splitlines()
    return render("\n".join(line for line in lines[1:] if not line.startswith("![")))


@require_safe
@of_stories("view")
def guide(request: DeskRequest) -> HttpResponse:
    """Show the guide with its table of contents."""
    shown = rendered()
    contents = [heading for heading in shown.headings if heading.level == 2]
    return desk_page(request, "guide", _("Guide"), guide=shown.html, contents=contents)
