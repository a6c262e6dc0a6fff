"""One story of an export becomes the row that it was, with its history and its old addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stories.models import RelatedChoice, Revision, Story, StoryContent, StoryPastSlug
from stories.models.listing import SCHEDULE
from stories.moving.corrections import store_corrections
from stories.moving.importer import UNPUBLISHED_CHANGES
from stories.moving.revision_lines import store_lines, store_update
from stories.moving.site_files import read_lines
from stories.moving.site_pictures import name_in
from stories.moving.site_rows import (
    free_key,
    store_old_addresses,
    store_past_slugs,
    store_times,
    text_of,
    texts_of,
)
from stories.moving.story_files import form_values
from stories.writing.forms import StoryForm, Verb
from stories.writing.saving import store
from stories_project.page_cache import change_log
from stories_project.text.front_matter import BadFile, Document

RELATED = {"pinned": RelatedChoice.Choice.PIN, "banned": RelatedChoice.Choice.BAN}


@dataclass(frozen=True)
class Rest:
    """What is left to do for a story once all stories are there."""

    pk: int
    related: Mapping[str, Sequence[str]]
    revisions: Path


class StoredStory:
    """A story of an export, and the row that it becomes. `founders` are primary keys."""

    def __init__(
        self, document: Document, founders: list[int], revisions: Path, *, has_pictures: bool
    ) -> None:
        self.document = document
        self.founders = founders
        self.revisions = revisions
        self.has_pictures = has_pictures
        slug = text_of(document.values, "slug")
        found = Story.objects.filter(slug=slug).first()
        self.is_new = found is None
        self.story = found or Story(pk=free_key(Story, document.values), slug=slug)

    @cached_property
    def before(self) -> StoryContent:
        """The content as it is stored; empty for a new story."""
        return self.story.content

    def form(self) -> StoryForm:
        """Return the form with the values of the file; what the file leaves out is empty."""
        values = form_values(self.document)
        values["cover"] = name_in(self.document.values.get("cover")) if self.has_pictures else ""
        values["founders"] = self.founders
        values |= {field: getattr(self.before, field) for field in RELATED}
        data = StoryContent().to_form_data() | values
        return StoryForm(data, instance=self.story, stored=self.before, verb=Verb.RETIME)

    def store(self, content: StoryContent, note: str) -> bool:
        """Store an accepted content and what belongs to the story; return whether it changed.

        Raises BadFile for a story that an editor is working on.
        """
        is_changed = self.is_new or content != self.before
        if self.is_new and self.revisions.exists():
            store(self.story, content)
        elif is_changed:
            if self.story.has_unpublished_changes:
                raise BadFile(str(UNPUBLISHED_CHANGES))
            self.story.replace_content(content, kind=Revision.Kind.IMPORTED, note=note)
        values = self.document.values
        is_completed = store_past_slugs(self.story, texts_of(values, "past_slugs"))
        is_completed |= store_old_addresses(self.story, texts_of(values, "old_addresses"))
        is_completed |= store_corrections(self.story, values.get("corrections") or [])
        if is_changed:
            self._store_times()
        return is_changed or is_completed

    @property
    def rest(self) -> Rest | None:
        """What is left to do, or None."""
        related = {field: texts_of(self.document.values, field) for field in RELATED}
        if not any(related.values()) and not self.revisions.exists():
            return None
        return Rest(self.story.pk, related, self.revisions)

    def _store_times(self) -> None:
        values = self.document.values
        times = ("created_at", "updated_at", "modified_at", "review_status_changed_at")
        store_times(self.story, values, times)
        if self.is_new and (status := text_of(values, "review_status")):
            Story.objects.filter(pk=self.story.pk).update(review_status=Story.ReviewStatus(status))


def finish(rest: Rest, _path: Path) -> None:
    """Store the related stories and the history of a story."""
    story = Story.objects.get(pk=rest.pk)
    _relate(story, rest.related)
    if rest.revisions.exists() and not story.revisions.exists():
        _store_history(story, read_lines(rest.revisions))


def _relate(story: Story, related: Mapping[str, Sequence[str]]) -> None:
    """Store an editor's choice of related stories; those that are not here are left out."""
    slugs = {slug for named in related.values() for slug in named}
    keys = dict(Story.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    chosen = [
        (keys[slug], str(RELATED[field]))
        for field, named in related.items()
        for slug in named
        if keys.get(slug, story.pk) != story.pk
    ]
    if chosen == list(story.related_choices.values_list("other", "choice")):
        return
    story.related_choices.all().delete()
    story.related_choices.bulk_create(
        RelatedChoice(story=story, other_id=other, choice=choice, position=position)
        for position, (other, choice) in enumerate(chosen)
    )
    change_log.record(story.surrogate_key)


def _store_history(story: Story, lines: Sequence[Mapping[str, Any]]) -> None:
    for line, revision in zip(lines, store_lines(story.pk, lines), strict=True):
        if line.get("is_live"):
            story.live_revision = revision
        if line.get("is_working_copy"):
            story.working_revision = revision
        if update := line.get("update"):
            store_update(story, revision, update)
            change_log.record(SCHEDULE)
    Story.objects.filter(pk=story.pk).update(
        live_revision=story.live_revision, working_revision=story.working_revision
    )


def store_deleted(line: Mapping[str, Any]) -> int:
    """Store what is left of a deleted story, and return its primary key.

    Its old addresses answer 410 again, and whoever may restore it finds its history. A story that
    has this key here is another one: then nothing is stored.
    """
    key = int(line["id"])
    if Story.objects.filter(pk=key).exists():
        return 0
    for slug in line.get("past_slugs", ()):
        is_known = StoryPastSlug.objects.filter(slug=slug).exists()
        if not is_known and not Story.objects.filter(slug=slug).exists():
            StoryPastSlug.objects.create(story_id=key, slug=slug)
    if line.get("revisions") and not Revision.objects.filter(story=key).exists():
        store_lines(key, line["revisions"])
    return key
