"""Comments by guests: readers of a review link who have no account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stories.commenting.adding import add
from stories.commenting.forms import GuestCommentForm
from stories.commenting.threads import discussion_of
from stories.models import ReviewLink, StoryContent
from stories.reading.story_page import preview_of
from stories.views.private import closed, content_of, link_with
from stories_project.cache_headers import never_store_form
from stories_project.rate_limit import is_over_limit

HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def guest_comments(request: HttpRequest, token: str) -> HttpResponse:
    """Show a story with the comments of a guest, and take another one; 410 once it is closed."""
    link = link_with(token)
    if not link.is_open:
        return closed(request)
    if request.method != "POST" and not link.is_commentable:
        return redirect(link)
    content = content_of(link)
    form = GuestCommentForm(request.POST or None, body=content.body, link=link)
    if request.method == "POST" and _may_be_saved(request, form):
        comment = add(form.instance)
        return redirect(f"{request.path}?sent=yes#comment-{comment.parent_id or comment.pk}")
    return never_store_form(
        render(request, "stories/commented_story.html", _page(link, content, form))
    )


def _page(link: ReviewLink, content: StoryContent, form: GuestCommentForm) -> dict[str, Any]:
    page = preview_of(content, link.story_id)
    discussion = discussion_of(link.story_id, content.body, link)
    return {**page, "preview": _("Draft"), "form": form, "discussion": discussion}


def _may_be_saved(request: HttpRequest, form: GuestCommentForm) -> bool:
    """Whether the link takes a form, which is valid and within the limits of its IP address.

    Attempts are counted first, so that nobody can let us look for passages without end.
    """
    if not form.link.is_commentable:
        form.add_error(None, _("The editors take no more comments here. Send an e-mail."))
        return False
    limits = {
        "comment_attempts": 2 * settings.GUEST_COMMENTS_AN_HOUR,
        "comments": settings.GUEST_COMMENTS_AN_HOUR,
    }
    for what, most in limits.items():
        if is_over_limit(request, what, most, HOUR):
            sentence = _("You have sent too many. What you typed is still here: try in an hour.")
            form.add_error(None, sentence)
            return False
        if not form.is_valid():
            return False
    return True
