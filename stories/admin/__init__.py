from stories.admin.founder_desk import FounderDesk
from stories.admin.story import StoryAdmin
from stories.admin.suggestion import SuggestionAdmin
from stories.admin.tag import TagAdmin

__all__ = ["FounderDesk", "StoryAdmin", "SuggestionAdmin", "TagAdmin"]
