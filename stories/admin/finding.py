"""Ctrl+K: finds stories, founders, tags, series and commands of the desk."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.admin import navigation
from stories.admin.permissions import DeskRequest, desk_page, story_path
from stories.admin.states import pill_of
from stories.models import Series, Story, Tag
from stories_project.cache_headers import never_store
from stories_project.text.folding import fold

OF_EACH_KIND = 6
LONGEST_TEXT = 100
# A command, its page, and the permission that it needs.
COMMANDS = (
    (gettext_noop("Write a story"), "stories_story_add", "stories.add_story"),
    (gettext_noop("Review links"), "stories_story_all_review_links", "stories.publish_story"),
    (gettext_noop("Start here"), "stories_story_start_here", "stories.publish_story"),
    (gettext_noop("Deleted stories"), "stories_story_deleted", "stories.delete_story"),
    (gettext_noop("Add a founder"), "founders_founder_add", "founders.add_founder"),
    (gettext_noop("All profiles"), "founders_founder_changelist", "founders.view_founder"),
    (gettext_noop("Duplicates"), "founders_founder_duplicates", "founders.moderate_founder"),
    (gettext_noop("Near-duplicates"), "stories_tag_near_duplicates", "stories.change_tag"),
    (gettext_noop("Begin a series"), "stories_series_add", "stories.add_series"),
    (gettext_noop("Accounts"), "auth_user_changelist", "auth.view_user"),
    (gettext_noop("Publication"), "stories_story_publication", "audit.view_auditentry"),
    (gettext_noop("Guide"), "stories_story_guide", "stories.view_story"),
)


@dataclass(frozen=True)
class Found:
    """Something that was found: its kind in words, its name, a word about it, its address."""

    kind: str
    label: str
    about: str
    address: str


def urls() -> list[URLPattern]:
    """Return the URL pattern."""
    return [story_path("find/", find, "find")]


@require_safe
def find(request: DeskRequest) -> HttpResponse:
    """Show what a text finds: as a page, or as JSON for the palette."""
    if not navigation.places(request.user):
        raise PermissionDenied
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    found = [*_commands(request, text), *(_rows(request, text) if text else ())]
    if "json" in request.GET:
        return never_store(JsonResponse({"found": [asdict(each) for each in found]}))
    return never_store(desk_page(request, "find", _("Find"), found=found, text=text))


def _commands(request: DeskRequest, text: str) -> Iterator[Found]:
    """Yield the pages of the desk whose names contain a text, and which the user may open."""
    pages = [(link.label, link.address) for link in navigation.links(request)]
    opened = [(name, view) for name, view, right in COMMANDS if request.user.has_perm(right)]
    pages += [(_(name), reverse(f"admin:{view}")) for name, view in opened]
    wanted = fold(text)
    for label, address in pages:
        if wanted in fold(label):
            yield Found(_("Command"), label, "", address)


def _rows(request: DeskRequest, text: str) -> Iterator[Found]:
    """Yield stories, founders, tags and series: one bounded query a kind, each in an index."""
    user = request.user
    if user.has_perm("stories.view_story"):
        shown = ("title", "publish_at", "unpublish_at", "review_status", "review_status_changed_at")
        for story in Story.objects.titled(text).only(*shown)[:OF_EACH_KIND]:
            yield _found(_("Story"), story, pill_of(story).word)
    if user.has_perm("founders.view_founder"):
        founders: QuerySet[Any] = Founder.objects.beginning_with(text).present()
        for founder in founders.only("name", "status")[:OF_EACH_KIND]:
            yield _found(_("Founder"), founder, founder.get_status_display())
    yield from _collections(user, text)


def _collections(user: User, text: str) -> Iterator[Found]:
    """Yield what stories are collected in: tags and series."""
    if user.has_perm("stories.view_tag"):
        tags: QuerySet[Any] = Tag.objects.containing(text).shortest_first()
        for tag in tags.only("name")[:OF_EACH_KIND]:
            yield _found(_("Tag"), tag, "")
    if user.has_perm("stories.view_series"):
        for series in Series.objects.containing(text).by_title().only("title")[:OF_EACH_KIND]:
            yield _found(_("Series"), series, "")


def _found(kind: str, row: Any, about: str) -> Found:
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return Found(kind, str(row), str(about), address)
