"""The desk's own addresses of one story, each behind a permission."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from stories.models import Story


def of_story(permission):
    """Guard a view of (request, story): asks to sign in, 404 without a story, 403 without leave.

    `permission` is "view", "change" or "publish", asked of the story's own admin.
    """

    def guard(view):
        @wraps(view)
        def guarded(request, object_id, **arguments):
            desk = story_admin()
            story = desk.get_object(request, object_id)
            if story is None:
                raise Http404("There is no such story")
            if not getattr(desk, f"has_{permission}_permission")(request, story):
                raise PermissionDenied
            return view(request, story, **arguments)

        return guarded

    return guard


def of_stories(permission):
    """Guard a view of (request) that is about all stories, in the same way."""

    def guard(view):
        @wraps(view)
        def guarded(request, **arguments):
            if not getattr(story_admin(), f"has_{permission}_permission")(request):
                raise PermissionDenied
            return view(request, **arguments)

        return guarded

    return guard


def story_admin():
    """Return the admin that stories are registered with."""
    return admin.site.get_model_admin(Story)


def address(route, view, name):
    """Return the path of a guarded view below the list of stories."""
    return path(route, admin.site.admin_view(view), name=f"stories_story_{name}")


def desk_page(request, template, title, story=None, **context):
    """Return a page of the desk with the bar and the way back that all of them have."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Story._meta,
        "story": story,
        **context,
    }
    return TemplateResponse(request, f"admin/stories/story/{template}.html", context)
