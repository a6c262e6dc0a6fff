from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.admin import (
    autosaves,
    board,
    calendar,
    comments,
    conflicts,
    deliveries,
    finding,
    guide,
    history,
    imports,
    last_look,
    letters,
    mentions,
    notifications,
    picture_page,
    picture_replacing,
    pictures,
    plans,
    previews,
    publication,
    review_links,
    saved_filters,
    series,
    start_here,
    system,
    webhooks,
    workflow,
)
from stories.admin.bulk_actions import publish_now, withdraw_now
from stories.admin.filters import (
    FounderFilter,
    OwnerFilter,
    ReviewFilter,
    StageFilter,
    StateFilter,
    TagFilter,
)
from stories.admin.permissions import DeskRequest
from stories.admin.workflow import in_words
from stories.models import ScheduledUpdate, Section, Story, StoryContent
from stories.models.notification import name_of
from stories.planning.plans import take
from stories.writing.forms import StoryForm
from stories.writing.saving import Overtaken
from stories_project.admin import DeskAdmin

PUBLISHERS_ONLY = (*StoryContent.publishers_only(), "update_at")


def fieldsets_of_content() -> list[Any]:
    """Return Django's `fieldsets` for the sections and fields that `StoryContent` declares."""
    names: dict[Section, list[str]] = {section: [] for section in Section}
    for field in StoryContent.declared():
        names[field.metadata["section"]].append(field.name)
    names[Section.PUBLISHING].append("update_at")
    names[Section.TEXT].sort(key=lambda name: name not in ("title", "body"))
    return [
        (_(section.value) if section.value else None, _options(section, fields))
        for section, fields in names.items()
    ]


def _options(section: Section, fields: list[str]) -> dict[str, Any]:
    """Return the options of a fieldset; its class names the section in the template."""
    return {"fields": fields, "classes": (section.name.lower(),)}


class StoryList(ChangeList):
    def get_queryset(self, *args, **kwargs):
        """Load only what a row of the list shows."""
        return super().get_queryset(*args, **kwargs).for_desk()


@admin.register(Story)
class StoryAdmin(DeskAdmin):
    form = StoryForm
    change_form_template = "admin/stories/story/change_form.html"
    change_list_template = "admin/stories/story/change_list.html"
    list_display = ("title", "state_in_words", "owner", "words", "minutes", "updated_at")
    list_filter = (StateFilter, StageFilter, ReviewFilter, OwnerFilter, FounderFilter, TagFilter)
    search_fields = ("title", "slug")
    search_help_text = _("Words of the title, or the beginning of the slug")
    ordering = ("-updated_at", "-pk")
    fields_to_read = (
        *("title", "state_in_words", "people", "tag_names", "excerpt", "body"),
        *("takeaway_lines", "source_lines", "byline"),
    )
    actions = (publish_now, withdraw_now)
    fieldsets = fieldsets_of_content()

    @property
    def media(self) -> forms.Media:
        """The files of the form and of the filters of the list."""
        autocomplete = AutocompleteSelect(FounderFilter.join, self.admin_site).media
        script = forms.Script("js/autocomplete_filter.js", type="module")
        return super().media + autocomplete + forms.Media(js=[script])  # type: ignore[list-item]

    def get_urls(self) -> list[URLPattern]:
        """Add the URL patterns of the other desk pages about stories."""
        parts = (
            *(autosaves, board, calendar, comments, conflicts, deliveries, finding, guide),
            *(history, last_look, mentions, notifications, pictures, picture_page),
            *(picture_replacing, plans, previews, publication, start_here),
            *(imports, letters, review_links, saved_filters, system, webhooks, workflow),
        )
        return [*(url for part in parts for url in part.urls()), *super().get_urls()]

    def get_ordering(self, request):
        """Sort by last edit, or in the order of the index for a chosen founder or tag."""
        for parameter, rows in (("founder", "story_founders"), ("tag", "story_tags")):
            if request.GET.get(parameter):
                return (f"-{rows}__publish_at", "-pk")
        return self.ordering

    def get_search_results(self, request, queryset, search_term):
        """Find stories by words of the title or by the beginning of the slug."""
        return (queryset.titled(search_term) if search_term.strip() else queryset), False

    def get_changelist(self, request, **kwargs):
        return StoryList

    @admin.display(description=_("Founders"))
    def people(self, story: Story) -> str:
        return ", ".join(founder.name for founder in story.founders)

    @admin.display(description=_("State"), ordering="publish_at")
    def state_in_words(self, story: Story) -> str:
        return in_words(story)

    @admin.display(description=_("Owner"))
    def owner(self, story: Story) -> str:
        plan = getattr(story, "plan", None)
        return name_of(plan.owner) if plan and plan.owner else "–"

    @admin.display(description=_("Words"))
    def words(self, story: Story) -> int:
        return story.word_count

    @admin.display(description=_("Minutes"))
    def minutes(self, story: Story) -> int:
        return story.minutes

    @admin.display(description=_("Tags"))
    def tag_names(self, story: Story) -> str:
        return ", ".join(story.content.tags)

    @admin.display(description=_("Key takeaways"))
    def takeaway_lines(self, story: Story) -> str:
        return story.content.takeaways

    @admin.display(description=_("Sources"))
    def source_lines(self, story: Story) -> str:
        return story.content.sources

    def has_publish_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        """Whether the user may publish, schedule and withdraw stories."""
        return request.user.has_perm("stories.publish_story")

    def has_change_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        """Allow users who may not publish to change only drafts."""
        is_draft = obj is None or obj.publish_at is None
        may_write = is_draft or self.has_publish_permission(request)
        return may_write and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.fields_to_read})]
        hidden = set() if obj and obj.is_published else {"update_at"}
        if not self.has_publish_permission(request):
            hidden.update(PUBLISHERS_ONLY)
        return [
            (name, options | {"fields": [f for f in options["fields"] if f not in hidden]})
            for name, options in self.fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Remove the fields that only publishers may change; pass on the verb and an autosave."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        if not self.has_publish_permission(request):
            for name in PUBLISHERS_ONLY:
                form.base_fields.pop(name, None)
        return partial(
            form,
            verb=workflow.pressed_verb(request),
            needs_note="_return" in request.POST,
            recovered=autosaves.recovered_values(request) | pictures.chosen_values(request),
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form with the state of the story, or autosave and then handle a submit."""
        story = self.get_object(request, object_id) if object_id else None
        context = {
            "story": story,
            "may_publish": self.has_publish_permission(request),
            "show_save_and_add_another": False,
            "skips_last_look": last_look.is_skipped_by(request),
            **autosaves.context_of(request, story),
            **(workflow.context_of(story) if story else {}),
            **(comments.panel_of(request, story) if story else {}),
            **(plans.context_of(request, story) if story else {}),
            **(series.context_of(request, story) if story else {}),
            **(extra_context or {}),
        }
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, context)
        workflow.check_permission(request, may_publish=self.has_publish_permission(request))
        autosaves.save_submitted(request, object_id)
        try:
            response = super().changeform_view(request, object_id, form_url, context)
        except Overtaken as overtaken:
            response = conflicts.redirect_to_merge(request, overtaken.revision)
        return autosaves.confirm(request, response)

    def form_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save the form without a transaction of its own.

        Each verb is a transaction. In a surrounding one, a set-aside revision would be rolled back.
        """
        return self._changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        """Pass on the saved filters, and what else the list shows only to some."""
        context = {
            "may_delete": self.has_delete_permission(request),
            "may_import": self.has_publish_permission(request),
            **saved_filters.context_of(request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Save the story, its rows and a revision as the pressed button says."""
        had_update = ScheduledUpdate.objects.filter(story=obj.pk).exists()
        try:
            workflow.store(request, form)
        except Overtaken:
            autosaves.delete_saved(request.user, form)  # the set-aside revision has the text
            raise
        autosaves.delete_saved(request.user, form)
        if not change and not self.has_publish_permission(request):
            take(obj, request.user)  # a writer owns what they start
        if had_update and not ScheduledUpdate.objects.filter(story=obj).exists():
            messages.info(
                request, gettext("The scheduled changes are cancelled, because this text is newer.")
            )

    def save_related(self, request, form, formsets, change):
        """Do nothing: `save_model` has stored the rows as well."""

    def response_add(self, request, obj, post_url_continue=None):
        return self._lead_on(request, obj) or self.response_post_save_add(request, obj)

    def response_change(self, request, obj):
        return self._lead_on(request, obj) or self.response_post_save_change(request, obj)

    def _lead_on(self, request: DeskRequest, story: Story) -> HttpResponse | None:
        """Redirect to the page where the pressed button leads; None for the one that closes."""
        if last_look.BUTTON in request.POST:
            return redirect("admin:stories_story_last_look", story.pk)
        if not workflow.stays_on_the_form(request):
            return None
        filters: dict[str, Any] = {
            "preserved_filters": self.get_preserved_filters(request),
            "opts": self.opts,
        }
        address = reverse("admin:stories_story_change", args=[story.pk])
        return redirect(add_preserved_filters(filters, address))

    def delete_model(self, request, obj):
        obj.remove(request.user)

    def delete_queryset(self, request, queryset):
        for story in queryset:
            story.remove(request.user)
