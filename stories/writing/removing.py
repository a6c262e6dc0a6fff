"""Remove a story for good: also what lets an editor bring it back."""

from stories.models import Review, Revision, Story, StoryPastSlug
from stories.writing.pictures_of_story import forget_pictures_of


def remove_for_good(story: Story) -> None:
    """Remove a story as an editor does, so that caches notice; and then all traces of it.

    For stories that were never the publication's own: those of the demo, and of a measurement.
    """
    key = story.pk
    story.remove()
    StoryPastSlug.objects.filter(story=key).delete()
    Review.objects.filter(story=key).delete()
    revisions = Revision.objects.filter(story=key)
    revisions.update(based_on=None, settles=None)
    revisions.delete()
    forget_pictures_of(key)
