from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from stories.admin.filters import FounderFilter, StateFilter, TagFilter
from stories.content import content_of
from stories.forms import PUBLISH, WITHDRAW, StoryForm
from stories.models import Story
from stories.publishing import publish, withdraw
from stories_project.admin import DeskAdmin

FOR_PUBLISHERS = ("publish_at", "unpublish_at", "is_lead", "pinned", "banned")


class StoryList(ChangeList):
    def get_queryset(self, *args, **kwargs):
        """Load what a row of the list shows."""
        return super().get_queryset(*args, **kwargs).for_desk()


@admin.register(Story)
class StoryAdmin(DeskAdmin):
    form = StoryForm
    list_display = ("title", "state_in_words", "people", "minutes", "updated_at")
    list_filter = (StateFilter, FounderFilter, TagFilter)
    search_fields = ("title", "slug")
    search_help_text = "Words of the title or of the address"
    ordering = ("-updated_at", "-pk")
    list_per_page = 50
    readonly_fields = ("state_in_words",)
    fields_to_read = (
        *("title", "state_in_words", "people", "tag_names", "excerpt", "body"),
        *("takeaway_lines", "source_lines", "byline"),
    )
    actions = ("publish_now", "withdraw_now")
    fieldsets = (
        (None, {"fields": ("title", "slug", "excerpt", "body", "takeaways", "sources")}),
        (
            "Publishing",
            {"fields": ("state_in_words", "publish_at", "unpublish_at", "is_lead", "byline")},
        ),
        ("Founders and tags", {"fields": ("founders", "tags")}),
        ("Cover", {"fields": ("cover", "cover_alt", "cover_credit")}),
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

    def get_ordering(self, request):
        """Sort by last edit, or as the index of a chosen founder or tag has its stories."""
        for parameter, rows in (("founder", "story_founders"), ("tag", "story_tags")):
            if request.GET.get(parameter):
                return (f"-{rows}__publish_at", "-pk")
        return self.ordering

    def view_on_site(self, story):
        """Return the story's address while the public sees it."""
        return story.get_absolute_url() if story.is_published else None

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

    def has_publish_permission(self, request):
        return request.user.has_perm("stories.publish_story")

    def has_change_permission(self, request, obj=None):
        """Who may not publish changes drafts only."""
        is_theirs = obj is None or obj.publish_at is None or self.has_publish_permission(request)
        return is_theirs and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.fields_to_read})]
        if self.has_publish_permission(request):
            return self.fieldsets
        return [
            (name, {"fields": [f for f in options["fields"] if f not in FOR_PUBLISHERS]})
            for name, options in self.fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offer the fields that publish only to who may publish."""
        form = super().get_form(request, obj, change, **kwargs)
        if not self.has_publish_permission(request):
            for name in FOR_PUBLISHERS:
                form.base_fields.pop(name, None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Tell the buttons which verbs there are."""
        story = self.get_object(request, object_id) if object_id else None
        context = {"may_publish": self.has_publish_permission(request), "story": story}
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def response_add(self, request, obj, **kwargs):
        return super().response_add(_staying(request), obj, **kwargs)

    def response_change(self, request, obj):
        return super().response_change(_staying(request), obj)

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Save through the form, which stores the story, its rows and the revision at once."""
        form.save(author=request.user)

    def save_related(self, request, form, formsets, change):
        """Do nothing: `save_model` has stored the rows as well."""

    @admin.action(description="Publish now", permissions=["publish"])
    def publish_now(self, request, queryset):
        self._do_with_each(request, queryset, publish, "Published")

    @admin.action(description="Withdraw now", permissions=["publish"])
    def withdraw_now(self, request, queryset):
        self._do_with_each(request, queryset, withdraw, "Withdrawn")

    def _do_with_each(self, request, queryset, verb, done):
        """Do something with each story through its form, and say what became of it."""
        for story in queryset:
            try:
                if story.is_published == (verb is publish):
                    raise ValidationError(f"It is {in_words(story).lower()}.")
                verb(story, request.user)
                self.message_user(request, f"{done}: {story}", messages.SUCCESS)
            except ValidationError as error:
                reasons = " ".join(error.messages)
                self.message_user(request, f"Left as it was: {story}. {reasons}", messages.ERROR)


def _staying(request):
    """Return the request as if “Save and continue” had been pressed, after one of our verbs."""
    if PUBLISH in request.POST or WITHDRAW in request.POST:
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
    return request


def in_words(story):
    """Return the state of a story with its date, in the publication's zone."""
    if story.publish_at is None:
        return story.State.DRAFT.label
    is_gone = story.is_withdrawn
    moment = timezone.localtime(story.unpublish_at if is_gone else story.publish_at)
    words = {
        story.State.SCHEDULED: "Scheduled for {}",
        story.State.PUBLISHED: "Published on {}",
        story.State.WITHDRAWN: "Withdrawn on {}",
    }
    return words[story.state].format(date_format(moment, "DATETIME_FORMAT"))
