from collections.abc import Mapping, Sequence
from typing import Self

from django.db import models

from stories.models.visibility import TimedQuerySet, TimedRow
from stories_project.text import full_text
from stories_project.text.full_text import Term


class StorySearchQuerySet(TimedQuerySet):
    # Columns of the index, with their labels on PostgreSQL.
    TITLE = {"title": "A"}
    HEAD = {"title": "A", "keys": "B", "summary": "C"}

    def with_all(self, terms: Sequence[Term], columns: Mapping[str, str] | None = None) -> Self:
        """Return the rows that have every one of the `full_text` Terms, anywhere or in columns."""
        vector = "head" if columns else "whole"
        return self.filter(full_text.Matches(terms, vector, columns))

    def newest_first(self) -> Self:
        """Sort by publication of the story, the newest first."""
        return self.order_by("-publish_at", "-story_id")


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
