from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stories.models.autosave import Autosave
from stories.models.calendar_address import CalendarAddress
from stories.models.comment import Comment
from stories.models.dead_links import DeadLink, LinkCheck
from stories.models.desk_preferences import DeskPreferences
from stories.models.follower import Follow, Follower
from stories.models.founder_merge import DifferentFounders, FounderMerge
from stories.models.import_run import ImportLine, ImportRun
from stories.models.letter import Letter, Sending
from stories.models.moved_story import MovedStory, OldAddress
from stories.models.notification import Digest, Notification, NotificationPreference
from stories.models.parts import (
    RelatedChoice,
    Source,
    StoryFounder,
    StoryPastSlug,
    Takeaway,
)
from stories.models.plan import Plan
from stories.models.review import Review
from stories.models.review_link import ReviewLink
from stories.models.revision import Revision
from stories.models.saved_filter import SavedFilter
from stories.models.scheduled_update import ScheduledUpdate
from stories.models.series import Series, SeriesPart, SeriesPastSlug
from stories.models.stage import Stage
from stories.models.start_here import StartHere
from stories.models.story import Story
from stories.models.story_content import Kind, Section, StoryContent
from stories.models.story_event import StoryEvent
from stories.models.story_search import SearchWord, StorySearch
from stories.models.story_verbs import Author, EditOptions, Times
from stories.models.suggestion import Suggestion
from stories.models.tag import StoryTag, Tag, TagPastSlug
from stories.models.tag_change import DifferentTags, TagAlias, TagChange
from stories.models.webhook import Webhook
from stories.models.webhook_delivery import WebhookDelivery
from stories.models.webmention import Webmention
from stories_project.names import name_fields, name_model

name_model(Story, _("story"), _("stories"))
name_fields(
    Story,
    title=_("title"),
    slug=_("slug"),
    excerpt=_("excerpt"),
    body=_("body"),
    cover_credit=_("cover credit"),
    byline=_("byline"),
    reading_minutes=_("reading minutes"),
    search_title=_("search title"),
    search_description=_("search description"),
    updated_at=_("updated at"),
)
name_model(Tag, _("tag"), _("tags"))
name_fields(Tag, name=_("name"), slug=_("slug"), description=_("description"))
name_model(Series, _("series"), pgettext_lazy("several", "series"))
name_fields(Series, title=_("title"), slug=_("slug"), introduction=_("introduction"))
name_model(Suggestion, _("suggestion"), _("suggestions"))
name_fields(
    Suggestion,
    name=_("name"),
    kind=_("kind"),
    status=_("status"),
    created_at=_("created at"),
)

__all__ = [
    "Author",
    "Autosave",
    "CalendarAddress",
    "Comment",
    "DeadLink",
    "DeskPreferences",
    "DifferentFounders",
    "DifferentTags",
    "Digest",
    "EditOptions",
    "Follow",
    "Follower",
    "FounderMerge",
    "ImportLine",
    "ImportRun",
    "Kind",
    "Letter",
    "LinkCheck",
    "MovedStory",
    "Notification",
    "NotificationPreference",
    "OldAddress",
    "Plan",
    "RelatedChoice",
    "Review",
    "ReviewLink",
    "Revision",
    "SavedFilter",
    "ScheduledUpdate",
    "SearchWord",
    "Section",
    "Sending",
    "Series",
    "SeriesPart",
    "SeriesPastSlug",
    "Source",
    "Stage",
    "StartHere",
    "Story",
    "StoryContent",
    "StoryEvent",
    "StoryFounder",
    "StoryPastSlug",
    "StorySearch",
    "StoryTag",
    "Suggestion",
    "Tag",
    "TagAlias",
    "TagChange",
    "TagPastSlug",
    "Takeaway",
    "Times",
    "Webhook",
    "WebhookDelivery",
    "Webmention",
]
