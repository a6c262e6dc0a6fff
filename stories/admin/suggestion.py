from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from founders.forms import FounderForm, ReasonForm
from stories.admin import proposals, queue, webmentions
from stories.admin.permissions import DeskRequest, model_page
from stories.models import Suggestion
from stories.moderating.queue import Place
from stories.suggesting.deciding import accept, profile_form, reject
from stories.suggesting.differences import alike, differences
from stories_project.admin import DeskAdmin, StatusFilter, is_list
from stories_project.text.folding import folded_field
from stories_project.text.sentences import inside_sentence

Status = Suggestion.Status


class DecisionForm(ReasonForm):
    """The decision of a moderator about a suggestion."""

    reason_help = _("Needed to reject. The sender will read it.")
    public_note = forms.CharField(
        required=False,
        max_length=500,
        help_text=_("What was corrected. Readers see it on the page with today’s date."),
    )


@admin.register(Suggestion)
class SuggestionAdmin(DeskAdmin):
    list_display = ("name", "kind", "sender", "status", "created_at", "due", "claim_in_words")
    list_filter = (StatusFilter,)
    list_select_related = ("claimed_by", "author")
    search_fields = ("folded_name",)
    actions = ("reject_selected",)
    ordering = ("created_at", "pk")

    def has_add_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        """Allow the author of a proposal to see it."""
        is_own = obj is not None and obj.author_id == request.user.pk
        return is_own or super().has_view_permission(request, obj)

    def get_urls(self):
        """Add the URL patterns of the queue, of proposals and of webmentions."""
        return [*queue.urls(), *proposals.urls(), *webmentions.urls(), *super().get_urls()]

    def get_queryset(self, request):
        """Leave the long texts out of the list."""
        rows = super().get_queryset(request)
        return rows.defer("content", "based_on", "message") if is_list(request) else rows

    def get_ordering(self, request):
        """Sort waiting suggestions with the oldest first, and all others with the newest first."""
        waiting = request.GET.get("status") == Status.WAITING
        return ("created_at", "pk") if waiting else ("-created_at", "-pk")

    def get_search_results(self, request, queryset, search_term):
        begins = folded_field(Suggestion, "folded_name").begins_with
        return (queryset.filter(begins(search_term)) if search_term.strip() else queryset), False

    @admin.display(description=pgettext_lazy("who has sent it", "From"))
    def sender(self, suggestion: Suggestion) -> Any:
        return suggestion.author or gettext("a reader")

    @admin.display(description=_("Answer by"))
    def due(self, suggestion: Suggestion) -> str:
        if not suggestion.is_waiting:
            return ""
        day = date_format(timezone.localtime(suggestion.answer_due_at), "DATE_FORMAT")
        return gettext("%(day)s, overdue") % {"day": day} if suggestion.is_overdue else day

    @admin.display(description=_("Being decided by"))
    def claim_in_words(self, suggestion: Suggestion) -> Any:
        return suggestion.claimed_by if suggestion.is_claimed_from(AnonymousUser()) else ""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the suggestion with the differences to the live profile, or decide about it."""
        suggestion = self.get_object(request, object_id)
        if suggestion is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, suggestion):
            raise PermissionDenied
        may_decide = suggestion.may_be_decided_by(request.user)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        is_mine = may_decide and suggestion.claim(request.user)
        profile = self._profile(request, suggestion)
        decision = DecisionForm(request.POST or None)
        if request.method == "POST" and self._decide(request, suggestion, profile, decision):
            return self._lead_on(request, suggestion)
        context = {
            **queue.context_of(request, suggestion),
            "suggestion": suggestion,
            "differences": differences(suggestion),
            "alike": alike(suggestion) if super().has_view_permission(request) else {},
            "profile": profile,
            "decision": decision,
            "may_decide": is_mine,
            "may_withdraw": suggestion.is_waiting and suggestion.author_id == request.user.pk,
            "media": self.media + (profile.media if profile else forms.Media()),
        }
        return model_page(Suggestion, request, "decide", str(suggestion), **context)

    def _profile(self, request: DeskRequest, suggestion: Suggestion) -> FounderForm | None:
        """Return the form of the profile; whoever rejects need not mend its fields."""
        if "_accept" in request.POST:
            return profile_form(suggestion, request.POST, request.FILES)
        form = profile_form(suggestion)
        if form and request.method == "POST":
            typed = {name: request.POST[name] for name in form.fields if name in request.POST}
            form.initial = {**form.initial, **typed}
        return form

    def _lead_on(self, request: DeskRequest, suggestion: Suggestion) -> HttpResponse:
        """Redirect to the next item of the queue, or to the list."""
        if queue.IN_QUEUE in request.GET:
            return redirect(queue.next_path(Place.of(suggestion)))
        return redirect("admin:stories_suggestion_changelist")

    def _decide(
        self,
        request: DeskRequest,
        suggestion: Suggestion,
        profile: FounderForm | None,
        decision: DecisionForm,
    ) -> bool:
        """Carry out the posted decision; return whether that was possible."""
        if not decision.is_valid():
            return False
        values = decision.cleaned_data
        try:
            if "_accept" in request.POST:
                accept(suggestion, request.user, profile, values["public_note"])
            else:
                reject(suggestion, request.user, values["reason"])
        except ValidationError as error:
            decision.add_error(None, error.messages)
            suggestion.refresh_from_db()
            return False
        outcome = inside_sentence(suggestion.get_status_display())
        self.message_user(request, f"{suggestion}: {outcome}.", messages.SUCCESS)
        return True

    @admin.action(description=_("Reject…"), permissions=["view"])
    def reject_selected(
        self, request: DeskRequest, queryset: QuerySet[Suggestion]
    ) -> HttpResponse | None:
        """Show a form for one reason, and reject all selected suggestions with it."""
        form = DecisionForm(request.POST if "reason" in request.POST else None)
        left = list(queryset)
        if form.is_bound and form.is_valid():
            reason = form.cleaned_data["reason"]
            left = [s for s in queryset if not self._reject(request, s, form, reason)]
            if not left:
                return None
        title = ngettext("Reject %(count)s suggestion", "Reject %(count)s suggestions", len(left))
        title %= {"count": len(left)}
        return model_page(Suggestion, request, "reject", title, suggestions=left, form=form)

    def _reject(
        self, request: DeskRequest, suggestion: Suggestion, form: DecisionForm, reason: str
    ) -> bool:
        if not suggestion.may_be_decided_by(request.user):
            raise PermissionDenied
        try:
            reject(suggestion, request.user, reason)
        except ValidationError as error:
            form.add_error("reason", f"{suggestion.name}: {' '.join(error.messages)}")
            return False
        self.message_user(
            request,
            gettext("%(suggestion)s: rejected.") % {"suggestion": suggestion},
            messages.SUCCESS,
        )
        return True
