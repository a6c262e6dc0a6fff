"""The filters of the list of stories."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from founders.models import Founder
from stories.models import Story, StoryFounder, StoryTag, Tag
from stories_project.primary_keys import is_primary_key


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        """Return the states in words."""
        return Story.State.choices

    def queryset(self, request, queryset):
        """Return the stories that are in the chosen state now."""
        chosen = {
            Story.State.DRAFT: queryset.drafts,
            Story.State.SCHEDULED: queryset.scheduled,
            Story.State.PUBLISHED: queryset.published,
            Story.State.WITHDRAWN: queryset.withdrawn,
        }.get(self.value())
        return chosen() if chosen else queryset


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request, model_admin):
        """Return what a story can wait for besides its time."""
        statuses = [(s.value, s.label) for s in Story.ReviewStatus if s]
        return [*statuses, ("changed", "Has unpublished changes")]

    def queryset(self, request, queryset):
        """Return the stories that wait for the chosen thing."""
        if self.value() == "changed":
            return queryset.with_unpublished_changes()
        in_review = self.value() in Story.ReviewStatus.values and self.value()
        return queryset.in_review(self.value()) if in_review else queryset


class AutocompleteFilter(admin.ListFilter):
    """Filter by a row that is found by typing, among any number of rows."""

    template = "admin/autocomplete_filter.html"
    parameter_name = path = model = join = None

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.typed = params.pop(self.parameter_name, [""])[-1]
        rows = self.model.objects
        self.chosen = rows.filter(pk=self.typed).first() if is_primary_key(self.typed) else None
        self.others = {key: values[-1] for key, values in params.items()}
        self.admin_site = model_admin.admin_site

    def has_output(self):
        """Show the filter always: there is no list of choices that could be empty."""
        return True

    def expected_parameters(self):
        """Return the names that this filter reads from the address."""
        return [self.parameter_name]

    def choices(self, changelist):
        """Return the one control that the template shows."""
        widget = AutocompleteSelect(
            self.join, self.admin_site, attrs={"aria-label": f"By {self.title}"}
        )
        field = forms.ModelChoiceField(self.model.objects.all(), required=False, widget=widget)
        control = field.widget.render(
            self.parameter_name, self.chosen and self.chosen.pk, {"id": f"by-{self.title}"}
        )
        return [{"control": control, "others": self.others}]

    def queryset(self, request, queryset):
        """Return the stories of the chosen row; none of them for a row that is not there."""
        if not self.typed:
            return queryset
        return queryset.filter(**{self.path: self.chosen}) if self.chosen else queryset.none()


class FounderFilter(AutocompleteFilter):
    title, parameter_name, path = "founder", "founder", "story_founders__founder"
    model, join = Founder, StoryFounder._meta.get_field("founder")


class TagFilter(AutocompleteFilter):
    title, parameter_name, path = "tag", "tag", "story_tags__tag"
    model, join = Tag, StoryTag._meta.get_field("tag")
