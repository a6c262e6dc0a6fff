"""The desk page on which editors create, list and revoke the review links of a story."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, of_story, story_path
from stories.models import ReviewLink, Story

LINKS_SHOWN = 500
DAYS = (1, 3, 7, 14, 30, 90)


def _days() -> list[tuple[int, str]]:
    return [(n, ngettext("%(days)s day", "%(days)s days", n) % {"days": n}) for n in DAYS]


class ReviewLinkForm(forms.ModelForm):
    days = forms.TypedChoiceField(
        label=_("Expires in"),
        coerce=int,
        initial=7,
        choices=_days,
    )
    is_fixed = forms.TypedChoiceField(
        label=_("Shows"),
        coerce=lambda value: value == "fixed",
        initial="newest",
        choices=[
            ("newest", _("always the newest text")),
            ("fixed", _("the text as it is now")),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ReviewLink
        fields = ("reader", "is_commentable")
        labels = {"reader": _("For whom"), "is_commentable": _("Guests may comment")}
        help_texts = {"reader": _("A name, or a role such as “our lawyer”. Only staff can see it.")}


def urls() -> list[URLPattern]:
    """Return the URL patterns of the review links of a story, and of all."""
    return [
        story_path("review-links/", all_review_links, "all_review_links"),
        story_path("<int:object_id>/review-links/", review_links, "review_links"),
        story_path("<int:object_id>/review-links/<int:link_id>/revoke/", revoke, "revoke_link"),
        story_path("<int:object_id>/review-links/<int:link_id>/comments/", comments, "let_comment"),
    ]


@require_safe
@of_stories("publish")
def all_review_links(request: DeskRequest) -> HttpResponse:
    """List the open review links of all stories, the newest first."""
    links = ReviewLink.objects.open().select_related("story", "created_by", "revision")
    users: dict[int, User] = {}
    shown = list(links.order_by("-pk")[:LINKS_SHOWN])
    for link in shown:
        # One object for each user, which looks up the permissions once.
        link.created_by = users.setdefault(link.created_by_id, link.created_by)
    links = [link for link in shown if link.is_open]
    return desk_page(request, "all_review_links", gettext("Open review links"), links=links)


@require_http_methods(["GET", "HEAD", "POST"])
@of_story("change")
def review_links(request: DeskRequest, story: Story) -> HttpResponse:
    """List the review links of a story, and create a new one."""
    form = ReviewLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        link = form.save(commit=False)
        link.story, link.created_by = story, request.user
        if form.cleaned_data["is_fixed"]:
            link.revision_id = story.newest_revision_id
        link.open_until(timezone.now() + timedelta(days=form.cleaned_data["days"]))
        text = gettext("The link for %(reader)s is created. Copy it from the list.")
        messages.success(request, text % {"reader": link.reader})
        return redirect("admin:stories_story_review_links", story.pk)
    links = story.review_links.select_related("story", "created_by", "revision").order_by("-pk")
    title = gettext("Review links: %(story)s") % {"story": story}
    return desk_page(request, "review_links", title, story, form=form, links=links)


@require_POST
@of_story("change")
def revoke(request: DeskRequest, story: Story, link_id: int) -> HttpResponse:
    """Revoke a link permanently."""
    link = get_object_or_404(story.review_links, pk=link_id)
    link.revoke(request.user)
    text = gettext("The link for %(reader)s is revoked.") % {"reader": link.reader}
    messages.success(request, text)
    if request.POST.get("back") == "all":
        return redirect("admin:stories_story_all_review_links")
    return redirect("admin:stories_story_review_links", story.pk)


@require_POST
@of_story("change")
def comments(request: DeskRequest, story: Story, link_id: int) -> HttpResponse:
    """Let the guest with a link comment, or comment no more."""
    link = get_object_or_404(story.review_links, pk=link_id)
    link.let_comment(request.user, may="allow" in request.POST)
    text = gettext("The guest may not comment any more.")
    if link.is_commentable:
        text = gettext("The guest may comment now, at the same address.")
    messages.success(request, text)
    return redirect("admin:stories_story_review_links", story.pk)
