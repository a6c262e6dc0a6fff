"""The calendar at the desk: weeks or a list, moving entries, and the address of its feed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stories.admin.owners import owner_choice
from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories.models import CalendarAddress, Plan, Story
from stories.planning import planned
from stories.planning.calendar import KINDS, Entry, by_day, move
from stories.planning.planned import Planned, move_planned
from stories.planning.plans import may_plan
from stories.writing.form_fields import MomentField

EARLIEST, LATEST = date(1901, 1, 1), date(2198, 12, 31)
# The ways to look at the calendar, and how many weeks each shows.
WEEKS = {"month": 5, "week": 1, "list": 5}


class MoveForm(forms.Form):
    story = forms.ModelChoiceField(Story.objects.all())
    kind = forms.ChoiceField(choices=list(KINDS.items()))
    at = MomentField()


class MovePlannedForm(forms.Form):
    story = forms.ModelChoiceField(Story.objects.all())
    kind = forms.ChoiceField(choices=list(planned.KINDS.items()))
    at = forms.DateField()


def urls() -> list[URLPattern]:
    """Return the URL patterns of the calendar."""
    return [
        story_path("calendar/", calendar, "calendar"),
        story_path("calendar/move/", move_entry, "calendar_move"),
        story_path("calendar/plan/", move_planned_entry, "calendar_plan"),
        story_path("calendar/renew/", renew, "calendar_renew"),
    ]


@require_safe
@of_stories("view")
def calendar(request: DeskRequest) -> HttpResponse:
    """Show the weeks that begin with this one, or with that of a chosen day."""
    shown = request.GET.get("show", "")
    shown = shown if shown in WEEKS else "month"
    first = _monday(_day(request.GET.get("day")))
    length = 7 * WEEKS[shown]
    days = [first + timedelta(days=number) for number in range(length)]
    owner = owner_choice(request)
    shown_days = _days(request, days, owner.key)
    context: dict[str, Any] = {
        "weeks": [_week(shown_days[n : n + 7]) for n in range(0, length, 7)],
        "busy_days": [day for day in shown_days if day["entries"] or day["planned"]],
        "shown": shown,
        "day": first,
        "before": first - timedelta(days=length),
        "after": first + timedelta(days=length),
        "owner": owner,
        "private": CalendarAddress.objects.get_or_create(user=request.user)[0],
        "zone": timezone.get_current_timezone_name(),
        "may_publish": request.user.has_perm("stories.publish_story"),
    }
    return desk_page(request, "calendar", _title(days), **context)


@require_POST
@of_stories("publish")
def move_entry(request: DeskRequest) -> HttpResponse:
    """Move one entry to the posted time; respond with a redirect, or with JSON to a script."""
    form = MoveForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            move(values["story"], values["kind"], values["at"], request.user)
        except ValidationError as error:
            form.add_error(None, error)
    return _answer(request, form)


@require_POST
@of_stories("change")
def move_planned_entry(request: DeskRequest) -> HttpResponse:
    """Move a planned date or a deadline to the posted day, likewise."""
    form = MovePlannedForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        if not may_plan(request.user, Plan.of(values["story"])):
            raise PermissionDenied
        try:
            move_planned(values["story"], values["kind"], values["at"], request.user)
        except ValidationError as error:
            form.add_error(None, error)
    return _answer(request, form)


@require_POST
@of_stories("view")
def renew(request: DeskRequest) -> HttpResponse:
    """Replace the private address of this user's feed."""
    private = CalendarAddress.objects.get_or_create(user=request.user)[0]
    private.renew()
    messages.success(request, _("The calendar has a new address. The old one no longer works."))
    return redirect("admin:stories_story_calendar")


def _answer(request: DeskRequest, form: forms.Form) -> HttpResponse:
    error_text = " ".join(str(text) for texts in form.errors.values() for text in texts)
    if request.accepts("text/html"):
        level = messages.ERROR if error_text else messages.SUCCESS
        messages.add_message(request, level, error_text or _("The entry is moved."))
        return redirect(f"{reverse('admin:stories_story_calendar')}?{request.POST.get('back', '')}")
    return JsonResponse({"error": error_text}, status=400 if error_text else 200)


def _days(request: DeskRequest, days: list[date], owner: int | None) -> list[dict[str, Any]]:
    """Return what each day shows: what is scheduled, and what is planned."""
    today = timezone.localdate()
    found: dict[date, list[Planned]] = {day: [] for day in days}
    for each in planned.planned(days[0], days[-1], owner):
        found[each.on].append(each)
    return [
        {
            "day": day,
            "entries": entries,
            "planned": [(each, may_plan(request.user, each.plan)) for each in found[day]],
            "is_today": day == today,
            # Every second month is darker, so that one sees where the next one begins.
            "is_outside": (day.month - days[0].month) % 2 == 1,
            "is_gap": day >= today and not _has_publication(entries),
        }
        for day, entries in by_day(days, owner)
    ]


def _week(days: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a row of the calendar. A future week without a publication is a gap."""
    is_to_come = days[-1]["day"] >= timezone.localdate()
    is_gap = is_to_come and not any(_has_publication(day["entries"]) for day in days)
    return {"days": days, "is_gap": is_gap}


def _has_publication(entries: list[Entry]) -> bool:
    return any(entry.kind == "publish" for entry in entries)


def _title(days: list[date]) -> str:
    if len(days) == 7:
        return _("Week of %(monday)s") % {"monday": date_format(days[0], "DATE_FORMAT")}
    first, last = (date_format(day, "DATE_FORMAT") for day in (days[0], days[-1]))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


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


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
