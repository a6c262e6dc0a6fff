from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.admin.series_parts import PartsField
from stories.models import Series, SeriesPart, SeriesPastSlug, Story
from stories.writing.series import hold_parts, keys_of_parts, remove_series, save_series
from stories.writing.slugs import free_slug
from stories_project.admin import DeskAdmin
from stories_project.text.markdown_widget import MarkdownInput
from stories_project.text.printable import PrintableForm


class SeriesForm(PrintableForm, forms.ModelForm):
    """The form of a series. `based_on` is the version that was shown when it was opened."""

    slug = forms.CharField(
        label=_("Slug"),
        required=False,
        max_length=200,
        help_text=_("Letters, digits, hyphens and underscores. Empty: created from the title."),
    )
    parts = PartsField(
        label=_("Parts"),
        required=False,
        help_text=_("Readers see only those that are published, and only these have numbers."),
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Series
        fields = ("title", "slug", "introduction")
        widgets = {"introduction": MarkdownInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What somebody else has saved since this form was opened.
        self.newer: Series | None = None
        if self.instance.pk:
            self.initial.setdefault("parts", keys_of_parts(self.instance))
            self.initial.setdefault("based_on", self.instance.version)

    def clean(self) -> dict[str, Any]:
        """Create a missing slug, refuse stories of other series, and notice a newer version."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self._notice_newer(values.get("based_on"))
        if not values.get("slug") and values.get("title"):
            values["slug"] = self.instance.slug or free_slug(
                values["title"], Series, SeriesPastSlug
            )
        try:
            hold_parts(self.instance, values.get("parts") or [])
        except forms.ValidationError as error:
            self.add_error("parts", error)
        return values

    def _notice_newer(self, based_on: int | None) -> None:
        """Lock the series; refuse to replace what the editor has not seen.

        The next save is based on the newer version, which the page shows above the form.
        """
        stored = Series.objects.select_for_update().filter(pk=self.instance.pk or 0).first()
        if stored is None or stored.version == based_on:
            return
        self.newer = stored
        self.data: Any = self.data.copy()
        self.data[self.add_prefix("based_on")] = str(stored.version)
        sentence = gettext(
            "Somebody else has saved this series since you opened it. What is stored now stands "
            "below. Take over from it what you want to keep: when you save again, your text counts."
        )
        self.add_error(None, sentence)


@admin.register(Series)
class SeriesAdmin(DeskAdmin):
    form = SeriesForm
    change_form_template = "admin/stories/series/change_form.html"
    list_display = ("title", "slug", "parts", "stories")
    search_fields = ("folded_title",)
    search_help_text = _("A part of the title, without regard to case, accents and spacing")
    ordering = ("folded_title", "pk")
    fields_to_read = ("title", "slug", "introduction", "part_lines")

    def view_on_site(self, series: Series) -> str | None:
        """Return the address of the page, or None if no story of the series is public."""
        # The stored row: `series` has what the form was sent, valid or not.
        public = Series.objects.in_use().filter(pk=series.pk).first()
        return public.get_absolute_url() if public else None

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    def get_search_results(self, request, queryset, search_term):
        return queryset.containing(search_term), False

    def get_fieldsets(self, request, obj=None):
        """Show the parts as lines to who may not change them."""
        may_change = self.has_change_permission(request, obj) if obj else True
        fields = (*SeriesForm.Meta.fields, "parts") if may_change else self.fields_to_read
        return [(None, {"fields": fields})]

    @admin.display(description=_("Parts"))
    def parts(self, series: Any) -> int:
        return series.part_count

    @admin.display(description=_("Public stories"))
    def stories(self, series: Any) -> int:
        return series.story_count

    @admin.display(description=_("Parts"))
    def part_lines(self, series: Series) -> str:
        return "\n".join(f"{p.position}. {p.story.title}" for p in series.parts_with_stories)

    def save_model(self, request, obj, form, change):
        """Save the series with its parts."""
        save_series(obj, form.cleaned_data["parts"], request.user)

    def save_related(self, request, form, formsets, change):
        """Do nothing: `save_model` has stored the parts as well."""

    def delete_model(self, request, obj):
        remove_series(obj, request.user)

    def delete_queryset(self, request, queryset):
        for series in queryset:
            self.delete_model(request, series)


def context_of(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return in which series a story is, for the section beside its form."""
    if not request.user.has_perm("stories.view_series"):
        return {}
    parts = SeriesPart.objects.filter(story=story).select_related("series")
    return {"series_part": parts.only("position", "series__title").first()}
