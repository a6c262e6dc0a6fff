"""What the operator owes readers: a page on privacy, and an imprint."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stories_project.page_cache.cached_views import cached_page
from stories_project.page_cache.networks import network
from stories_project.publication.current import current
from stories_project.text import markdown


@cached_page()
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the operator's text on privacy, and below it what this software keeps."""
    return _page(request, "privacy", current().privacy, **_facts())


@cached_page()
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Show who publishes; 404 until an administrator has written it."""
    text = current().imprint
    if not text:
        raise Http404("There is no imprint")
    return _page(request, "imprint", text)


def _page(request: HttpRequest, name: str, text: str, **facts: Any) -> HttpResponse:
    html = markdown.render_html(text) if text else ""
    return render(request, f"stories/{name}.html", {"text": html, **facts})


def _facts() -> dict[str, Any]:
    """Return what the description of the software says about this site."""
    between = network()
    return {
        "sender_days": settings.SENDERS_KEPT.days,
        "confirm_days": settings.CONFIRMED_WITHIN.days,
        "log_days": settings.AUDIT_LOG_KEPT.days,
        "answer_days": settings.ANSWER_WITHIN.days,
        "session_days": settings.SESSION_LIFETIME.days,
        "network": between.name if between else "",
        "sends_errors": bool(settings.SENTRY_DSN),
    }
