"""The desk pages on which administrators keep webhooks, and read what they were told."""

from collections.abc import Iterable
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.models import Story, StoryEvent, Webhook, WebhookDelivery
from stories.webhooks.events import plan_what_is_scheduled
from stories.webhooks.sending import next_attempts
from stories_project.pagination import paginate

# No role has it, so these pages are for administrators.
PERMISSION = "stories.change_webhook"
MESSAGES_A_PAGE = 50


class WebhookForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label=_("Tell it when"),
        choices=StoryEvent.Name.choices,
        initial=StoryEvent.Name.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it is told of.")},
    )

    class Meta:
        model = Webhook
        fields = ("url", "events")
        widgets = {"url": forms.URLInput(attrs={"size": 60, "placeholder": "https://"})}
        help_texts = {"url": _("The other site says which. It must be public, and use TLS.")}


def urls() -> list[URLPattern]:
    """Return the URL patterns of the pages."""
    guarded = partial(model_path, Story, PERMISSION)
    return [
        guarded("webhooks/", webhooks, "webhooks"),
        guarded("webhooks/<int:pk>/", webhook, "webhook"),
        guarded("webhooks/<int:pk>/ping/", ping, "webhook_ping"),
        guarded("webhooks/<int:pk>/pause/", pause, "webhook_pause"),
        guarded("webhooks/<int:pk>/delete/", delete, "webhook_delete"),
        guarded("webhooks/<int:pk>/again/<int:message>/", send_again, "webhook_again"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: DeskRequest) -> HttpResponse:
    """List the webhooks, and add one: its secret is in the answer, and never shown again."""
    form, secret, added = WebhookForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        added = form.save(commit=False)
        secret = added.add(request.user)
        plan_what_is_scheduled()
        form = WebhookForm()
    context = {
        "form": form,
        "secret": secret,
        "added": added,
        "webhooks": Webhook.objects.order_by("url", "pk"),
        "are_told": settings.WEBHOOKS,
    }
    response = model_page(Story, request, "webhooks", gettext("Webhooks"), **context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def webhook(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a webhook with what it was told, the newest first."""
    found = get_object_or_404(Webhook, pk=pk)
    page = paginate(request, found.deliveries.newest_first(), MESSAGES_A_PAGE)
    next_at, stories = next_attempts(found), _titles(message.story for message in page)
    log = [
        {"message": m, "next_at": next_at.get(m.key), "title": stories.get(m.story or 0)}
        for m in page
    ]
    context = {"webhook": found, "log": log, "page": page, "are_told": settings.WEBHOOKS}
    return model_page(Story, request, "webhook", gettext("Webhook"), **context)


@require_POST
def ping(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a message about nothing, to see whether it arrives."""
    get_object_or_404(Webhook, pk=pk).ping(request.user)
    messages.success(
        request, gettext("The ping is on its way. Load this page again to see the answer.")
    )
    return redirect("admin:stories_story_webhook", pk)


@require_POST
def pause(request: DeskRequest, pk: int) -> HttpResponse:
    """Pause a webhook, or resume it."""
    found = get_object_or_404(Webhook, pk=pk)
    if found.paused_at:
        found.resume(request.user)
        messages.success(request, gettext("It is told again of what happens from now on."))
    else:
        found.pause(request.user)
        messages.success(request, gettext("Paused. What happens meanwhile is not told later."))
    return redirect("admin:stories_story_webhook", pk)


@require_POST
def delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Delete a webhook with its log."""
    found = get_object_or_404(Webhook, pk=pk)
    found.remove(request.user)
    messages.success(request, gettext("%(webhook)s is deleted.") % {"webhook": found})
    return redirect("admin:stories_story_webhooks")


@require_POST
def send_again(request: DeskRequest, pk: int, message: int) -> HttpResponse:
    """Send a message again, with the same id; the text is that of now."""
    get_object_or_404(WebhookDelivery, pk=message, webhook=pk).queue()
    messages.success(request, gettext("It is sent again now."))
    return redirect("admin:stories_story_webhook", pk)


def _titles(keys: Iterable[int | None]) -> dict[int, str]:
    """Return {primary key: title} of the stories that still exist, in one query."""
    found = Story.objects.filter(pk__in={key for key in keys if key}).order_by()
    return dict(found.values_list("pk", "title"))
