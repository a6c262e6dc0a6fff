"""Notifications at the desk: the list, what is read, and where each kind is sent."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories.models import Notification, NotificationPreference
from stories.models.notification import DEFAULTS, Channel, Kind
from stories.notifying.notify import channels_of
from stories_project.primary_keys import is_primary_key

SHOWN = 50
# The kinds in the order of the page, under their headings.
GROUPS = (
    (_("Review"), (Kind.SUBMITTED, Kind.APPROVED, Kind.RETURNED)),
    (
        _("Publication"),
        (Kind.PUBLISHED, Kind.SCHEDULED, Kind.CANCELLED, Kind.WITHDRAWN, Kind.FAILED),
    ),
    (_("Planning"), (Kind.ASSIGNED, Kind.DEADLINE, Kind.OVERDUE)),
    (_("Comments"), (Kind.MENTION, Kind.COMMENT)),
)


class PreferencesForm(forms.Form):
    """One field for each kind of notification."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind] = forms.ChoiceField(label=kind.label, choices=Channel.choices)

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        return [(heading, [self[kind] for kind in kinds]) for heading, kinds in GROUPS]


def urls() -> list[URLPattern]:
    """Return the URL patterns of the notifications."""
    return [
        story_path("notifications/", notifications, "notifications"),
        story_path("notifications/<int:pk>/", open_notification, "notification"),
        story_path("notifications/read/", mark_all_read, "notifications_read"),
        story_path("notifications/preferences/", preferences, "notification_preferences"),
    ]


@require_safe
@of_stories("view")
def notifications(request: DeskRequest) -> HttpResponse:
    """List what the user was told, the newest first, in pages."""
    rows = Notification.objects.filter(recipient=request.user).newest_first()
    before = request.GET.get("before", "")
    if is_primary_key(before):
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: SHOWN + 1])
    context = {"notifications": found[:SHOWN], "has_more": len(found) > SHOWN, "before": before}
    return desk_page(request, "notifications", gettext("Notifications"), **context)


@require_safe
@of_stories("view")
def open_notification(request: DeskRequest, pk: int) -> HttpResponse:
    """Lead to what a notification is about, and record that it was read."""
    notification = get_object_or_404(Notification, pk=pk, recipient=request.user)
    notification.mark_read()
    return redirect(notification.leads_to)


@require_POST
@of_stories("view")
def mark_all_read(request: DeskRequest) -> HttpResponse:
    """Record that the user has read all that the page shows or that is older."""
    rows = Notification.objects.filter(recipient=request.user).unread()
    newest = request.POST.get("newest", "")
    if is_primary_key(newest):
        rows = rows.filter(pk__lte=int(newest))
    rows.update(read_at=timezone.now())
    messages.success(request, gettext("All notifications are marked as read."))
    return redirect("admin:stories_story_notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@of_stories("view")
def preferences(request: DeskRequest) -> HttpResponse:
    """Show and save where the user wants to be told about each kind."""
    form = PreferencesForm(request.POST or None, initial=channels_of(request.user))
    if request.method == "POST" and form.is_valid():
        _save(request, form.cleaned_data)
        messages.success(request, gettext("Your choice is saved."))
        return redirect("admin:stories_story_notification_preferences")
    title = gettext("Which notifications you get")
    return desk_page(
        request, "notification_preferences", title, form=form, email=request.user.email
    )


@transaction.atomic
def _save(request: DeskRequest, chosen: dict[str, str]) -> None:
    """Store what differs from the defaults, so that a better default reaches everybody else."""
    NotificationPreference.objects.filter(user=request.user).delete()
    NotificationPreference.objects.bulk_create(
        [
            NotificationPreference(user=request.user, kind=kind, channel=channel)
            for kind, channel in chosen.items()
            if channel != DEFAULTS[Kind(kind)]
        ],
        ignore_conflicts=True,
    )
