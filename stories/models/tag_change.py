from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories_project.text.folding import FoldedField


class TagAlias(models.Model):
    """A former name of the tag, or of a tag that was merged into it."""

    name = models.CharField(max_length=100)
    folded_name = FoldedField(source="name")
    tag = models.ForeignKey("stories.Tag", on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folded_name"], name="tag_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TagChangeQuerySet(models.QuerySet["TagChange"]):
    def merged_into(self, tags: Iterable[int]) -> models.QuerySet[Any, tuple[int, int]]:
        """Return (primary key of the removed tag, primary key of the kept tag) for merges."""
        merged = self.filter(kind=TagChange.Kind.MERGED, undone_at=None, tag__in=tags)
        return merged.values_list("before__id", "tag_id")


class TagChange(models.Model):
    """One rename or merge, with what is needed to undo it."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("Renamed")
        MERGED = "merged", _("Merged")

    kind = models.CharField(max_length=10, choices=Kind)
    # The renamed tag, or the tag that a merge kept.
    tag = models.ForeignKey(
        "stories.Tag", on_delete=models.SET_NULL, null=True, related_name="changes"
    )
    # The old values of the renamed tag, or everything that belonged to the removed tag.
    before = models.JSONField()
    after = models.CharField(max_length=100)
    # The primary keys of stories that had only the removed tag, and of stories that had both.
    moved = models.JSONField(default=list)
    doubled = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    objects = TagChangeQuerySet.as_manager()

    def __str__(self) -> str:
        sentence = gettext("“%(before)s” is now “%(after)s”")
        if self.kind == self.Kind.MERGED:
            sentence = gettext("“%(before)s” merged into “%(after)s”")
        return sentence % {"before": self.before["name"], "after": self.after}


class DifferentTags(models.Model):
    """Says that two tags with similar names are not duplicates."""

    first = models.ForeignKey("stories.Tag", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("stories.Tag", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="different_tags_once"),
        ]
