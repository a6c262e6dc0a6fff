"""Imports stories from Markdown files with YAML front matter. `StoryForm` validates each story.

If a file leaves out a key, the stored value stays. An empty value clears it.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from founders.models import Founder
from stories.models import Revision, Story
from stories.moving.preparing import prepare
from stories.moving.story_files import FIELDS, KEYS, cover_upload, form_values
from stories.moving.workers import Workers
from stories.writing.forms import StoryForm, Verb
from stories_project.library.image_field import upload_name
from stories_project.pictures.uploads import stored_name
from stories_project.text import front_matter
from stories_project.text.folding import slug_for
from stories_project.text.front_matter import BadFile, Document

UNPUBLISHED_CHANGES = gettext_lazy(
    "The story has unpublished changes: publish or discard them at the desk first."
)


class Result(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """The result for one file. `detail` is the story's address, or why the import failed."""

    path: str
    result: Result
    detail: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{self.result:<9}  {place}  {self.detail}"


class Importer:
    """Imports the Markdown files below a directory, each in its own transaction."""

    def __init__(
        self, directory: Path, *, approve_founders: bool = False, dry_run: bool = False
    ) -> None:
        self.directory = directory.resolve()
        self.approve_founders = approve_founders
        self.dry_run = dry_run
        self.files_by_slug: dict[str, str] = {}

    def files(self) -> list[Path]:
        """Return the paths of the Markdown files sorted by name, without hidden ones."""
        return [
            path
            for path in sorted(self.directory.rglob("*.md"))
            if not any(part.startswith(".") for part in path.relative_to(self.directory).parts)
        ]

    def import_files(self, paths: Sequence[Path], jobs: int = 1) -> Generator[Outcome, None, None]:
        """Import files in their order and yield an Outcome for each.

        With more than one job, as many processes prepare the next files: they parse, render and
        encode pictures. Only this process writes to the database, so that the result is the same.
        Raises WorkerDied if one of the processes ends.
        """
        if jobs == 1:
            yield from map(self.import_file, paths)
            return
        work = partial(prepare, directory=self.directory, stores_covers=not self.dry_run)
        with Workers(jobs) as workers:
            for path, prepared in workers.in_order(work, paths):
                yield self.import_file(path, prepared.hand_over() if prepared else None)

    def import_file(self, path: Path, document: Document | None = None, **changes: Any) -> Outcome:
        """Import one file and return its Outcome; a bad file changes no story.

        `document` is the file, if it is read already. `changes` are values of `StoryForm` that
        replace those of the file.
        """
        name = str(path.relative_to(self.directory))
        try:
            document = document or front_matter.read(path)
            with transaction.atomic():
                outcome = self._import(path, name, document, changes)
                transaction.set_rollback(self.dry_run)
                return outcome
        except BadFile as error:
            return Outcome(name, Result.FAILED, error.reason, error.line)
        except (DatabaseError, UnicodeError) as error:
            return Outcome(
                name, Result.FAILED, _("The database refused it: %(error)s") % {"error": error}
            )

    def _import(
        self, path: Path, name: str, document: Document, changes: dict[str, Any]
    ) -> Outcome:
        values = form_values(document)
        slug = values["slug"] = values.get("slug") or slug_for(path.stem)
        self._refuse_duplicate_slug(slug, name, document)
        if "founders" in values:
            values["founders"] = self._founders(values["founders"], document)
        story = Story.objects.filter(slug=slug).first() or Story(slug=slug)
        if story.has_unpublished_changes:
            raise BadFile(str(UNPUBLISHED_CHANGES))
        before = story.content
        files = cover_upload(path, self.directory, document)
        has_new_cover = self.dry_run and self._check_cover(files, values, document)
        data = before.to_form_data() | values | changes
        form = StoryForm(data, files, instance=story, stored=before, verb=Verb.REPLACE)
        if not form.is_valid():
            return self._refusal(form, name, document)
        if story.pk and form.content == before and not has_new_cover:
            return Outcome(name, Result.UNCHANGED, story.get_absolute_url())
        result = Result.UPDATED if story.pk else Result.CREATED
        note = (_("From %(file)s") % {"file": path.name})[:300]
        story.replace_content(form.content, kind=Revision.Kind.IMPORTED, note=note)
        ignored = ", ".join(sorted(document.values.keys() - KEYS))
        address = story.get_absolute_url()
        if ignored:
            values = {"address": address, "keys": ignored}
            address = _("%(address)s (ignored: %(keys)s)") % values
        return Outcome(name, result, address)

    def _refuse_duplicate_slug(self, slug: str, name: str, document: Document) -> None:
        first = self.files_by_slug.setdefault(slug, name)
        if first != name:
            sentence = _("%(file)s has the slug %(slug)s already.")
            raise BadFile(sentence % {"file": first, "slug": slug}, document.line_of("slug"))

    def _founders(self, names: list[str], document: Document) -> list[int]:
        """Return the primary keys of the founders with these names or slugs, new ones included."""
        try:
            founders = [
                found[0] if len(found) == 1 else Founder.objects.find_or_introduce(name)
                for name, found in Founder.objects.called(names).items()
            ]
        except ValidationError as error:
            raise BadFile(" ".join(error.messages), document.line_of("founders")) from error
        for founder in founders:
            if self.approve_founders and founder.status == Founder.Status.PENDING:
                founder.approve()
        return [founder.pk for founder in founders]

    def _check_cover(
        self, files: dict[str, UploadedFile], values: dict[str, Any], document: Document
    ) -> bool:
        """Check a cover without storing it, for a dry run; return whether it is a new one."""
        upload = files.pop(upload_name("cover"), None)
        if upload is None:
            return False
        try:
            stored = stored_name(upload, "covers")
        except ValidationError as error:
            raise BadFile(f"cover: {error.message}", document.line_of("cover")) from error
        is_new = not default_storage.exists(stored)
        values["cover"] = "" if is_new else stored
        return is_new

    def _refusal(self, form: StoryForm, name: str, document: Document) -> Outcome:
        """Raise BadFile, or return an Outcome if only the approval of a founder is missing.

        Returning commits the transaction, so that moderators find the new founders in their queue.
        """
        keys = {field: key for key, field in FIELDS.items()}
        reasons = {
            keys.get(field, field): " ".join(map(str, form.errors[field])) for field in form.errors
        }
        reason = " ".join(f"{key}: {sentence}" for key, sentence in reasons.items())
        line = document.line_of(next(iter(reasons)))
        if set(reasons) != {"founders"}:
            raise BadFile(reason, line)
        sentence = _("%(reason)s Or import with %(option)s.")
        values = {"reason": reason, "option": "--approve-founders"}
        return Outcome(name, Result.FAILED, sentence % values, line)
