"""What can be done with a story. The work is done in `stories.writing.verbs`."""

from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypedDict, Unpack

from django.contrib.auth.models import User
from django.db import models

from stories.models.story_content import StoryContent

if TYPE_CHECKING:
    from stories.models.revision import Revision

# Who does it; None for the publication itself (import, demo, schedule).
Author = User | None


class Times(TypedDict, total=False):
    """When readers see a story."""

    publish_at: datetime | None
    unpublish_at: datetime | None


class EditOptions(TypedDict, total=False):
    """What the history says about an edit.

    `based_on` is the primary key of the revision that was newest when the author began to write, or
    `stories.writing.saving.NEWEST`. Where another revision is newer by now, the content is set
    aside and Overtaken is raised.
    """

    by: Author
    kind: str
    note: str
    based_on: Any
    settles: "Revision | None"


class StoryVerbs(models.Model):
    """The verbs of a story. Each is one transaction under the story's lock and keeps a revision.

    `content` is what `StoryForm` has accepted. A verb that is given none takes the newest content,
    and raises ValidationError with the sentences of the form where that cannot be done.
    """

    # `stories.writing.verbs`, set by `stories.apps`: it needs the form, which needs the models.
    implementation: ClassVar[ModuleType]

    class Meta:
        abstract = True

    def save_content(self, content: StoryContent, **edit: Unpack[EditOptions]) -> Self:
        """Save: as working copy where readers see the story, in its row otherwise."""
        return self.implementation.save_content(self, content, **edit)

    def replace_content(self, content: StoryContent, **edit: Unpack[EditOptions]) -> Self:
        """Store a content in the row: readers of a public story see it at once."""
        return self.implementation.replace_content(self, content, **edit)

    def publish(self, content: StoryContent | None = None, **edit: Unpack[EditOptions]) -> Self:
        """Show a content to readers now. A withdrawal to come stays planned."""
        return self.implementation.publish(self, content, **edit)

    def schedule(
        self, at: datetime, content: StoryContent | None = None, **edit: Unpack[EditOptions]
    ) -> Self:
        """Publish at a time. Of a public story, a content is an update of what readers see."""
        return self.implementation.schedule(self, at, content, **edit)

    def withdraw(self, by: Author = None, note: str = "") -> Self:
        """Withdraw a public story now. A working copy stays; a scheduled update is cancelled."""
        return self.implementation.withdraw(self, by, note)

    def retime(self, times: Times, by: Author = None, note: str = "") -> Self:
        """Change when readers see the story, and nothing else of what they see.

        The working copy and a scheduled update take the new times and wait on.
        """
        return self.implementation.retime(self, times, by, note)

    def discard_changes(self, by: Author = None) -> Self:
        """Go back to what readers see. The working copy stays in the history."""
        return self.implementation.discard_changes(self, by)

    def cancel_update(self, by: Author = None) -> Self:
        """Cancel a scheduled update. Its content stays the working copy."""
        return self.implementation.cancel_update(self, by)

    def go_live(self, revision: "Revision") -> None:
        """Show a revision whose time has come. What was written since stays the working copy."""
        self.implementation.go_live(self, revision)

    def revert(self, revision: "Revision", by: Author = None) -> Self:
        """Save the content of an old revision again; the times stay as they are."""
        return self.implementation.revert(self, revision, by)

    def remove(self, by: Author = None) -> None:
        """Delete the story; `Revision.restore` brings it back with all that belongs to it."""
        self.implementation.remove(self, by)
