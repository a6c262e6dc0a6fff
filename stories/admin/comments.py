"""The comments on a story at the desk: beside the form, and on a page of their own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, of_story, story_path
from stories.commenting.adding import add
from stories.commenting.forms import CommentForm
from stories.commenting.telling import people_to_mention
from stories.commenting.threads import Discussion, discussion_of
from stories.models import Comment, Story
from stories_project.cache_headers import never_store, never_store_form
from stories_project.primary_keys import is_primary_key

MENTIONS_SHOWN, PEOPLE_SHOWN = 100, 8


def urls() -> list[URLPattern]:
    """Return the URL patterns."""
    one = "<int:object_id>/comments/"
    return [
        story_path("comments/", my_mentions, "my_mentions"),
        story_path("comments/people/", people, "people"),
        story_path(one, comments, "comments"),
        story_path(f"{one}beside/", beside_the_text, "comments_beside"),
        story_path(f"{one}<int:comment_id>/resolve/", resolve, "resolve_comment"),
        story_path(f"{one}<int:comment_id>/reopen/", reopen, "reopen_comment"),
        story_path(f"{one}<int:comment_id>/delete/", delete, "delete_comment"),
    ]


@require_safe
@of_stories("view")
def my_mentions(request: DeskRequest) -> HttpResponse:
    """List the open threads in which the user is mentioned, the newest mention first."""
    mentions = Comment.objects.for_mentioned(request.user)[:MENTIONS_SHOWN]
    return desk_page(request, "my_mentions", _("Comments for you"), mentions=mentions)


@require_safe
@of_stories("view")
def people(request: DeskRequest) -> JsonResponse:
    """Return {"found": [{label, kind}]}: the staff for what is typed after "@"."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:150]
    found = people_to_mention(text)[:PEOPLE_SHOWN]
    return never_store(
        JsonResponse({"found": [{"label": u.username, "kind": u.get_full_name()} for u in found]})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@of_story("view")
def comments(request: DeskRequest, story: Story) -> HttpResponse:
    """List the comments on a story, and take a new one; as JSON for `comments.js`."""
    body = request.POST.get("body", story.newest_content.body)
    replied = _replied(request, story)
    values: dict[str, Any] = {"story": story, "user": request.user, "initial": {"parent": replied}}
    form = CommentForm(request.POST or None, body=body, **values)
    if request.method == "POST":
        comment = add(form.instance) if form.is_valid() else None
        if not request.accepts("text/html"):
            return _as_json(form, comment)
        if comment:
            messages.success(request, _("The comment is saved."))
            return _back_to(story, comment)
    shown = {"form": form, "replied": replied, "body": body}
    people = people_to_mention()[: 10 * PEOPLE_SHOWN]
    context = {**context_of(request, story, body), **shown, "people": people}
    title = _("Comments: %(story)s") % {"story": story}
    return never_store_form(desk_page(request, "comments", title, **context))


@require_POST
@of_story("view")
def beside_the_text(request: DeskRequest, story: Story) -> JsonResponse:
    """Return the comments beside a text that is being typed, and where their passages are."""
    context = context_of(request, story, request.POST.get("body", ""))
    discussion: Discussion = context["discussion"]
    threads = render_to_string("admin/stories/story/_threads.html", context, request)
    return never_store(
        JsonResponse(
            {"threads": threads, "places": discussion.places, "waiting": discussion.waiting}
        )
    )


@require_POST
@of_story("view")
def resolve(request: DeskRequest, story: Story, comment_id: int) -> HttpResponse:
    """Resolve a thread, or take back the mark of a fact-checker."""
    root = _settled(request, story, comment_id)
    root.resolve(request.user)
    return _back_to(story, root)


@require_POST
@of_story("view")
def reopen(request: DeskRequest, story: Story, comment_id: int) -> HttpResponse:
    """Open a resolved thread again."""
    root = _settled(request, story, comment_id)
    root.reopen(request.user)
    return _back_to(story, root)


@require_POST
@of_story("view")
def delete(request: DeskRequest, story: Story, comment_id: int) -> HttpResponse:
    """Delete a comment with its replies."""
    comment = get_object_or_404(story.comments.select_related("story"), pk=comment_id)
    if not comment.may_be_deleted_by(request.user):
        raise PermissionDenied
    comment.remove(request.user)
    messages.success(request, _("The comment is deleted."))
    return redirect("admin:stories_story_comments", story.pk)


def panel_of(request: DeskRequest, story: Story) -> dict[str, Any]:
    """Return what the form of a story shows about its comments."""
    form = CommentForm(
        body="", story=story, user=request.user, auto_id="comment_%s", form_id="comment-form"
    )
    return {**context_of(request, story, story.newest_content.body), "comment_form": form}


def context_of(request: DeskRequest, story: Story, body: str) -> dict[str, Any]:
    """Return what the list of the comments shows about a story with a text."""
    return {
        "story": story,
        "discussion": discussion_of(story.pk, body),
        "may_check_facts": request.user.has_perm("stories.check_facts"),
        "may_publish": request.user.has_perm("stories.publish_story"),
    }


def _as_json(form: CommentForm, comment: Comment | None) -> JsonResponse:
    """Return the key of the thread of a stored comment, or the sentences about the errors."""
    if comment:
        return never_store(JsonResponse({"comment": comment.parent_id or comment.pk}))
    sentences = [sentence for errors in form.errors.values() for sentence in errors]
    return never_store(JsonResponse({"errors": sentences}))


def _settled(request: DeskRequest, story: Story, comment_id: int) -> Comment:
    root = get_object_or_404(story.comments.roots().select_related("story"), pk=comment_id)
    if not root.may_be_settled_by(request.user):
        raise PermissionDenied
    return root


def _back_to(story: Story, comment: Comment) -> HttpResponse:
    page = reverse("admin:stories_story_comments", args=[story.pk])
    return redirect(f"{page}#comment-{comment.parent_id or comment.pk}")


def _replied(request: DeskRequest, story: Story) -> Comment | None:
    """Return the comment that the form replies to: that of the address, or of what was sent."""
    key = request.POST.get("parent") or request.GET.get("reply", "")
    return story.comments.filter(pk=key).first() if is_primary_key(key) else None
