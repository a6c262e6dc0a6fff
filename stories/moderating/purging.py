"""Purge a passage from everything that keeps it: stories, old revisions, autosaves, profiles.

This is for what must not be kept by law. It is the only place that changes a revision. The
search and the caches follow, as after every other change.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from founders.models import Founder
from stories.models import Autosave, Kind, Review, Revision, Story, StoryContent, Suggestion
from stories.writing.saving import store
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record

# The texts of a story; its address stays.
TEXTS = tuple(n for n in StoryContent.names(Kind.TEXT, Kind.LINES) if n != "slug")
LINES = StoryContent.names(Kind.LINES)
SHORTEST = 4
ROWS_AT_ONCE = 200


@dataclass
class Purge:
    """A passage as an editor typed it, in capitals or not, and what is to stand in its place."""

    passage: str
    replacement: str = ""

    def __post_init__(self) -> None:
        """Raise ValidationError for a passage that would be found everywhere."""
        self.passage = self.passage.replace("\r\n", "\n").strip()
        if len(self.passage) < SHORTEST:
            raise ValidationError(f"A passage needs {SHORTEST} characters or more.")
        self._pattern = re.compile(re.escape(self.passage), re.IGNORECASE)

    def count(self) -> dict[str, int]:
        """Return how many rows of each kind have the passage. Reads every revision."""
        return {name: rows.count() for name, rows in self._rows().items()}

    @transaction.atomic
    def run(self, reason: str) -> dict[str, int]:
        """Remove the passage, record that, and return how many rows of each kind had it.

        Raises ValidationError, and changes nothing, if a title would be empty.
        """
        counts, rows = self.count(), self._rows()
        for story in list(rows["stories"]):
            self._clean_story(story)
        for revision in rows["revisions"].iterator(ROWS_AT_ONCE):
            same = Revision.objects.filter(pk=revision.pk)
            same.update(content=self._cleaned(revision.content), note=self._without(revision.note))
        for autosave in rows["autosaves"]:
            content = self._without_in(autosave.content)
            Autosave.objects.filter(pk=autosave.pk).update(content=content)
        for review in rows["reviews"]:
            Review.objects.filter(pk=review.pk).update(comment=self._without(review.comment))
        for founder in rows["profiles"]:
            founder.biography = self._without(founder.biography)
            founder.save()
            founder.record_change()
        for suggestion in rows["suggestions"]:
            for name in ("message", "content", "based_on"):
                setattr(suggestion, name, self._without_in(getattr(suggestion, name)))
            suggestion.save()
        # An entry is never edited, so it goes.
        rows["entries of the audit log"].delete()
        what = f"purged a passage of {len(self.passage)} characters"
        record(AuditEntry.Kind.PURGE, what, by=COMMAND_LINE, after=counts, reason=reason)
        return counts

    def _rows(self) -> dict[str, Any]:
        """Return the rows with the passage, by their kind."""
        of_revision = _any_of("content__{}__icontains", TEXTS, self.passage)
        as_posted = self.passage.replace("\n", "\r\n")
        of_autosave = of_revision | _any_of("content__{}__icontains", TEXTS, as_posted)
        of_story = _any_of("{}__icontains", [n for n in TEXTS if n not in LINES], self.passage)
        of_story |= Q(takeaways__text__icontains=self.passage)
        of_story |= _any_of("sources__{}__icontains", ("title", "url"), self.passage)
        of_log = Q(reason__icontains=self.passage)
        for side in ("before", "after"):
            of_log |= Q(**{f"{side}__biography__icontains": self.passage})
        kept = _any_of("{}__biography__icontains", ("content", "based_on"), self.passage)
        return {
            "stories": Story.objects.filter(pk__in=Story.objects.filter(of_story).values("pk")),
            "revisions": Revision.objects.filter(of_revision | Q(note__icontains=self.passage)),
            "autosaves": Autosave.objects.filter(of_autosave),
            "reviews": Review.objects.filter(comment__icontains=self.passage),
            "profiles": Founder.objects.filter(biography__icontains=self.passage),
            "suggestions": Suggestion.objects.filter(Q(message__icontains=self.passage) | kept),
            "entries of the audit log": AuditEntry.objects.filter(of_log),
        }

    def _clean_story(self, story: Story) -> None:
        story.lock()
        content = self._cleaned(story.content)
        if not content.title.strip():
            raise ValidationError(f"The title “{story}” would be empty: give a replacement.")
        store(story, content)

    def _cleaned(self, content: StoryContent) -> StoryContent:
        return content.with_values({name: self._without(getattr(content, name)) for name in TEXTS})

    def _without(self, text: str) -> str:
        return self._pattern.sub(lambda _: self.replacement, text)

    def _without_in(self, value: Any) -> Any:
        """Return a value of JSON without the passage in any of its texts."""
        if isinstance(value, str):
            return self._without(value.replace("\r\n", "\n"))
        if isinstance(value, dict):
            return {name: self._without_in(item) for name, item in value.items()}
        return [self._without_in(item) for item in value] if isinstance(value, list) else value


def _any_of(lookup: str, names: Any, passage: str) -> Q:
    """Return the condition that one of the columns has the passage."""
    condition = Q(pk=None)
    for name in names:
        condition |= Q((lookup.format(name), passage))
    return condition
