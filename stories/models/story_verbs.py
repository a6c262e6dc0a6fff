"""The verbs of a story. `stories.writing.verbs` implements them, because they need the form."""

from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypedDict, Unpack

from django.contrib.auth.models import User
from django.db import models

from stories.models.story_content import StoryContent

if TYPE_CHECKING:
    from stories.models.revision import Revision

# The user who acts, or None for the publication itself (import, demo, schedule).
Author = User | None


class Times(TypedDict, total=False):
    """When readers see a story."""

    publish_at: datetime | None
    unpublish_at: datetime | None


class EditOptions(TypedDict, total=False):
    """What the history records about an edit.

    `based_on` is the primary key of the revision that was newest when the author opened the form,
    or `stories.writing.saving.NEWEST`. If there is a newer revision by now, the content is set
    aside and Overtaken is raised.
    """

    by: Author
    kind: str
    note: str
    based_on: Any
    settles: "Revision | None"


class StoryVerbs(models.Model):
    """The verbs of a story. Each is one transaction that locks the story and keeps a revision.

    `content` is what `StoryForm` has accepted. Without it, a verb uses the newest content, and
    raises ValidationError with the messages of the form if the form refuses it.
    """

    # `stories.writing.verbs`, set by `stories.apps`: it needs the form, which needs the models.
    implementation: ClassVar[ModuleType]

    class Meta:
        abstract = True

    def save_content(self, content: StoryContent, **edit: Unpack[EditOptions]) -> Self:
        """Save a content: as the working copy of a public story, in the row of any other."""
        return self.implementation.save_content(self, content, **edit)

    def replace_content(self, content: StoryContent, **edit: Unpack[EditOptions]) -> Self:
        """Save a content in the row: readers of a public story see it at once."""
        return self.implementation.replace_content(self, content, **edit)

    def publish(self, content: StoryContent | None = None, **edit: Unpack[EditOptions]) -> Self:
        """Publish a content now. A planned withdrawal stays planned."""
        return self.implementation.publish(self, content, **edit)

    def schedule(
        self, at: datetime, content: StoryContent | None = None, **edit: Unpack[EditOptions]
    ) -> Self:
        """Schedule a content to go live at a time: as an update if the story is public."""
        return self.implementation.schedule(self, at, content, **edit)

    def withdraw(self, by: Author = None, note: str = "") -> Self:
        """Withdraw a public story now. Keep its working copy; cancel its scheduled update."""
        return self.implementation.withdraw(self, by, note)

    def retime(self, times: Times, by: Author = None, note: str = "") -> Self:
        """Change the times of the story, and nothing else that readers see.

        The working copy and a scheduled update get the new times and stay unpublished.
        """
        return self.implementation.retime(self, times, by, note)

    def swap_picture(self, old: str, new: str, by: Author = None, note: str = "") -> Self:
        """Show another stored picture wherever the story shows an old one.

        The text of readers, the working copy and a scheduled update each get a new revision. The
        checklist is not applied: readers see the same text as before. `old` and `new` are the names
        of stored pictures.
        """
        return self.implementation.swap_picture(self, old, new, by, note)

    def discard_changes(self, by: Author = None) -> Self:
        """Discard the working copy, which stays in the history."""
        return self.implementation.discard_changes(self, by)

    def cancel_update(self, by: Author = None) -> Self:
        """Cancel the scheduled update. Its content stays the working copy."""
        return self.implementation.cancel_update(self, by)

    def go_live(self, revision: "Revision") -> None:
        """Publish a scheduled revision. A newer working copy stays unpublished."""
        self.implementation.go_live(self, revision)

    def revert(self, revision: "Revision", by: Author = None) -> Self:
        """Save the content of an old revision again, with the present times."""
        return self.implementation.revert(self, revision, by)

    def remove(self, by: Author = None) -> None:
        """Delete the story and what belongs to it; `Revision.restore` brings all of it back."""
        self.implementation.remove(self, by)
