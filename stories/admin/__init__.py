from stories.admin.story import StoryAdmin
from stories.admin.tag import TagAdmin

__all__ = ["StoryAdmin", "TagAdmin"]
