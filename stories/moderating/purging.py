"""Purge a passage from everything that keeps it: stories, revisions, autosaves, profiles, the log.

This is for what must not be kept by law. It is the only place that changes a revision. The
search and the caches follow, as after every other change. Addresses, and the names of tags
and series, stay: they are changed at the desk.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from founders.models import CannedReason, Company, Decision, Founder, Venture
from stories.models import (
    Autosave,
    Comment,
    FounderMerge,
    ImportLine,
    ImportRun,
    Kind,
    Notification,
    Review,
    ReviewLink,
    Revision,
    ScheduledUpdate,
    Series,
    Source,
    StartHere,
    Story,
    StoryContent,
    Suggestion,
    Tag,
    TagChange,
    Takeaway,
    WebhookDelivery,
    Webmention,
)
from stories.models.listing import START_HERE
from stories.writing.saving import store
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record
from stories_project.library.models import StoredPicture
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import EVERYTHING
from stories_project.publication.models import PublicationRevision
from stories_project.text.words import tokens_in

# The texts of a story; its address stays.
TEXTS = tuple(n for n in StoryContent.names(Kind.TEXT, Kind.LINES) if n != "slug")
IN_STORY = tuple(name for name in TEXTS if name in StoryContent.columns())
PROFILE = (
    *("name", "native_name", "family_name", "headline", "company", "biography", "birthplace"),
    *("links", "portrait_alt", "portrait_credit"),
)
SUGGESTED = ("name", "message", "reason", "public_note", "content", "based_on")
COMMENT = ("guest_name", "text", "source", "quote", "prefix", "suffix")
LOG = ("who", "what", "target", "reason", "before", "after")
# The columns that keep texts, by the kind of row. A column of JSON has texts at any depth.
PLACES: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "revisions": (Revision, ("content", "note")),
    "autosaves": (Autosave, ("content",)),
    "reviews": (Review, ("comment",)),
    "review links": (ReviewLink, ("reader",)),
    "comments": (Comment, COMMENT),
    "notifications": (Notification, ("text",)),
    "profiles": (Founder, PROFILE),
    "ventures": (Venture, ("role",)),
    "companies": (Company, ("place",)),
    "decisions": (Decision, ("reason",)),
    "canned reasons": (CannedReason, ("text",)),
    "merges": (FounderMerge, ("before",)),
    "suggestions": (
        Suggestion,
        ("name", "message", "reason", "public_note", "content", "based_on"),
    ),
    "webmentions": (Webmention, ("title", "author", "excerpt")),
    "imports": (ImportRun, ("choices", "failure")),
    "lines of imports": (ImportLine, ("name", "detail", "losses")),
    "stories to start with": (StartHere, ("why",)),
    "tags": (Tag, ("description",)),
    "series": (Series, ("introduction",)),
    "changes of tags": (TagChange, ("before",)),
    "answers of webhooks": (WebhookDelivery, ("response_start",)),
    "revisions of the publication": (PublicationRevision, ("values",)),
    "pictures": (StoredPicture, ("title", "alt", "credit", "licence_note")),
    "entries of the admin": (LogEntry, ("object_repr", "change_message")),
    "entries of the audit log": (AuditEntry, LOG),
}
# Values of JSON that lead to something: without them a revision or a merge could not be restored.
ADDRESSES = {"slug", "cover", "portrait", "past_slugs", "canonical_url"}
# Names of tags stay, as in their rows.
STAYS: dict[type[Model], set[str]] = {TagChange: ADDRESSES | {"name", "aliases"}}
# Stands where a text may not be empty.
PURGED = "Purged."
SHORTEST = 4
ROWS_AT_ONCE = 200
MOST_ROUNDS = 3


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
        letters = unicodedata.normalize("NFC", self.passage)
        self._pattern = re.compile("".join(map(_spellings, letters)), re.IGNORECASE)
        if self._pattern.search(self.replacement):
            raise ValidationError("The replacement has the passage.")

    def count(self) -> dict[str, int]:
        """Return how many rows of each kind have the passage. Reads all of them."""
        return {kind: len(keys) for kind, keys in self._keys().items()}

    @transaction.atomic
    def run(self, reason: str) -> dict[str, int]:
        """Remove the passage, record that, and return how many rows of each kind had it.

        Raises ValidationError, and changes nothing, if a title or a name would be empty.
        """
        keys = found = self._keys()
        for _ in range(MOST_ROUNDS):
            self._clean_all(found)
            # What was saved while this was looking.
            found = self._keys()
            if not any(found.values()):
                break
        counts = {kind: len(rows) for kind, rows in keys.items()}
        what = f"purged a passage of {len(self.passage)} characters"
        record(AuditEntry.Kind.PURGE, what, by=COMMAND_LINE, after=counts, reason=reason)
        return counts

    def _clean_all(self, keys: dict[str, list[int]]) -> None:
        for key in keys["stories"]:
            self._clean_story(Story.objects.get(pk=key))
        revisions = Revision.objects.filter(pk__in=keys["revisions"])
        told = set(revisions.values_list("story", flat=True))
        for kind, (model, columns) in PLACES.items():
            rows = model._base_manager.select_for_update().filter(pk__in=keys[kind])
            for key in keys[kind]:
                self._clean(rows.get(pk=key), columns)
        for story in Story.objects.filter(pk__in=told):
            _append_purged(story)
            story.comments.forget_passages(story.body, story.newest_content.body)

    def _keys(self) -> dict[str, list[int]]:
        """Return the primary keys of the rows with the passage, by their kind."""
        stories = self._having(Story, IN_STORY)
        stories |= self._having_lines(Takeaway, lambda row: row.text)
        stories |= self._having_lines(Source, lambda row: row.line)
        found = {kind: self._having(*place) for kind, place in PLACES.items()}
        return {kind: sorted(keys) for kind, keys in {"stories": stories, **found}.items()}

    def _having(self, model: type[Model], columns: Iterable[str]) -> set[int]:
        rows = model._base_manager.order_by().values_list("pk", *columns)
        stays = STAYS.get(model, ADDRESSES)
        return {
            key
            for key, *values in rows.iterator(ROWS_AT_ONCE)
            if any(self._without(value, stays) != value for value in values)
        }

    def _having_lines(self, model: type[Model], line: Callable[[Any], str]) -> set[int]:
        """Return the stories whose lines have the passage; it may go over several of them."""
        rows = model._base_manager.order_by("story_id", "position").iterator(ROWS_AT_ONCE)
        return {
            key
            for key, lines in groupby(rows, key=attrgetter("story_id"))
            if self._pattern.search("\n".join(map(line, lines)))
        }

    def _clean(self, row: Any, columns: Iterable[str]) -> None:
        """Store a locked row without the passage."""
        if isinstance(row, AuditEntry):
            # An entry is never edited, so it goes.
            row.delete()
            return
        stays = STAYS.get(type(row), ADDRESSES)
        for name in columns:
            setattr(row, name, self._without(getattr(row, name), stays))
        if isinstance(row, Founder):
            _store_profile(row)
        elif isinstance(row, Suggestion):
            _store_suggestion(row, columns)
        else:
            _store_columns(row, columns)
        _record_change(row)

    def _clean_story(self, story: Story) -> None:
        story.lock()
        content = self._cleaned(story.content)
        if not content.title.strip():
            raise ValidationError(f"The title “{story}” would be empty: give a replacement.")
        try:
            with transaction.atomic():
                store(story, content)
        except IntegrityError as error:
            raise ValidationError(
                f"What would be left of “{story}” is not complete: give a replacement."
            ) from error

    def _cleaned(self, content: StoryContent) -> StoryContent:
        values = {name: self._without(getattr(content, name)) for name in TEXTS}
        for name in StoryContent.names(Kind.LINES):
            values[name] = "\n".join(line for line in values[name].splitlines() if line.strip())
        return content.with_values(values)

    def _without(self, value: Any, stays: Collection[str] = ()) -> Any:
        """Return a text, or a value of JSON with texts, without the passage.

        Values of JSON with a name in `stays` are left as they are.
        """
        if isinstance(value, str):
            return self._pattern.sub(lambda _: self.replacement, value)
        if isinstance(value, StoryContent):
            return self._cleaned(value)
        if isinstance(value, dict):
            return {n: v if n in stays else self._without(v, stays) for n, v in value.items()}
        return [self._without(item, stays) for item in value] if isinstance(value, list) else value


def _spellings(letter: str) -> str:
    """Return a pattern for a letter, with its accents in it or after it.

    A form posts its lines with \\r\\n.
    """
    if letter == "\n":
        return r"\r?\n"
    apart = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def _append_purged(story: Story) -> None:
    """Append the purged text as the newest revision: a form that was opened before is too old.

    What such a form sends is set aside, and nobody saves the passage again without seeing it.
    """
    story.lock()
    newest = story.working_revision or story.live_revision
    if newest is None:
        return
    purged = Revision.objects.create(
        story=story, content=newest.content, kind=Revision.Kind.SAVED, note=PURGED, based_on=newest
    )
    if story.working_revision:
        ScheduledUpdate.objects.filter(story=story, revision=newest).update(revision=purged)
        story.working_revision = purged
    else:
        story.live_revision = purged
    story.save(update_fields=["live_revision", "working_revision"])


def _record_change(row: Any) -> None:
    """Write to the change log that readers see another row, if its verbs do not do it."""
    if isinstance(row, Company | Series | Tag | Webmention):
        row.record_change()
    elif isinstance(row, Venture):
        row.company.record_change()
    elif isinstance(row, StartHere):
        change_log.record(START_HERE)
    elif isinstance(row, PublicationRevision):
        change_log.record(EVERYTHING)


def _store_profile(founder: Founder) -> None:
    """Raise ValidationError if what is left is not a profile."""
    try:
        founder.full_clean(validate_unique=False)
    except ValidationError as error:
        sentences = " ".join(error.messages)
        raise ValidationError(
            f"The profile /founders/{founder.slug}/ would not be right: {sentences}"
            " Give a replacement."
        ) from error
    founder.save()
    founder.note_pictures()
    founder.record_change()


def _leave_no_gap(row: Decision | Comment) -> None:
    """Fill what may not be empty in a row."""
    if isinstance(row, Decision):
        row.reason = row.reason or PURGED
        return
    names = ["quote", "source" if row.kind == Comment.Kind.CONFIRMED else "text"]
    for name in [*names, "guest_name"] if row.is_by_guest else names:
        setattr(row, name, getattr(row, name) or PURGED)
    # A replacement may be longer than what it replaces.
    for name in ("guest_name", "source", "prefix", "suffix"):
        longest = getattr(row._meta.get_field(name), "max_length", None)
        setattr(row, name, getattr(row, name)[:longest])


def _store_columns(row: Any, columns: Iterable[str]) -> None:
    if isinstance(row, Decision | Comment):
        _leave_no_gap(row)
    # Not with `save`, which revisions and decisions refuse.
    values = {name: getattr(row, name) for name in columns}
    if isinstance(row, StoredPicture):
        values["tokens"] = tokens_in(row.words)
    if isinstance(row, Series):
        values["version"] = row.version + 1  # a form that was opened before is too old
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def _store_suggestion(suggestion: Suggestion, columns: Iterable[str]) -> None:
    suggestion.name = suggestion.name.strip() or PURGED
    if suggestion.status == Suggestion.Status.REJECTED:
        suggestion.reason = suggestion.reason.strip() or PURGED
    suggestion.save(update_fields=[*columns, "folded_name"])
    suggestion.record_change()
