from typing import Any

from allauth.account.views import LogoutView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record

# What stands in the User-Agent header of a browser. Each may also name those after it.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
BROWSERS |= {"Safari": "Safari"}
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows"}
SYSTEMS |= {"Mac OS X": "Mac", "CrOS": "Chromebook", "Linux": "Linux"}


class SignOut(LogoutView):
    """Asks whether to sign out, and does it."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and let the browser delete what it keeps of texts that were not sent.

        https://www.w3.org/TR/clear-site-data/
        """
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'
        return response


class Sessions(ListUserSessionsView):
    """Lists the sessions of a user, and ends all but this one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the browser of each session in words."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_in_words(session.user_agent)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """End the other sessions, and record that."""
        record(AuditEntry.Kind.ACCOUNT, "ended all other sessions", by=self.request.user)
        return super().form_valid(form)


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of the user."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    session.end()
    record(AuditEntry.Kind.ACCOUNT, "ended a session", by=request.user)
    messages.success(request, _("The session has ended."))
    return redirect("usersessions_list")


def browser_in_words(user_agent: str) -> str:
    """Return "Firefox on Windows" for a User-Agent header that says so."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if not system:
        return browser or _("Something else")
    words = {"browser": browser or _("Another program"), "system": system}
    return _("%(browser)s on %(system)s") % words
