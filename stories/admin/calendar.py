"""The calendar at the desk: a month or a week, moving entries, and the address of its feed."""

import calendar as months
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories.models import CalendarAddress, Story
from stories.planning.calendar import KINDS, Entry, by_day, move, next_month
from stories.writing.form_fields import MomentField

Days = list[tuple[date, list[Entry]]]
EARLIEST, LATEST = date(1901, 1, 1), date(2198, 12, 31)


class MoveForm(forms.Form):
    story = forms.ModelChoiceField(Story.objects.all())
    kind = forms.ChoiceField(choices=list(KINDS.items()))
    at = MomentField()


def urls() -> list[URLPattern]:
    """Return the URL patterns of the calendar."""
    return [
        story_path("calendar/", calendar, "calendar"),
        story_path("calendar/move/", move_entry, "calendar_move"),
        story_path("calendar/renew/", renew, "calendar_renew"),
    ]


@require_safe
@of_stories("view")
def calendar(request: DeskRequest) -> HttpResponse:
    """Show the month or the week that contains a day."""
    day = _day(request.GET.get("day"))
    is_week = request.GET.get("show") == "week"
    weeks = (
        [_week_of(day)] if is_week else months.Calendar().monthdatescalendar(day.year, day.month)
    )
    dated = by_day([day for week in weeks for day in week])
    private = CalendarAddress.objects.get_or_create(user=request.user)[0]
    monday = date_format(weeks[0][0], "DATE_FORMAT")
    week = _("Week of %(monday)s") % {"monday": monday}
    title = week if is_week else date_format(day, "YEAR_MONTH_FORMAT")
    context: dict[str, Any] = {
        "weeks": [_week(dated[n : n + 7], day, is_week) for n in range(0, len(dated), 7)],
        "is_week": is_week,
        "day": day,
        "before": weeks[0][0] - timedelta(days=1) if is_week else day.replace(day=1) - timedelta(1),
        "after": weeks[-1][-1] + timedelta(days=1) if is_week else next_month(day),
        "private": private,
        "zone": timezone.get_current_timezone_name(),
        "may_publish": request.user.has_perm("stories.publish_story"),
    }
    return desk_page(request, "calendar", title, **context)


@require_POST
@of_stories("publish")
def move_entry(request: DeskRequest) -> HttpResponse:
    """Move one entry to the posted time; respond with a redirect, or with JSON to a script."""
    form = MoveForm(request.POST)
    errors = [str(sentence) for sentences in form.errors.values() for sentence in sentences]
    if form.is_valid():
        values = form.cleaned_data
        try:
            move(values["story"], values["kind"], values["at"], request.user)
        except ValidationError as error:
            errors = error.messages
    error_text = " ".join(errors)
    if request.accepts("text/html"):
        level = messages.ERROR if error_text else messages.SUCCESS
        messages.add_message(request, level, error_text or _("The entry is moved."))
        return redirect(f"{reverse('admin:stories_story_calendar')}?{request.POST.get('back', '')}")
    return JsonResponse({"error": error_text}, status=400 if error_text else 200)


@require_POST
@of_stories("view")
def renew(request: DeskRequest) -> HttpResponse:
    """Replace the private address of this user's feed."""
    private = CalendarAddress.objects.get_or_create(user=request.user)[0]
    private.renew()
    messages.success(request, _("The calendar has a new address. The old one no longer works."))
    return redirect("admin:stories_story_calendar")


def _week(days: Days, shown: date, is_week: bool) -> dict[str, Any]:
    """Return a row of the calendar. A future week without a publication is a gap."""
    today = timezone.localdate()
    has_story = any(entry.kind == "publish" for _, found in days for entry in found)
    return {
        "days": [
            {
                "day": day,
                "entries": found,
                "is_today": day == today,
                "is_outside": not is_week and day.month != shown.month,
                "is_gap": is_week and day >= today and not any(e.kind == "publish" for e in found),
            }
            for day, found in days
        ],
        "is_gap": days[-1][0] >= today and not has_story,
    }


def _day(text: str | None) -> date:
    """Return the day of a query parameter, or today without one; raise Http404 if it is invalid."""
    if not text:
        return timezone.localdate()
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise Http404("There is no such day")
    return day


def _week_of(day: date) -> list[date]:
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]
