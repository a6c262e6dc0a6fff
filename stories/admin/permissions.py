"""What the desk's own pages about stories share: permission checks, URL patterns, the template."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from stories.models import Story

View = Callable[..., HttpResponse]


class DeskRequest(HttpRequest):
    """A request by a user who has signed in: `admin_view` redirects all others."""

    user: User


def of_story(permission: str) -> Callable[[View], View]:
    """Decorate a view of (request, story) with a permission check by the story's admin.

    `permission` is "view", "change" or "publish". The response is 404 for a missing story, and 403
    without the permission.
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
    """Decorate a view of (request) about all stories with the same permission check."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if not getattr(story_admin(), f"has_{permission}_permission")(request):
                raise PermissionDenied
            return view(request, **arguments)

        return guarded

    return guard


def story_admin() -> Any:
    """Return the ModelAdmin of stories."""
    return admin.site.get_model_admin(Story)


def story_path(route: str, view: View, name: str) -> URLPattern:
    """Return the URL pattern of a view below the list of stories."""
    return path(route, admin.site.admin_view(view), name=f"stories_story_{name}")


def desk_page(
    request: HttpRequest, template: str, title: str, story: Story | None = None, **context: Any
) -> TemplateResponse:
    """Return a page of the desk, rendered with `admin/stories/story/{template}.html`."""
    return model_page(Story, request, template, title, story=story, **context)


def model_page(
    model: type[Model], request: HttpRequest, template: str, title: str, **context: Any
) -> TemplateResponse:
    """Return a page of the desk, rendered with `admin/{app}/{model}/{template}.html`."""
    meta = model._meta
    known = {**admin.site.each_context(request), "title": title, "opts": meta}
    folder = f"admin/{meta.app_label}/{meta.model_name}"
    return TemplateResponse(request, f"{folder}/{template}.html", known | context)


def model_path(
    model: type[Model], permission: str, route: str, view: View, name: str
) -> URLPattern:
    """Return the URL pattern of a view below the list of a model, for users with a permission."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return view(request, **arguments)

    meta = model._meta
    return path(
        route, admin.site.admin_view(guarded), name=f"{meta.app_label}_{meta.model_name}_{name}"
    )
