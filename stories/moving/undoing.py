"""Takes an import back: its new stories go, and those that it changed are as they were before.

A story on which somebody has worked here since stays, and the report says so.
"""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from stories.models import Author, ImportLine, ImportRun, MovedStory, OldAddress, Story
from stories.writing.removing import remove_for_good

Result = ImportLine.Result
AT_ONCE = 200


def undo(run: ImportRun, by: Author = None) -> Iterator[ImportLine]:
    """Undo the lines of a run, the last first, each in a transaction; yield each when it is done.

    Founders that the import has introduced stay in the moderators' queue. What was undone before
    an interruption is passed over.
    """
    rows = run.lines.filter(is_undone=False, result__in=[Result.CREATED, Result.UPDATED])
    while lines := list(rows.order_by("-pk")[:AT_ONCE]):
        for line in lines:
            with transaction.atomic():
                _undo(line, by)
                line.is_undone = True
                line.save(update_fields=["is_undone", "detail", "result", "needs_a_look"])
            yield line


def _undo(line: ImportLine, by: Author) -> None:
    story = Story.objects.filter(pk=line.story_id or 0).first()
    moved = MovedStory.objects.filter(story=line.story_id).first()
    if story is None:
        line.detail = _("It was deleted here before.")
    elif moved is None or story.newest_revision_id != moved.revision_id:
        sentence = _("%(address)s stays: somebody has worked on it since.")
        line.detail = sentence % {"address": story.get_absolute_url()}
        line.needs_a_look, line.result = True, Result.KEPT
        return
    elif line.result == Result.CREATED:
        OldAddress.objects.filter(story=story).delete()
        remove_for_good(story)
        line.detail = _("Removed again.")
    else:
        _restore(story, moved, by)
        sentence = _("%(address)s is as it was before.")
        line.detail = sentence % {"address": story.get_absolute_url()}
        return
    if moved:
        moved.delete()


def _restore(story: Story, moved: MovedStory, by: Author) -> None:
    """Give a story the content that it had before the import."""
    imported = story.live_revision
    if imported is None or imported.based_on is None:
        return
    content = imported.based_on.content
    story.lock()
    story.replace_content(content, by=by, kind="reverted", note=_("The import is undone"))
    # Another import finds a story that differs, and on which nobody else has worked.
    moved.digest, moved.revision_id = "", story.live_revision_id or 0
    moved.save(update_fields=["digest", "revision"])
