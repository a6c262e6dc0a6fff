from stories.models.autosave import Autosave
from stories.models.calendar_address import CalendarAddress
from stories.models.founder_merge import DifferentFounders, FounderMerge
from stories.models.parts import (
    RelatedChoice,
    Source,
    StoryFounder,
    StoryPastSlug,
    Takeaway,
)
from stories.models.review import Review
from stories.models.review_link import ReviewLink
from stories.models.revision import Revision
from stories.models.scheduled_update import ScheduledUpdate
from stories.models.story import Story
from stories.models.story_content import Kind, Section, StoryContent
from stories.models.story_search import SearchWord, StorySearch
from stories.models.story_verbs import Author, EditOptions, Times
from stories.models.suggestion import Suggestion
from stories.models.tag import StoryTag, Tag, TagPastSlug
from stories.models.tag_change import DifferentTags, TagAlias, TagChange

__all__ = [
    "Author",
    "Autosave",
    "CalendarAddress",
    "DifferentFounders",
    "DifferentTags",
    "EditOptions",
    "FounderMerge",
    "Kind",
    "RelatedChoice",
    "Review",
    "ReviewLink",
    "Revision",
    "ScheduledUpdate",
    "SearchWord",
    "Section",
    "Source",
    "Story",
    "StoryContent",
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
]
