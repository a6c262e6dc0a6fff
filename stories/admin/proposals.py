"""The desk page on which a writer proposes a change of an approved profile, and takes it back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from founders.models import Founder
from stories.admin.permissions import DeskRequest, model_page
from stories.models import Suggestion
from stories.suggesting.proposals import ProposalForm
from stories.suggesting.proposals import withdraw as take_back


def urls() -> list[URLPattern]:
    """Return the URL patterns of proposals."""
    guarded = admin.site.admin_view
    return [
        path("propose/<int:object_id>/", guarded(propose), name="stories_suggestion_propose"),
        path("<int:object_id>/withdraw/", guarded(withdraw), name="stories_suggestion_withdraw"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: DeskRequest, object_id: int) -> HttpResponse:
    """Show the form of a profile, and store its changed values as a proposal.

    Whoever may change the profile is redirected to its own form.
    """
    if not request.user.has_perm("founders.change_founder"):
        raise PermissionDenied
    founder = get_object_or_404(Founder.objects.present(), pk=object_id)
    if admin.site.get_model_admin(Founder).has_change_permission(request, founder):
        return redirect("admin:founders_founder_change", founder.pk)
    form = ProposalForm(request.POST or None, request.FILES or None, instance=founder)
    if request.method == "POST" and form.is_valid():
        proposal = form.propose(request.user)
        text = _("Your proposal waits for a moderator. The front page says what becomes of it.")
        messages.success(request, text)
        return redirect("admin:stories_suggestion_change", proposal.pk)
    title = _("Propose a change: %(founder)s") % {"founder": form.stored["name"]}
    context = {"founder": founder, "form": form, "media": form.media}
    return model_page(Suggestion, request, "propose", title, **context)


@require_POST
def withdraw(request: DeskRequest, object_id: int) -> HttpResponse:
    """Take back a proposal of the user."""
    proposal = get_object_or_404(Suggestion, pk=object_id)
    if proposal.author_id != request.user.pk:
        raise PermissionDenied
    try:
        take_back(proposal, request.user)
        messages.success(request, _("You have taken the proposal back."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("admin:stories_suggestion_change", proposal.pk)
