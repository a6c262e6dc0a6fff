"""The real page of a story that no reader sees yet, beside the text and in a window of its own."""

from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import address, of_stories, of_story, story_admin
from stories.models import ScheduledUpdate
from stories.planning.transitions import planned_for
from stories.reading.story_page import preview_of
from stories.reviewing import checklist
from stories.writing.content import newest_content_of
from stories.writing.forms import StoryForm
from stories_project.cache_headers import never_store
from stories_project.primary_keys import is_key


def addresses():
    """Return the addresses of previews."""
    return [
        address("<int:object_id>/preview/", preview, "preview"),
        address("beside/", beside_the_text, "beside"),
    ]


@require_safe
@never_cache
@of_story("view")
def preview(request, story):
    """Show the page of the newest content."""
    page = preview_of(newest_content_of(story), story.pk)
    return never_store(render(request, "stories/story.html", page | {"preview": "Preview"}))


@require_POST
@never_cache
@of_stories("view")
def beside_the_text(request):
    """Answer with what stands beside a text that is being typed: page, checklist, plan."""
    pk = request.POST.get("story", "")
    story = story_admin().get_object(request, pk) if is_key(pk) else None
    form = StoryForm(request.POST, instance=story)
    form.is_valid()
    page = preview_of(form.content(), story and story.pk)
    update = ScheduledUpdate.objects.filter(story=story).first()
    context = {
        "findings": checklist.findings(form.stored | form.cleaned_data),
        "planned": planned_for(form.was_published, form.cleaned_data, update),
    }
    return never_store(
        JsonResponse(
            {
                "page": render_to_string("stories/story.html", page, request),
                "checklist": render_to_string("admin/stories/story/_checklist.html", context),
                "plan": render_to_string("admin/stories/story/_plan.html", context),
            }
        )
    )
