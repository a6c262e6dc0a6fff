from stories.admin.founder_desk import FounderDesk
from stories.admin.series import SeriesAdmin
from stories.admin.story import StoryAdmin
from stories.admin.suggestion import SuggestionAdmin
from stories.admin.tag import TagAdmin

__all__ = ["FounderDesk", "SeriesAdmin", "StoryAdmin", "SuggestionAdmin", "TagAdmin"]
