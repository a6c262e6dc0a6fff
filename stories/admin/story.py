from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse

from stories.admin import (
    autosaves,
    calendar,
    conflicts,
    history,
    previews,
    review_links,
    workflow,
)
from stories.admin.filters import FounderFilter, ReviewFilter, StateFilter, TagFilter
from stories.admin.workflow import in_words
from stories.models import ScheduledUpdate, Section, Story, StoryContent
from stories.writing.forms import StoryForm
from stories.writing.saving import Overtaken
from stories_project.admin import DeskAdmin

PUBLISHERS_ONLY = (*StoryContent.publishers_only(), "update_at")


def fieldsets_of_content():
    """Return the sections of the form with the fields that `StoryContent` declares in them."""
    names = {section: [] for section in Section}
    for field in StoryContent.declared():
        names[field.metadata["section"]].append(field.name)
    names[Section.PUBLISHING].append("update_at")
    return [(section.value or None, {"fields": fields}) for section, fields in names.items()]


class StoryList(ChangeList):
    def get_queryset(self, *args, **kwargs):
        """Load what a row of the list shows."""
        return super().get_queryset(*args, **kwargs).for_desk()


@admin.register(Story)
class StoryAdmin(DeskAdmin):
    form = StoryForm
    change_form_template = "admin/stories/story/change_form.html"
    change_list_template = "admin/stories/story/change_list.html"
    list_display = ("title", "state_in_words", "people", "minutes", "updated_at")
    list_filter = (StateFilter, ReviewFilter, FounderFilter, TagFilter)
    search_fields = ("title", "slug")
    search_help_text = "Words of the title, or the beginning of the address"
    ordering = ("-updated_at", "-pk")
    list_per_page = 50
    fields_to_read = (
        *("title", "state_in_words", "people", "tag_names", "excerpt", "body"),
        *("takeaway_lines", "source_lines", "byline"),
    )
    actions = ("publish_now", "withdraw_now")
    fieldsets = fieldsets_of_content()

    @property
    def media(self):
        """What the filters of the list need besides."""
        by_typing = AutocompleteSelect(FounderFilter.join, self.admin_site).media
        return (
            super().media
            + by_typing
            + forms.Media(js=[forms.Script("js/autocomplete_filter.js", type="module")])
        )

    def get_urls(self):
        parts = (autosaves, calendar, conflicts, history, previews, review_links, workflow)
        return [*(url for part in parts for url in part.urls()), *super().get_urls()]

    def get_ordering(self, request):
        """Sort by last edit, or as the index of a chosen founder or tag has its stories."""
        for parameter, rows in (("founder", "story_founders"), ("tag", "story_tags")):
            if request.GET.get(parameter):
                return (f"-{rows}__publish_at", "-pk")
        return self.ordering

    def get_search_results(self, request, queryset, search_term):
        """Find by the title's words, the last of which may go on, or by the address."""
        return (queryset.titled(search_term) if search_term.strip() else queryset), False

    def get_changelist(self, request, **kwargs):
        return StoryList

    @admin.display(description="Founders")
    def people(self, story):
        return ", ".join(founder.name for founder in story.founders)

    @admin.display(description="State", ordering="publish_at")
    def state_in_words(self, story):
        return in_words(story)

    @admin.display(description="Tags")
    def tag_names(self, story):
        return ", ".join(story.content.tags)

    @admin.display(description="Key takeaways")
    def takeaway_lines(self, story):
        return story.content.takeaways

    @admin.display(description="Sources")
    def source_lines(self, story):
        return story.content.sources

    def has_publish_permission(self, request, obj=None):
        return request.user.has_perm("stories.publish_story")

    def has_change_permission(self, request, obj=None):
        """Who may not publish changes drafts only."""
        is_theirs = obj is None or obj.publish_at is None or self.has_publish_permission(request)
        return is_theirs and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.fields_to_read})]
        hidden = set() if obj and obj.is_published else {"update_at"}
        if not self.has_publish_permission(request):
            hidden.update(PUBLISHERS_ONLY)
        return [
            (name, {"fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in self.fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offer the fields that publish only to who may publish; bring an autosave back."""
        form = super().get_form(request, obj, change, **kwargs)
        if not self.has_publish_permission(request):
            for name in PUBLISHERS_ONLY:
                form.base_fields.pop(name, None)
        verb = workflow.pressed_verb(request)
        return partial(form, verb=verb, recovered=autosaves.recovered_by(request))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Autosave what was posted before anything else; show what belongs beside the text."""
        story = self.get_object(request, object_id) if object_id else None
        context = {
            "story": story,
            "may_publish": self.has_publish_permission(request),
            "show_save_and_add_another": False,
            **autosaves.offered_to(request, story),
            **(workflow.context_of(story) if story else {}),
            **(extra_context or {}),
        }
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, context)
        workflow.check_permission(request, may_publish=self.has_publish_permission(request))
        autosaves.keep_posted(request, object_id)
        try:
            response = super().changeform_view(request, object_id, form_url, context)
        except Overtaken as overtaken:
            response = conflicts.ask(request, overtaken.revision)
        return autosaves.confirm(request, response)

    def form_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save the form; each verb is a transaction, so that a text set aside stays."""
        return self._changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        """Tell the list whether it leads to the deleted stories."""
        context = {"may_delete": self.has_delete_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Do what the pressed button says: it stores the story, its rows and the revision."""
        update = ScheduledUpdate.objects.filter(story=obj.pk).exists()
        try:
            workflow.store(request, form)
        except Overtaken:
            autosaves.forget(request.user, form)  # the revision that was set aside has the text
            raise
        autosaves.forget(request.user, form)
        if update and not ScheduledUpdate.objects.filter(story=obj).exists():
            messages.info(request, "The scheduled changes are cancelled: this text is newer.")

    def save_related(self, request, form, formsets, change):
        """Do nothing: `save_model` has stored the rows as well."""

    def response_add(self, request, obj, **kwargs):
        response = super().response_add(request, obj, **kwargs)
        return self._stay(request, obj, response)

    def response_change(self, request, obj):
        return self._stay(request, obj, super().response_change(request, obj))

    def _stay(self, request, story, response):
        """Lead back to the form after a button that does not close it."""
        if not workflow.stays_on_the_form(request):
            return response
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        address = reverse("admin:stories_story_change", args=[story.pk])
        return redirect(add_preserved_filters(filters, address))

    def delete_model(self, request, obj):
        obj.remove(request.user)

    def delete_queryset(self, request, queryset):
        for story in queryset:
            story.remove(request.user)

    @admin.action(description="Publish now", permissions=["publish"])
    def publish_now(self, request, queryset):
        for story in queryset:
            publish = partial(story.publish, by=request.user)
            self._do(request, story, publish, "Published", is_due=not story.is_published)

    @admin.action(description="Withdraw now", permissions=["publish"])
    def withdraw_now(self, request, queryset):
        for story in queryset:
            withdraw = partial(story.withdraw, by=request.user)
            self._do(request, story, withdraw, "Withdrawn", is_due=story.is_published)

    def _do(self, request, story, verb, done, *, is_due):
        """Do something with one story of a list, and say what became of it."""
        try:
            if not is_due:
                raise ValidationError(f"It is {in_words(story).lower()}.")
            verb()
            self.message_user(request, f"{done}: {story}", messages.SUCCESS)
        except ValidationError as error:
            reasons = " ".join(error.messages)
            self.message_user(request, f"Not changed: {story}. {reasons}", messages.ERROR)
