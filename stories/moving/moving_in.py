"""Moves the stories of another site in: each in its own transaction, and once.

Every import may be repeated. What was read before and is the same changes nothing; a story on which
somebody has worked here since stays as it is.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from stories.models import ImportLine, ImportRun, MovedStory, Revision, Story
from stories.moving.foreign_story import Entry, ForeignStory, LeftOut, Losses, Source
from stories.moving.ghost_bodies import NotReadable
from stories.moving.moved_content import Choices, Contents, Refused
from stories.moving.old_paths import keep_old_paths
from stories.moving.plan import Plan
from stories_project.text.front_matter import BadFile

Result = ImportLine.Result
# Raise it when the same entry becomes another story.
CONVERSION_VERSION = 2
# What is worth a look of the editor, beside losses.
ODD = {Result.FAILED, Result.KEPT}


class MovingIn:
    """Moves the entries of a source into this site, by their Plan and by an editor's Choices.

    With a `run`, a line for each entry is stored in the same transaction. With `dry_run`, nothing
    is stored.
    """

    def __init__(
        self,
        source: Source,
        plan: Plan,
        choices: Choices,
        run: ImportRun | None = None,
        dry_run: bool = False,
    ) -> None:
        self.source, self.plan, self.choices = source, plan, choices
        self.run, self.dry_run = run, dry_run
        self.contents = Contents(source, plan, choices, dry_run)

    def lines(self) -> Iterator[ImportLine]:
        """Move one entry after the other and yield the line about each.

        Entries that have a line of the run already are passed over. Raises BadFile for a broken
        file.
        """
        seen: set[str] = set()
        if self.run:
            seen.update(self.run.lines.order_by().values_list("foreign_id", flat=True))
        for entry in self.source.entries():
            key = entry.foreign_id[:300]
            if key not in seen:
                seen.add(key)
                yield self.line(entry)

    def line(self, entry: Entry) -> ImportLine:
        """Move one entry and return the line about it."""
        if isinstance(entry, LeftOut):
            result = Result.FAILED if entry.is_bad else Result.LEFT_OUT
            return self._finish(self._line(entry, result, entry.reason))
        losses = Losses(entry.losses)
        try:
            with transaction.atomic():
                line = self._move(entry, losses)
                if not self.dry_run:
                    self._finish(line)
                transaction.set_rollback(self.dry_run)
            return self._finish(line) if self.dry_run else line
        except Refused as refused:
            reason, result = refused.reason, refused.result
        except (BadFile, NotReadable) as error:
            reason, result = str(error), Result.FAILED
        except RecursionError:
            reason, result = _("Its text is nested too deeply."), Result.FAILED
        except (DatabaseError, UnicodeError, ValueError) as error:
            reason = _("It cannot be stored: %(error)s") % {"error": error}
            result = Result.FAILED
        return self._finish(self._line(entry, result, reason, losses))

    def _line(
        self,
        entry: Entry,
        result: ImportLine.Result,
        detail: str,
        losses: Losses | tuple[()] = (),
        story: Story | None = None,
    ) -> ImportLine:
        sentences = [sentence.replace("\x00", "") for sentence in losses]
        return ImportLine(
            foreign_id=entry.foreign_id[:300].replace("\x00", ""),
            name=entry.name[:300].replace("\x00", ""),
            result=result,
            detail=detail.replace("\x00", ""),
            losses=sentences,
            needs_a_look=bool(sentences) or result in ODD,
            story=story,
        )

    def _finish(self, line: ImportLine) -> ImportLine:
        if self.run:
            line.run = self.run
            line.save()
        return line

    def _move(self, foreign: ForeignStory, losses: Losses) -> ImportLine:
        known = MovedStory.objects.filter(source=self.source.key, foreign_id=foreign.foreign_id)
        moved = known.first()
        story = self._story(moved)
        digest = self._digest(foreign)
        if moved and moved.digest == digest and not self.choices.overwrites:
            return self._line(foreign, Result.UNCHANGED, story.get_absolute_url(), story=story)
        content = self.contents.of(foreign, story, losses)
        result = Result.UPDATED if story.pk else Result.CREATED
        note = _("From %(kind)s: %(name)s") % {"kind": self.source.kind, "name": foreign.name}
        if self.dry_run:
            story.slug = content.slug
        else:
            story.replace_content(content, kind=Revision.Kind.IMPORTED, note=note[:300])
            values = {"digest": digest, "story": story, "revision": story.live_revision}
            MovedStory.objects.update_or_create(
                source=self.source.key, foreign_id=foreign.foreign_id, defaults=values
            )
            keep_old_paths(story, self.plan.paths_of(foreign), losses)
        detail = story.get_absolute_url()
        if not content.publish_at:
            detail = _("%(address)s (draft)") % {"address": detail}
        return self._line(foreign, result, detail, losses, None if self.dry_run else story)

    def _story(self, moved: MovedStory | None) -> Story:
        """Return the story of an earlier import, or a new one. Raises Refused if it must stay."""
        if moved is None:
            return Story()
        story = Story.objects.filter(pk=moved.story_id).first()
        if story is None:
            if self.choices.overwrites:
                return Story()
            raise Refused(_("It was imported before, and deleted here since."), Result.KEPT)
        if story.newest_revision_id != moved.revision_id and not self.choices.overwrites:
            raise Refused(_("Somebody has worked on it here since the last import."), Result.KEPT)
        return story

    def _digest(self, foreign: ForeignStory) -> str:
        slug = self.plan.slugs[foreign.foreign_id]
        choices = replace(self.choices, overwrites=False)
        # Not the sentences for editors, which are in the language of whoever began the import.
        secret = "secret" if foreign.is_secret else ""
        read = replace(foreign, name="", is_secret=secret, losses=())
        parts = repr((CONVERSION_VERSION, read, choices, slug))
        return hashlib.sha256(parts.encode(errors="surrogatepass")).hexdigest()
