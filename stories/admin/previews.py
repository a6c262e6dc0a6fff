"""Previews: the real page of an unpublished content, beside the form or as a page of its own."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import DeskRequest, of_stories, of_story, story_admin, story_path
from stories.models import ScheduledUpdate, Story
from stories.planning.transitions import transitions_of
from stories.reading.story_page import preview_of
from stories.reviewing import checklist
from stories.writing.forms import StoryForm
from stories_project.cache_headers import never_store
from stories_project.primary_keys import is_primary_key
from stories_project.publication.current import current
from stories_project.text import markdown


def urls() -> list[URLPattern]:
    """Return the URL patterns of previews."""
    return [
        story_path("<int:object_id>/preview/", preview, "preview"),
        story_path("beside/", beside_the_text, "beside"),
    ]


@require_safe
@never_cache
@of_story("view")
def preview(request: DeskRequest, story: Story) -> HttpResponse:
    """Show the story page with the newest content."""
    label = _("Preview")
    with translation.override(current().language):
        page = preview_of(story.newest_content, story.pk) | {"preview": label}
        return never_store(render(request, "stories/story.html", page))


@require_POST
@never_cache
@of_stories("view")
def beside_the_text(request: DeskRequest) -> HttpResponse:
    """Return what the desk shows beside the form, as JSON: the page, the checklist, the plan."""
    pk = request.POST.get("story", "")
    story = story_admin().get_object(request, pk) if is_primary_key(pk) else None
    form = StoryForm(request.POST, instance=story)
    form.full_clean()
    content = form.content_so_far
    with translation.override(current().language):
        page = preview_of(content, story and story.pk)
        page_as_html = render_to_string("stories/story.html", page, request)
    update = ScheduledUpdate.objects.filter(story=story).first()
    context = {
        "findings": checklist.findings(content, story and story.pk),
        "planned": transitions_of(content, is_public=form.was_published, update=update),
    }
    return never_store(
        JsonResponse(
            {
                "page": page_as_html,
                "lines": markdown.render(content.body).lines,
                "checklist": render_to_string("admin/stories/story/_checklist.html", context),
                "plan": render_to_string("admin/stories/story/_plan.html", context),
            }
        )
    )
