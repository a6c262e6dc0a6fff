"""The history of a story at the desk: list, compare, revert, and restore deleted stories."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stories.admin.outcomes import in_full
from stories.admin.permissions import DeskRequest, desk_page, of_stories, of_story, story_path
from stories.models import Revision, Story, StoryContent
from stories.writing.comparing import compare
from stories.writing.references import names_of_references
from stories_project.next_steps import say
from stories_project.pagination import paginate
from stories_project.primary_keys import is_primary_key

REVISIONS_A_PAGE = 30
REVIEWS_SHOWN = 30


def urls() -> list[URLPattern]:
    """Return the URL patterns of a story's history."""
    return [
        story_path("<int:object_id>/history/", history, "history"),
        story_path("<int:object_id>/compare/", comparison, "compare"),
        story_path("<int:object_id>/revert/", revert, "revert"),
        story_path("deleted/", deleted, "deleted"),
        story_path("deleted/<int:revision_id>/restore/", restore, "restore"),
    ]


@require_safe
@of_story("view")
def history(request: DeskRequest, story: Story) -> HttpResponse:
    """List the revisions and the review steps of a story, the newest first."""
    revisions = story.revisions.select_related("author").defer("content").newest_first()
    context = {
        "revisions": paginate(request, revisions, REVISIONS_A_PAGE),
        "reviews": story.reviews.select_related("by").order_by("-pk")[:REVIEWS_SHOWN],
    }
    return desk_page(
        request, "history", _("History: %(story)s") % {"story": story}, story, **context
    )


@require_safe
@of_story("view")
def comparison(request: DeskRequest, story: Story) -> HttpResponse:
    """Show the differences between two revisions.

    A single revision is compared with the one it is based on. Without any, the working copy is
    compared with the content that readers see.
    """
    after = _revision(story, request.GET.get("after"))
    before = _revision(story, request.GET.get("before"))
    if after and not before:
        before = after.based_on
    after = after or story.working_revision or story.live_revision
    before_content = before.content if before else StoryContent()
    if not request.GET.get("after"):
        before, before_content = story.live_revision, story.content
    if before and after and before.pk > after.pk:
        before, after, before_content = after, before, after.content
    after_content = after.content if after else story.content
    names = names_of_references(before_content, after_content)
    context = {
        "before": before,
        "after": after,
        "changes": compare(before_content, after_content, names),
    }
    return desk_page(
        request, "compare", _("Compare: %(story)s") % {"story": story}, story, **context
    )


@require_POST
@of_story("change")
def revert(request: DeskRequest, story: Story) -> HttpResponse:
    """Save the content of an old revision again."""
    revision = _revision(story, request.POST.get("revision"))
    if revision is None:
        raise Http404("There is no such revision")
    try:
        story.revert(revision, request.user)
    except ValidationError as error:
        messages.error(
            request, _("Not reverted. %(errors)s") % {"errors": " ".join(error.messages)}
        )
        return redirect("admin:stories_story_history", story.pk)
    text = _("The text of %(when)s is the newest text again.")
    say(request, text % {"when": in_full(revision.created_at)})
    return redirect("admin:stories_story_change", story.pk)


@require_safe
@of_stories("delete")
def deleted(request: DeskRequest) -> HttpResponse:
    """List the deleted stories, which can be restored."""
    revisions = Revision.objects.of_deleted_stories().select_related("author").newest_first()
    page = paginate(request, revisions, REVISIONS_A_PAGE)
    return desk_page(request, "deleted", _("Deleted stories"), revisions=page)


@require_POST
@of_stories("delete")
def restore(request: DeskRequest, revision_id: int) -> HttpResponse:
    """Restore a deleted story from its last revision."""
    revision = get_object_or_404(Revision.objects.of_deleted_stories(), pk=revision_id)
    try:
        story = revision.restore(request.user)
    except ValidationError as error:
        messages.error(
            request, _("Not restored. %(errors)s") % {"errors": " ".join(error.messages)}
        )
        return redirect("admin:stories_story_deleted")
    text = _("“%(story)s” is back.")
    if story.is_withdrawn:
        text = _("“%(story)s” is back. It is withdrawn until you publish it again.")
    messages.success(request, text % {"story": story})
    return redirect("admin:stories_story_change", story.pk)


def _revision(story: Story, pk: str | None) -> Revision | None:
    """Return the revision of a story, or None without a key; raise Http404 for any other key."""
    if not pk:
        return None
    if not is_primary_key(pk):
        raise Http404("There is no such revision")
    return get_object_or_404(story.revisions, pk=pk)
