import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from stories_project.admin import ChoiceFilter, DeskAdmin
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record

EXPORTED = ("at", "kind", "who", "what", "target", "target_key", "address", "reason")
ROWS_AT_ONCE = 2000


class KindFilter(ChoiceFilter):
    title, parameter_name = _("kind"), "kind"


class PeriodFilter(admin.SimpleListFilter):
    """Filter the log by age."""

    title, parameter_name = _("period"), "period"
    DAYS = {"1": _("Last 24 hours"), "7": _("Last 7 days"), "30": _("Last 30 days")}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the periods."""
        return list(self.DAYS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        """Return the entries of the chosen period."""
        days = self.value()
        if days not in self.DAYS:
            return queryset
        return queryset.since(timezone.now() - timedelta(days=int(days)))


@admin.register(AuditEntry)
class AuditLogAdmin(DeskAdmin):
    """The audit log, for administrators: to read, to search and to export."""

    change_list_template = "admin/audit/change_list.html"
    change_form_template = "admin/audit/change_form.html"
    list_display = ("moment", "who", "what", "target", "address")
    list_display_links = ("moment",)
    list_filter = (KindFilter, PeriodFilter)
    list_per_page = 50
    sortable_by = ()
    search_fields = ("folded_who",)
    search_help_text = _("The beginning of the name of a person or a thing, or an IP address")
    ordering = ("-pk",)
    actions = None

    @admin.display(description=_("When"))
    def moment(self, entry: AuditEntry) -> str:
        at = timezone.localtime(entry.at)
        return f"{formats.date_format(at, 'DATE_FORMAT')}, {at:%H:%M:%S}"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": gettext("Audit log"), **(extra_context or {})}
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet, bool]:
        found = queryset.beginning_with(search_term) if search_term.strip() else queryset
        return found, False

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_POST(self.export))
        return [path("export/", export, name="audit_auditentry_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """Send the entries that the list shows, the newest first, one JSON object on each line."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record(AuditEntry.Kind.EXPORT, "exported the audit log", by=request.user)
        entries = self.get_changelist_instance(request).get_queryset(request)
        response = StreamingHttpResponse(_json_lines(entries), content_type="application/jsonl")
        name = f"audit-log-{timezone.localdate()}.jsonl"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _json_lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield https://jsonlines.org, with the times in UTC (ISO 8601)."""
    for entry in entries.iterator(ROWS_AT_ONCE):
        values = {name: getattr(entry, name) for name in (*EXPORTED, "before", "after")}
        yield json.dumps({**values, "at": entry.at.isoformat()}, ensure_ascii=False) + "\n"


class AuditedAdmin(admin.ModelAdmin):
    """A model admin that records its changes in the audit log, with the values before and after."""

    def audited_values(self, row: Any) -> dict[str, Any]:
        """Return what the log says about a row, as values that JSON can hold."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and keep the old values until the roles and permissions are saved as well."""
        stored = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        form.values_before = self.audited_values(stored) if stored else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles and permissions, and record what differs."""
        super().save_related(request, form, formsets, change)
        before, after = form.values_before, self.audited_values(form.instance)
        differing = {name for name in after if before.get(name) != after[name]}
        if differing:
            self.record(
                request,
                "changed" if change else "added",
                form.instance,
                before={name: value for name, value in before.items() if name in differing},
                after={name: after[name] for name in after if name in differing},
            )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Record the last values, and delete."""
        self.record(request, "deleted", obj, before=self.audited_values(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the selected rows."""
        for row in queryset:
            self.delete_model(request, row)

    def record(self, request: HttpRequest, what: str, row: Model, **values: Any) -> None:
        """Record what the user of a request did to a row."""
        record(AuditEntry.Kind.ACCOUNT, what, row, by=request.user, **values)
