from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

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
from stories.admin.workflow import in_words, staying
from stories.models import ScheduledUpdate, Story
from stories.writing import publishing
from stories.writing.content import content_of
from stories.writing.forms import StoryForm
from stories.writing.saving import Overtaken
from stories_project.admin import DeskAdmin

FOR_PUBLISHERS = ("publish_at", "unpublish_at", "is_lead", "pinned", "banned", "update_at")


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
    fieldsets = (
        (None, {"fields": ("title", "slug", "excerpt", "body", "takeaways", "sources")}),
        ("Publishing", {"fields": ("publish_at", "unpublish_at", "update_at", "is_lead")}),
        ("Founders and tags", {"fields": ("founders", "tags", "byline")}),
        ("Cover", {"fields": ("cover", "cover_focus", "cover_alt", "cover_credit")}),
        ("Reading", {"fields": ("reading_minutes", "pinned", "banned")}),
        (
            "Search engines",
            {"fields": ("search_title", "search_description", "canonical_url")},
        ),
    )

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
        return [*(url for part in parts for url in part.addresses()), *super().get_urls()]

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
        return ", ".join(content_of(story)["tags"])

    @admin.display(description="Key takeaways")
    def takeaway_lines(self, story):
        return content_of(story)["takeaways"]

    @admin.display(description="Sources")
    def source_lines(self, story):
        return content_of(story)["sources"]

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
            hidden.update(FOR_PUBLISHERS)
        return [
            (name, {"fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in self.fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offer the fields that publish only to who may publish; bring an autosave back."""
        form = super().get_form(request, obj, change, **kwargs)
        if not self.has_publish_permission(request):
            for name in FOR_PUBLISHERS:
                form.base_fields.pop(name, None)
        form.recovered = autosaves.recovered_by(request)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Keep what was typed before anything else; tell the page what stands beside the text."""
        if request.method == "POST":
            workflow.refuse_the_unentitled(request, self.has_publish_permission(request))
            autosaves.keep_posted(request, object_id)
        story = self.get_object(request, object_id) if object_id else None
        context = {
            "story": story,
            "may_publish": self.has_publish_permission(request),
            "show_save_and_add_another": False,
            **autosaves.offered_to(request, story),
            **(workflow.beside(story) if story else {}),
            **(extra_context or {}),
        }
        response = super().changeform_view(request, object_id, form_url, context)
        return autosaves.confirm(request, response)

    def changelist_view(self, request, extra_context=None):
        """Tell the list whether it leads to what was deleted."""
        context = {"may_delete": self.has_delete_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Save through the form: the story, its rows and the revision at once, and the step."""
        update = ScheduledUpdate.objects.filter(story=obj.pk).exists()
        try:
            form.save(author=request.user, based_on=form.cleaned_data["based_on"])
            workflow.take_step(request, form)
        except Overtaken as overtaken:
            request.set_aside = overtaken.revision
        autosaves.forget(request.user, form)
        if update and not ScheduledUpdate.objects.filter(story=obj).exists():
            messages.info(request, "The scheduled changes are cancelled: this text is newer.")

    def save_related(self, request, form, formsets, change):
        """Do nothing: `save_model` has stored the rows as well."""

    def response_add(self, request, obj, **kwargs):
        return super().response_add(staying(request), obj, **kwargs)

    def response_change(self, request, obj):
        if set_aside := getattr(request, "set_aside", None):
            return conflicts.ask(request, set_aside)
        return super().response_change(staying(request), obj)

    def delete_model(self, request, obj):
        publishing.delete(obj, request.user)

    def delete_queryset(self, request, queryset):
        for story in queryset:
            publishing.delete(story, request.user)

    @admin.action(description="Publish now", permissions=["publish"])
    def publish_now(self, request, queryset):
        self._do_with_each(request, queryset, publishing.publish, "Published")

    @admin.action(description="Withdraw now", permissions=["publish"])
    def withdraw_now(self, request, queryset):
        self._do_with_each(request, queryset, publishing.withdraw, "Withdrawn")

    def _do_with_each(self, request, queryset, verb, done):
        """Do something with each story through its form, and say what became of it."""
        for story in queryset:
            try:
                if story.is_published == (verb is publishing.publish):
                    raise ValidationError(f"It is {in_words(story).lower()}.")
                verb(story, request.user)
                self.message_user(request, f"{done}: {story}", messages.SUCCESS)
            except ValidationError as error:
                reasons = " ".join(error.messages)
                self.message_user(request, f"Left as it was: {story}. {reasons}", messages.ERROR)
