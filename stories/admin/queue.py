"""The queue of moderators: what waits, and the way from one item to the next."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stories.admin.permissions import DeskRequest, model_page
from stories.models import Suggestion
from stories.moderating.queue import Item, Place, next_item, waiting

# In the query of an item's address: it was opened from the queue, and leads on to the next one.
IN_QUEUE = "queue"


def urls() -> list[URLPattern]:
    """Return the URL patterns of the queue."""
    guarded = admin.site.admin_view
    return [
        path("queue/", guarded(queue), name="stories_suggestion_queue"),
        path("queue/next/", guarded(go_on), name="stories_suggestion_next"),
    ]


@require_safe
def queue(request: DeskRequest) -> HttpResponse:
    """List what waits for the user, the longest waiting first."""
    _require_permission(request)
    items = [
        (item, path_of(item), item.is_claimed_from(request.user)) for item in waiting(request.user)
    ]
    return model_page(Suggestion, request, "queue", _("Queue"), items=items)


@require_safe
def go_on(request: DeskRequest) -> HttpResponse:
    """Redirect to the next item that nobody else is deciding, and give up the one in `?after=`."""
    _require_permission(request)
    place = Place.parse(request.GET.get("after", ""))
    if place and (left := place.item()):
        left.release(request.user)
    item = next_item(request.user, place)
    if item is None:
        text = _("You have seen all that waits.") if place else _("Nothing waits for you.")
        messages.info(request, text)
        return redirect("admin:stories_suggestion_queue")
    return redirect(path_of(item))


def path_of(item: Item) -> str:
    """Return the path of an item at the desk, as a part of the queue."""
    meta = item._meta
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[item.pk])
    return f"{path}?{IN_QUEUE}"


def next_path(place: Place | str) -> str:
    """Return the path that leads to the item after a place."""
    return f"{reverse('admin:stories_suggestion_next')}?{urlencode({'after': str(place)})}"


def context_of(request: HttpRequest, item: Item) -> dict[str, Any]:
    """Return the template context for an item that was opened from the queue; else nothing."""
    if IN_QUEUE not in request.GET:
        return {}
    place = Place.of(item)
    return {"place": place, "next_path": next_path(place)}


def _require_permission(request: DeskRequest) -> None:
    if not request.user.has_perm("stories.change_suggestion"):
        raise PermissionDenied
