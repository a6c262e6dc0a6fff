from stories.models.parts import RelatedChoice, Source, StoryFounder, Takeaway
from stories.models.revision import Revision
from stories.models.story import Story
from stories.models.tag import StoryTag, Tag

__all__ = [
    "RelatedChoice",
    "Revision",
    "Source",
    "Story",
    "StoryFounder",
    "StoryTag",
    "Tag",
    "Takeaway",
]
