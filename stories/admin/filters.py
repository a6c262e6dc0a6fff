"""The filters of the list of stories."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from founders.models import Founder
from stories.admin import owners
from stories.models import Stage, Story, StoryFounder, StoryTag, Tag
from stories.models.plan import owned_by
from stories_project.primary_keys import is_primary_key


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    template = "admin/filter_chips.html"

    def lookups(self, request, model_admin):
        """Return the states with their labels."""
        return Story.State.choices

    def queryset(self, request, queryset):
        """Return the stories that are in the chosen state now."""
        stories_in: dict[str | None, Callable[[], Any]] = {
            Story.State.DRAFT: queryset.drafts,
            Story.State.SCHEDULED: queryset.scheduled,
            Story.State.PUBLISHED: queryset.published,
            Story.State.WITHDRAWN: queryset.withdrawn,
        }
        return stories_in.get(self.value(), queryset.all)()


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        """Return the review statuses with their labels, and the filter for working copies."""
        statuses = [(s.value, s.label) for s in Story.ReviewStatus if s]
        return [*statuses, ("changed", _("Has unpublished changes"))]

    def queryset(self, request, queryset):
        """Return the stories with the chosen status or with a working copy."""
        if self.value() == "changed":
            return queryset.with_unpublished_changes()
        in_review = self.value() in Story.ReviewStatus.values and self.value()
        return queryset.in_review(self.value()) if in_review else queryset


class StageFilter(admin.SimpleListFilter):
    title = _("stage on the board")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        """Return the columns of the board."""
        return Stage.choices

    def queryset(self, request, queryset):
        """Return the stories that are in the chosen stage now."""
        return queryset.in_stage(self.value()) if self.value() in Stage.values else queryset


class OwnerFilter(admin.SimpleListFilter):
    title = _("owner")
    parameter_name = owners.PARAMETER

    def lookups(self, request, model_admin):
        """Return the user, nobody, and everybody who may write."""
        return owners.choices(request.GET.get(self.parameter_name))

    def queryset(self, request, queryset):
        """Return the stories of the chosen owner."""
        return queryset.filter(owned_by(owners.key_of(self.value(), request.user)))


class AutocompleteFilter(admin.ListFilter):
    """A filter by a row that is chosen with an autocomplete, for tables of any size.

    Subclasses set `model`, the lookup `path` to it from a story, and `join`, the foreign key whose
    choices are offered.
    """

    template = "admin/autocomplete_filter.html"
    parameter_name: str
    path: str
    model: type[Model]
    join: ForeignKey[Any, Any]

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Model],
        model_admin: admin.ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.key = params.pop(self.parameter_name, [""])[-1]
        rows = self.model._default_manager
        self.chosen = rows.filter(pk=self.key).first() if is_primary_key(self.key) else None
        self.others = {key: values[-1] for key, values in params.items()}
        self.admin_site = model_admin.admin_site

    def has_output(self) -> bool:
        """Show the filter always, because it has no list of choices that could be empty."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """Return the query parameter of this filter."""
        return [self.parameter_name]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the control that the template shows."""
        widget = AutocompleteSelect(
            self.join,
            self.admin_site,
            attrs={"aria-label": gettext("By %(filter_title)s") % {"filter_title": self.title}},
        )
        field = forms.ModelChoiceField(
            self.model._default_manager.all(), required=False, widget=widget
        )
        control = field.widget.render(
            self.parameter_name, self.chosen and self.chosen.pk, {"id": f"by-{self.parameter_name}"}
        )
        yield {"control": control, "others": self.others}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the stories of the chosen row, or none for a missing row."""
        if not self.key:
            return queryset
        return queryset.filter(**{self.path: self.chosen}) if self.chosen else queryset.none()


class FounderFilter(AutocompleteFilter):
    title, parameter_name, path = _("founder"), "founder", "story_founders__founder"
    model, join = Founder, StoryFounder._meta.get_field("founder")


class TagFilter(AutocompleteFilter):
    title, parameter_name, path = _("tag"), "tag", "story_tags__tag"
    model, join = Tag, StoryTag._meta.get_field("tag")
