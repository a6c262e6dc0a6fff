"""What could not be told to the services outside, and the button that tries it again."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin.permissions import DeskRequest, of_stories, story_path
from stories_project.page_cache.deliveries import targets, try_again
from stories_project.page_cache.models import Delivery


@dataclass(frozen=True)
class Failing:
    """What waits to be told again to the services of one kind."""

    what: str
    count: int
    since: datetime
    failure: str
    next_at: datetime


def failing_deliveries() -> list[Failing]:
    """Return what has failed and waits, for each target of the settings. Usually one query."""
    failing = Delivery.objects.failing().filter(target__in=targets()).order_by()
    found = failing.values_list("target").annotate(
        Count("pk"), Min("first_due_at"), Min("due_at"), Max("tried_at")
    )
    return [
        Failing(
            str(Delivery.Target(target).label), count, since, _failure(target, tried_at), next_at
        )
        for target, count, since, next_at, tried_at in found
    ]


def _failure(target: str, tried_at: datetime) -> str:
    """Return what the last try said; nothing if it has succeeded just now."""
    last = Delivery.objects.failing().filter(target=target, tried_at=tried_at).first()
    return last.failure if last else ""


def urls() -> list[URLPattern]:
    """Return the URL pattern of the button."""
    return [story_path("deliveries/try-again/", try_deliveries_again, "try_deliveries_again")]


@require_POST
@of_stories("publish")
def try_deliveries_again(request: DeskRequest) -> HttpResponse:
    """Make due what has failed; a server process then tries it within a second."""
    count = try_again()
    messages.success(
        request,
        _("To be tried again now: %(count)s.") % {"count": f"{count:,}"}
        if count
        else _("Nothing waits."),
    )
    return redirect("admin:index")
