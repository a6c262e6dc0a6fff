from django.db import models

from stories.models.timed_row import TimedRow
from stories.query import StorySearchQuerySet


class StorySearch(TimedRow):
    """A story as a search sees it: tokens of `stories_project.words`, made by `search.indexing`.

    People and tags stand in `keys` as "p12" and "t3": their names, and who is approved, are looked
    up when somebody searches, so that a change of either is known at once. In `summary` are excerpt
    and takeaways.
    """

    story = models.OneToOneField(
        "stories.Story", on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    title = models.TextField()
    keys = models.TextField()
    summary = models.TextField()
    body = models.TextField()

    objects = StorySearchQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-publish_at", "-story", "unpublish_at"], name="story_search_newest"
            )
        ]


class SearchWord(models.Model):
    """A word that some story has or had, as it is spelt there: what a misspelt one may have meant.

    Whatever is suggested is looked for first among what is public.
    """

    word = models.CharField(max_length=40, unique=True)
