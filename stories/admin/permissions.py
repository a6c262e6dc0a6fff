"""The desk's own screens about stories, each behind a permission, and what they have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from stories.models import Story

View = Callable[..., HttpResponse]


def of_story(permission: str) -> Callable[[View], View]:
    """Guard a view of (request, story): 404 without a story, 403 without the permission.

    `permission` is "view", "change" or "publish", asked of the story's own admin.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, object_id: str, **arguments: Any) -> HttpResponse:
            desk = story_admin()
            story = desk.get_object(request, object_id)
            if story is None:
                raise Http404("There is no such story")
            if not getattr(desk, f"has_{permission}_permission")(request, story):
                raise PermissionDenied
            return view(request, story, **arguments)

        return guarded

    return guard


def of_stories(permission: str) -> Callable[[View], View]:
    """Guard a view of (request) that is about all stories, in the same way."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if not getattr(story_admin(), f"has_{permission}_permission")(request):
                raise PermissionDenied
            return view(request, **arguments)

        return guarded

    return guard


def story_admin() -> Any:
    """Return the admin that stories are registered with."""
    return admin.site.get_model_admin(Story)


def story_path(route: str, view: View, name: str) -> URLPattern:
    """Return the URL pattern of a guarded view below the list of stories."""
    return path(route, admin.site.admin_view(view), name=f"stories_story_{name}")


def desk_page(
    request: HttpRequest, template: str, title: str, story: Story | None = None, **context: Any
) -> TemplateResponse:
    """Return a page of the desk, with the header and breadcrumbs that all of them have."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Story._meta,
        "story": story,
        **context,
    }
    return TemplateResponse(request, f"admin/stories/story/{template}.html", context)
