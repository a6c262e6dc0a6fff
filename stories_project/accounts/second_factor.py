"""The second factor of the staff: a passkey, or an app that shows codes.

An account that has none may use the desk for a grace period, which begins with its first request.
After it, every page leads to the one where a second factor is set up.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from stories_project.accounts.models import GracePeriod
from stories_project.accounts.sessions import is_signed_in

# In the session: the POSIX timestamp until which nothing has to be looked up. For an account with a
# second factor this is the year 9999.
CHECKED_UNTIL, ALWAYS = "second_factor_checked_until", 253_370_764_800
# What one needs to set up a second factor, or to leave.
OPEN_VIEWS = ("account_", "mfa_", "usersessions_")
# Recovery codes alone are none: they are for who has lost the other.
SECOND_FACTORS = [Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP]


class RequireSecondFactor:
    """Middleware: leads the staff to the setup of a second factor once the grace period is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass: only `process_view` knows which page it is for."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Return the way to the setup, or None for a request that may be handled."""
        if not is_signed_in(request) or not is_missing(request):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if (name or "").startswith(OPEN_VIEWS):
            return None
        messages.warning(request, _("To open the desk, set up a second factor first."))
        return redirect("mfa_index")


def is_missing(request: HttpRequest) -> bool:
    """Whether the user of a request has no second factor and may not work without it any more."""
    if not is_required_of(request.user):
        return False
    if timezone.now().timestamp() < request.session.get(CHECKED_UNTIL, 0):
        return False
    ends_at = end_of_grace(request.user)
    request.session[CHECKED_UNTIL] = ends_at.timestamp() if ends_at else ALWAYS
    return ends_at is not None and timezone.now() >= ends_at


def is_required_of(user: User | AnonymousUser) -> bool:
    """Whether a user needs a second factor, now or after the grace period."""
    return settings.SECOND_FACTOR_REQUIRED and user.is_staff


def end_of_grace(user: User) -> datetime | None:
    """Return when the desk closes for an account, or None if it has a second factor.

    The grace period begins now if it has not begun before.
    """
    if is_mfa_enabled(user, SECOND_FACTORS):
        return None
    grace, _is_new = GracePeriod.objects.get_or_create(user=user)
    return grace.ends_at


@receiver([authenticator_added, authenticator_removed])
def check_again(request: HttpRequest, **signal: Any) -> None:
    """Look again with the next request, because the second factor has changed."""
    request.session.pop(CHECKED_UNTIL, None)


@receiver(user_logged_in)
def announce_end_of_grace(request: HttpRequest | None, user: Any, **signal: Any) -> None:
    """Tell a member of staff without a second factor, at each sign-in, when the desk will close."""
    if request is None or not is_required_of(user):
        return
    if ends_at := end_of_grace(user):
        day = formats.date_format(timezone.localtime(ends_at), "MONTH_DAY_FORMAT")
        text = _("Your account needs a second factor by %(day)s. Set it up under “Your account”.")
        # A command that signs somebody in has no page to show it on.
        messages.warning(request, text % {"day": day}, fail_silently=True)
