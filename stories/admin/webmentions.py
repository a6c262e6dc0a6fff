"""The desk page on which moderators decide about webmentions, before any reader sees them."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.models import Suggestion, Webmention
from stories.webmentions import deciding

PERMISSION = "stories.change_suggestion"
SHOWN = 30
HERE = "admin:stories_suggestion_webmentions"


def urls() -> list[URLPattern]:
    """Return the URL patterns of the page."""
    guarded = partial(model_path, Suggestion, PERMISSION)
    return [
        guarded("webmentions/", webmentions, "webmentions"),
        guarded("webmentions/<int:pk>/decide/", decide, "webmention_decide"),
    ]


@require_safe
def webmentions(request: DeskRequest) -> HttpResponse:
    """List what waits for the user, the longest waiting first, and what readers see."""
    rows = Webmention.objects.decidable_by(request.user).select_related("story", "founder")
    waiting = list(rows.waiting()[: SHOWN + 1])
    shown = rows.shown().select_related("decided_by").order_by("-sent_at", "-pk")[:SHOWN]
    context = {"waiting": waiting[:SHOWN], "are_more": len(waiting) > SHOWN, "shown": shown}
    return model_page(Suggestion, request, "webmentions", gettext("Webmentions"), **context)


@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Approve one, reject one, or reject all that wait from its host."""
    row = get_object_or_404(Webmention.objects.decidable_by(request.user), pk=pk)
    try:
        messages.success(request, _decide(request, row))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(HERE)


def _decide(request: DeskRequest, row: Webmention) -> str:
    """Do what was posted, and return what it did as a sentence. Raises ValidationError."""
    if "approve" in request.POST:
        deciding.approve(row.pk, request.user)
        return gettext("Readers see it now: %(source)s") % {"source": row.source}
    if "reject_host" in request.POST:
        count = deciding.reject_host(row.host, request.user)
        sentence = ngettext(
            "%(count)s webmention of %(host)s is rejected.",
            "%(count)s webmentions of %(host)s are rejected.",
            count,
        )
        return sentence % {"count": count, "host": row.host}
    deciding.reject(row.pk, request.user)
    return gettext("Rejected: %(source)s") % {"source": row.source}
