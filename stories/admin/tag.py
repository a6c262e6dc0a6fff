from typing import Any

import taggit.models
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from stories.admin import tag_desk
from stories.admin.permissions import DeskRequest
from stories.models import Tag
from stories.tagging import merging
from stories_project.admin import DeskAdmin
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.text.markdown_widget import MarkdownInput
from stories_project.text.printable import PrintableForm

MAX_OFFERED = 20

# taggit registers tags of its own, which no story of ours has.
admin.site.unregister(taggit.models.Tag)


class TagForm(PrintableForm, forms.ModelForm):
    class Meta:
        model = Tag
        fields = ("name", "slug", "description")
        widgets = {"description": MarkdownInput}


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    form = TagForm
    change_list_template = "admin/stories/tag/change_list.html"
    list_display = ("name", "slug", "stories")
    search_fields = ("folded_name",)
    search_help_text = _("A part of the name, without regard to case, accents and spacing")
    ordering = ("folded_name", "pk")
    actions = ("merge_selected",)

    def view_on_site(self, tag: Tag) -> str | None:
        """Return the address of the tag's page, or None if no public story has the tag."""
        return tag.get_absolute_url() if Tag.objects.in_use().filter(pk=tag.pk) else None

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    def get_search_results(self, request, queryset, search_term):
        return queryset.containing(search_term), False

    @admin.display(description=_("Public stories"))
    def stories(self, tag: Any) -> int:
        return tag.story_count

    def get_urls(self) -> list[URLPattern]:
        """Add the URL patterns of the autocomplete and of the tag desk."""
        names = self.admin_site.admin_view(self.names_view)
        return [
            path("names/", names, name="stories_tag_names"),
            *tag_desk.urls(),
            *super().get_urls(),
        ]

    def names_view(self, request: HttpRequest) -> HttpResponse:
        """Return the names of the tags that contain `?term=`, the shortest first, as JSON."""
        if not self.has_view_permission(request):
            return JsonResponse({"results": []}, status=403)
        tags = Tag.objects.containing(request.GET.get("term", "")[:100])
        names = tags.shortest_first().values_list("name", flat=True)[:MAX_OFFERED]
        return JsonResponse({"results": [{"id": name, "text": name} for name in names]})

    def changelist_view(self, request, extra_context=None):
        """Pass on whether the user may merge tags."""
        context = {"may_change": self.has_change_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form. Before a new name or slug is saved, show a page to confirm it."""
        tag = self.get_object(request, object_id) if object_id else None
        is_unconfirmed = request.method == "POST" and "_confirmed" not in request.POST
        if is_unconfirmed and tag and self.has_change_permission(request, tag):
            form = self.get_form(request, tag)(request.POST, instance=tag)
            if form.is_valid() and {"name", "slug"} & set(form.changed_data):
                return tag_desk.rename_page(request, form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        """Keep the old name and slug of a renamed tag."""
        if change:
            merging.rename(obj, form.cleaned_data, request.user)
        else:
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        """Delete a tag, which readers may have seen."""
        obj.record_change()
        record(AuditEntry.Kind.TAG, "deleted", obj, by=request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        """Delete the selected tags."""
        for tag in queryset:
            self.delete_model(request, tag)

    @admin.action(description=_("Merge…"), permissions=["change"])
    def merge_selected(self, request: DeskRequest, queryset: QuerySet[Tag]) -> HttpResponse:
        """Redirect to the page that merges the selected tags."""
        keys = queryset.order_by().values_list("pk", flat=True)[: tag_desk.MAX_MERGED]
        query = urlencode({"tag": list(keys)}, doseq=True)
        return redirect(f"{reverse('admin:stories_tag_merge')}?{query}")
