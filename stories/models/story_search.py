from collections.abc import Mapping, Sequence
from typing import Self

from django.db import models

from stories.models.visibility import TimedQuerySet, TimedRow
from stories_project.text import full_text
from stories_project.text.full_text import Term


class StorySearchQuerySet(TimedQuerySet):
    # {column: its weight in the search vector on PostgreSQL}.
    TITLE = {"title": "A"}
    HEAD = {"title": "A", "keys": "B", "summary": "C"}

    def with_all(self, terms: Sequence[Term], columns: Mapping[str, str] | None = None) -> Self:
        """Return the rows that have all of the `full_text` Terms, anywhere or in these columns."""
        vector = "head" if columns else "whole"
        return self.filter(full_text.Matches(terms, vector, columns))

    def newest_first(self) -> Self:
        """Sort by time of publication of the story, the newest first."""
        return self.order_by("-publish_at", "-story_id")


class StorySearch(TimedRow):
    """The search index of one story: tokens of its texts, written by `stories.search.indexing`.

    `keys` has founders and tags as "p12" and "t3". Their names and statuses are looked up during
    the search, so that changes take effect at once. `summary` has the excerpt and the takeaways.
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
    """A word that some story has or had: a candidate when the spelling of a search is corrected.

    A correction is only suggested after it has found a public story.
    """

    word = models.CharField(max_length=40, unique=True)
