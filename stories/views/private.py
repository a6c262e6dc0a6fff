"""Pages for people who have a private URL."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stories.models import CalendarAddress, ReviewLink
from stories.planning.calendar import as_icalendar, entries
from stories.planning.planned import planned
from stories.reading.story_page import preview_of
from stories_project.cache_headers import never_store

PAST_SHOWN, FUTURE_SHOWN = timedelta(days=30), timedelta(days=365)


@require_safe
def review_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show an unpublished story to anybody who has its link; 410 once the link is closed."""
    link = (
        ReviewLink.objects.signed(token).select_related("story", "revision", "created_by").first()
    )
    if link is None:
        raise Http404("There is no such link")
    if not link.is_open:
        return never_store(render(request, "stories/link_closed.html", status=410))
    content = link.revision.content if link.revision else link.story.newest_content
    page = preview_of(content, link.story_id)
    return never_store(render(request, "stories/story.html", page | {"preview": _("Draft")}))


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
