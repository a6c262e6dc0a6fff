"""Pages for people who have a private URL."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stories.models import CalendarAddress, ReviewLink, StoryContent
from stories.planning.calendar import as_icalendar, entries
from stories.planning.planned import planned
from stories.reading.story_page import preview_of
from stories_project.cache_headers import never_store

PAST_SHOWN, FUTURE_SHOWN = timedelta(days=30), timedelta(days=365)


@require_safe
def review_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show an unpublished story to anybody who has its link; 410 once the link is closed."""
    link = link_with(token)
    if not link.is_open:
        return closed(request)
    if link.is_commentable:
        return redirect("guest_comments", token)
    page = preview_of(content_of(link), link.story_id)
    return never_store(render(request, "stories/story.html", page | {"preview": _("Draft")}))


def link_with(token: str) -> ReviewLink:
    """Return the link with a signed token; raise Http404 if there is none."""
    links = ReviewLink.objects.signed(token).select_related("story", "revision", "created_by")
    if (link := links.first()) is None:
        raise Http404("There is no such link")
    return link


def content_of(link: ReviewLink) -> StoryContent:
    """Return the content that a link shows: that of its revision, or the newest."""
    return link.revision.content if link.revision else link.story.newest_content


def closed(request: HttpRequest) -> HttpResponse:
    """Return the page of a link that is closed."""
    return never_store(render(request, "stories/link_closed.html", status=410))


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Serve the calendar of planned stories as iCalendar; 404 for an unknown or a disabled user."""
    private = CalendarAddress.objects.select_related("user").filter(token=token).first()
    user = private and private.user
    if not (user and user.is_active and user.is_staff and user.has_perm("stories.view_story")):
        raise Http404("There is no such calendar")
    now = timezone.now()
    shown = entries(now - PAST_SHOWN, now + FUTURE_SHOWN)
    today = timezone.localdate(now)
    days = planned(today - PAST_SHOWN, today + FUTURE_SHOWN)
    text = as_icalendar(shown, request.get_host(), days)
    return never_store(HttpResponse(text, content_type="text/calendar; charset=utf-8"))
