"""Middleware: only the staff may send long bodies. Others are refused before anything is read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class LimitBodies:
    """Answers 413 with a sentence to a body of more than `LONGEST_PUBLIC_BODY` bytes.

    It stands before the middleware that looks for the CSRF token, which reads the body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass: only `process_view` knows who sends it."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Return the refusal, or None for a request that may be handled."""
        most = settings.LONGEST_PUBLIC_BODY
        is_long = int(request.META.get("CONTENT_LENGTH") or 0) > most
        if not is_long or request.user.is_staff:
            return None
        return render(request, "413.html", {"most": most // 1000}, status=413)
