"""The time-outs of a session: after some hours without a request, and after some days in any case.

What was typed is not lost: the desk keeps it in the browser until somebody has signed in again.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

# In the session, POSIX timestamps. The second one is written at most once a minute.
BEGAN_AT, SEEN_AT = "began_at", "seen_at"
WRITTEN_AFTER = 60


@receiver(user_logged_in)
def begin(request: HttpRequest | None, **signal: Any) -> None:
    """Note when a session began."""
    if request is not None:
        request.session[BEGAN_AT] = request.session[SEEN_AT] = timezone.now().timestamp()


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a request is somebody's who has signed in.

    Readers have no session. To look at their user would make each page depend on the cookie.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def end_old_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: sign out a user whose session is too old, or was not used for too long."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_signed_in(request):
            _check(request)
        return get_response(request)

    return middleware


def _check(request: HttpRequest) -> None:
    now = timezone.now().timestamp()
    # A session from before there were time-outs has ended.
    unused = now - request.session.get(SEEN_AT, 0)
    age = now - request.session.get(BEGAN_AT, 0)
    if unused > settings.SESSION_IDLE.total_seconds() or (
        age > settings.SESSION_LIFETIME.total_seconds()
    ):
        logout(request)
    elif unused > WRITTEN_AFTER:
        request.session[SEEN_AT] = now
