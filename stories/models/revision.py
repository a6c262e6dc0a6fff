from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from stories.models.story_content import StoryContentField
from stories.models.story_verbs import Author, StoryVerbs
from stories_project.append_only import AppendOnly

if TYPE_CHECKING:
    from stories.models.story import Story


class RevisionQuerySet(models.QuerySet):
    def newest_first(self) -> Self:
        """Sort by time, the newest first."""
        return self.order_by("-pk")

    def unsettled(self) -> Self:
        """Return the texts set aside in a conflict that nobody has merged yet."""
        settled = Revision.objects.filter(settles=OuterRef("pk"))
        return self.filter(~Exists(settled), kind=Revision.Kind.SET_ASIDE)

    def of_deleted_stories(self) -> Self:
        """Return the last revision of each story that is deleted and was not restored."""
        from stories.models.story import Story

        newer = Revision.objects.filter(
            story=OuterRef("story"), kind=Revision.Kind.DELETED, pk__gt=OuterRef("pk")
        )
        stored = Story.objects.filter(pk=OuterRef("story"))
        return self.filter(~Exists(newer), ~Exists(stored), kind=Revision.Kind.DELETED)


class Revision(AppendOnly):
    """The content of a story as somebody saved it: what, who, when and how.

    Append-only. It outlives its story, so that a deleted story can be brought back: the database
    keeps no foreign key to it, and deleting the story leaves this row as it is.
    """

    refusal = "A revision is never edited: save another one."

    class Kind(models.TextChoices):
        SAVED = "saved", _("Saved")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        IMPORTED = "imported", _("Imported")
        REVERTED = "reverted", _("Reverted")
        DISCARDED = "discarded", _("Changes discarded")
        SET_ASIDE = "set-aside", _("Set aside")
        MERGED = "merged", _("Merged")
        DELETED = "deleted", _("Deleted")
        RESTORED = "restored", _("Restored")

    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="revisions",
    )
    content = StoryContentField()
    kind = models.CharField(max_length=20, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The text that was set aside in a conflict, and that this revision has settled.
    settles = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="settled_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        get_latest_by = "pk"
        indexes = [
            models.Index(fields=["story", "-id"], name="revision_newest"),
            models.Index(fields=["story", "kind"], name="revision_of_story"),
            models.Index(fields=["author", "kind", "-id"], name="revision_of_author"),
            models.Index(fields=["kind", "-id"], name="revision_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    def restore(self, by: Author = None) -> "Story":
        """Bring the deleted story back, whose last revision this is, and return it.

        A story that was public comes back withdrawn: an editor decides whether readers see it.
        """
        return StoryVerbs.implementation.restore(self, by)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise TypeError: what was saved once stays."""
        raise TypeError("A revision is never deleted.")
