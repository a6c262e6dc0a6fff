from stories.models.parts import (
    RelatedChoice,
    Source,
    StoryFounder,
    StoryPastSlug,
    Takeaway,
)
from stories.models.revision import Revision
from stories.models.scheduled_update import ScheduledUpdate
from stories.models.story import Story
from stories.models.tag import StoryTag, Tag

__all__ = [
    "RelatedChoice",
    "Revision",
    "ScheduledUpdate",
    "Source",
    "Story",
    "StoryFounder",
    "StoryPastSlug",
    "StoryTag",
    "Tag",
    "Takeaway",
]
