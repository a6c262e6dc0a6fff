from collections.abc import Collection, Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from founders.company_admin import VentureInline, record_ventures
from founders.forms import DecisionForm, FounderForm
from founders.models import STEPS, CannedReason, Founder
from stories_project.admin import DeskAdmin, StatusFilter, is_list
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.primary_keys import is_primary_key

Status = Founder.Status
VERBS = {
    Status.PENDING: _("Submit to the moderators"),
    Status.APPROVED: _("Approve"),
    Status.REJECTED: _("Reject"),
    Status.HIDDEN: _("Hide"),
    Status.DRAFT: _("Return to draft"),
}
# Writers may submit a profile; only moderators take the other steps.
WRITERS_STEPS = {(Status.DRAFT, Status.PENDING), (Status.REJECTED, Status.PENDING)}


def read_versions(posted: Iterable[str]) -> dict[int, str]:
    """Return {primary key: version} of the founders whom a moderator has read and decides about."""
    pairs = (value.partition(" ") for value in posted)
    return {int(key): version for key, _, version in pairs if is_primary_key(key)}


@admin.register(CannedReason)
class CannedReasonAdmin(DeskAdmin):
    """The reasons that moderators give often, in the order of their choice."""

    list_display = ("name", "text", "position")
    ordering = ("position", "name")


@admin.register(Founder)
class FounderAdmin(DeskAdmin):
    form = FounderForm
    inlines = (VentureInline,)
    change_form_template = "admin/founders/founder/change_form.html"
    list_display = ("name", "family_name", "company", "status", "status_changed_at")
    list_filter = (StatusFilter,)
    search_fields = ("folded_name",)
    search_help_text = _("The beginning of a first, last or original name")
    prepopulated_fields = {"slug": ["name"]}
    actions = ("approve_selected", "reject_selected", "hide_selected")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("read", "name", "native_name", "family_name", "slug"),
                    *("headline", "company", "biography"),
                )
            },
        ),
        (
            _("Portrait"),
            {"fields": ("portrait", "portrait_focus", "portrait_alt", "portrait_credit")},
        ),
        (_("Life"), {"fields": ("birthplace", "birth_year", "death_year", "links")}),
    )

    def view_on_site(self, founder: Founder) -> str | None:
        """Return the path of the profile if the public sees it."""
        return founder.get_absolute_url() if founder.is_approved else None

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort the moderators' queue by waiting time, and other lists by name."""
        if request.GET.get("status") == Status.PENDING:
            return ("status_changed_at", "pk")
        return ("folded_name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave the long texts out of the list."""
        rows = super().get_queryset(request)
        return rows.defer("biography", "links") if is_list(request) else rows

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet, bool]:
        found = queryset.beginning_with(search_term) if search_term.strip() else queryset
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = found.present()
        return found, False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("founders.moderate_founder")

    def has_change_permission(self, request: HttpRequest, obj: Founder | None = None) -> bool:
        """Allow only moderators to change a profile that has been approved.

        Nobody changes one that was merged into another one, or erased.
        """
        if obj is not None and (obj.merged_into_id or obj.erased_at):
            return False
        was_approved = obj is not None and obj.has_been_public
        may_change = super().has_change_permission(request, obj)
        return may_change and (not was_approved or self.has_moderate_permission(request))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def get_urls(self) -> list[Any]:
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        return [path("decide/", decide, name="founders_founder_decide"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        founder = self.get_object(request, object_id)
        context = self.context_of(request, founder) if founder else {}
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def context_of(self, request: HttpRequest, founder: Founder) -> dict[str, Any]:
        """Return what the page of a founder shows beside the form. Claim one that waits."""
        steps = self.steps_for(request, founder)
        context: dict[str, Any] = {"steps": steps, "decision": DecisionForm()}
        if request.user.has_perm("founders.view_decision"):
            context["decisions"] = founder.decisions.select_related("moderator")
        if founder.is_waiting and self.has_moderate_permission(request):
            founder.claim(cast(User, request.user))
            if founder.is_claimed_from(request.user):
                context["claimed_by"] = founder.claimed_by
        return context

    def save_model(self, request: HttpRequest, obj: Founder, form: Any, change: bool) -> None:
        """Save the profile, and record its old values in the audit log."""
        before, after = form.changed_values()
        super().save_model(request, obj, form, change)
        obj.note_pictures()
        what, kind = "changed" if change else "added", AuditEntry.Kind.FOUNDER
        record(kind, what, obj, by=request.user, before=before if change else {}, after=after)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the companies of a founder, and record what has changed."""
        super().save_formset(request, form, formset, change)
        record_ventures(request, form.instance, formset)

    def delete_model(self, request: HttpRequest, obj: Founder) -> None:
        """Delete a founder, whom readers may have seen."""
        obj.record_change()
        obj.forget_pictures()
        record(AuditEntry.Kind.FOUNDER, "deleted", obj, by=request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Founder]) -> None:
        """Delete the selected founders."""
        for founder in queryset:
            self.delete_model(request, founder)

    def steps_for(self, request: HttpRequest, founder: Founder) -> dict[str, Any]:
        """Return {status: verb} for the steps that the user may take with this founder now."""
        steps = [status for status in VERBS if status in STEPS[founder.status]]
        if not self.has_moderate_permission(request):
            may_write = self.has_change_permission(request, founder)
            steps = [s for s in steps if may_write and (founder.status, s) in WRITERS_STEPS]
        return {status: VERBS[status] for status in steps}

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        """Take the posted step with each posted founder; ask again about those it fails on."""
        versions = read_versions(request.POST.getlist("founder"))
        founders = Founder.objects.filter(pk__in=versions)
        form = DecisionForm(request.POST)
        if "status" in form.errors or not founders:
            self.message_user(request, gettext("Choose founders and a decision."), messages.ERROR)
            return redirect("admin:founders_founder_changelist")
        if not form.is_valid():
            return self.ask(request, founders, form)
        status, reason = form.cleaned_data["status"], form.cleaned_data["reason"]
        moderator = cast(User, request.user)
        refused: list[Founder] = []
        for founder in founders:
            self._require_permission(request, founder, status)
            try:
                decision = founder.decide(status, moderator, reason, versions[founder.pk])
                self.message_user(request, f"{founder}: {decision}", messages.SUCCESS)
            except ValidationError as error:
                form.add_error("reason", f"{founder}: {' '.join(error.messages)}")
                refused.append(founder)
        if refused:
            return self.ask(request, refused, form)
        return self.after_decision(request, founders)

    def after_decision(self, request: HttpRequest, founders: Collection[Founder]) -> HttpResponse:
        """Redirect to the page of the founder, or to the list after a decision about several."""
        if len(founders) == 1:
            return redirect("admin:founders_founder_change", next(iter(founders)).pk)
        return redirect("admin:founders_founder_changelist")

    def ask(
        self, request: HttpRequest, founders: Collection[Founder], form: DecisionForm
    ) -> HttpResponse:
        """Show the form of a decision about these founders."""
        verb = VERBS[Status(form["status"].value())]
        title = ngettext(
            "%(verb)s: %(count)s founder", "%(verb)s: %(count)s founders", len(founders)
        )
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"verb": verb, "count": len(founders)},
            "opts": self.opts,
            "founders": founders,
            "form": form,
            "verb": verb,
        }
        return render(request, "admin/founders/founder/decide.html", context)

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self.ask(request, queryset, DecisionForm(initial={"status": Status.APPROVED}))

    @admin.action(description=_("Reject…"), permissions=["moderate"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self.ask(request, queryset, DecisionForm(initial={"status": Status.REJECTED}))

    @admin.action(description=_("Hide…"), permissions=["moderate"])
    def hide_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self.ask(request, queryset, DecisionForm(initial={"status": Status.HIDDEN}))

    def _require_permission(self, request: HttpRequest, founder: Founder, status: str) -> None:
        """Raise PermissionDenied unless the user is a moderator, or a writer may take this step."""
        is_moderator = self.has_moderate_permission(request)
        if not is_moderator and status not in self.steps_for(request, founder):
            raise PermissionDenied
