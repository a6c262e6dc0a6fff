"""Companies at the desk, and the years of a founder in them."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from founders.models import Company, Founder, Venture
from founders.models.company import MOST_VENTURES
from stories_project.admin import DeskAdmin
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.past_slugs import keep_past_slug, refuse_past_slug
from stories_project.text.printable import PrintableForm


class CompanyForm(PrintableForm, forms.ModelForm):
    class Meta:
        model = Company
        fields = ("name", "slug", "founded_year", "closed_year", "place", "link")

    def clean_slug(self) -> str:
        """Refuse a slug that redirects to another company."""
        refuse_past_slug(self.instance, self.cleaned_data["slug"])
        return self.cleaned_data["slug"]


@admin.register(Company)
class CompanyAdmin(DeskAdmin):
    """The companies that founders share."""

    form = CompanyForm
    list_display = ("name", "years", "place")
    search_fields = ("folded_name",)
    search_help_text = _("The beginning of the name")
    ordering = ("folded_name", "pk")
    prepopulated_fields = {"slug": ["name"]}
    actions = None

    def view_on_site(self, company: Company) -> str | None:
        """Return the path of the page if readers see it."""
        is_public = Company.objects.public().filter(pk=company.pk).exists()
        return company.get_absolute_url() if is_public else None

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fill in the slug of a new company only."""
        return {} if obj else self.prepopulated_fields

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find companies by the beginning of the name."""
        found = queryset.beginning_with(search_term) if search_term.strip() else queryset
        return found, False

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        """Save the company, keep its old slug, and record the change."""
        names = form.changed_data
        before = {name: form.initial.get(name) for name in names} if change else {}
        after = {name: form.cleaned_data[name] for name in names}
        super().save_model(request, obj, form, change)
        if "slug" in before:
            keep_past_slug(obj, before["slug"])
        obj.record_change()
        what = "changed the company" if change else "added the company"
        record(
            AuditEntry.Kind.FOUNDER,
            what,
            obj,
            by=cast(User, request.user),
            before=before,
            after=after,
        )

    def delete_model(self, request: HttpRequest, obj: Company) -> None:
        """Delete a company without founders; the database keeps any other."""
        obj.record_change()
        record(AuditEntry.Kind.FOUNDER, "deleted the company", obj, by=cast(User, request.user))
        super().delete_model(request, obj)


class VentureFormSet(forms.BaseInlineFormSet):
    """The ventures of a founder. What was sent without them leaves them as they are."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # A form that was opened before an upgrade knows nothing of ventures.
        if data is not None and "ventures-TOTAL_FORMS" not in data:
            data = {"ventures-TOTAL_FORMS": "0", "ventures-INITIAL_FORMS": "0"}
        super().__init__(data, *args, **kwargs)


class VentureInline(admin.StackedInline):
    """The companies of a founder, on the founder's form."""

    model = Venture
    formset = VentureFormSet
    extra = 1
    max_num = MOST_VENTURES
    autocomplete_fields = ("company",)
    fields = (("company", "role"), ("from_year", "to_year"))


def record_ventures(request: HttpRequest, founder: Founder, formset: Any) -> None:
    """Record what has changed in the ventures of a founder, for readers and in the audit log.

    The short line of a profile that has none becomes the name of the first company.
    """
    changed = [*formset.new_objects, *(row for row, _ in formset.changed_objects)]
    if not (changed or formset.deleted_objects):
        return
    ventures = list(founder.ventures.with_companies())
    if ventures and not founder.company:
        founder.company = ventures[0].company.name
        founder.save()
    founder.record_change()
    for company in {row.company for row in [*changed, *formset.deleted_objects]}:
        company.record_change()
    after = {"ventures": [str(venture) for venture in ventures]}
    record(
        AuditEntry.Kind.FOUNDER,
        "changed the companies of",
        founder,
        by=cast(User, request.user),
        after=after,
    )
