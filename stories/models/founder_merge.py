from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from founders.models import Founder


class FounderMerge(models.Model):
    """One merge of two profiles of the same person, with what is needed to undo it.

    The merged profile stays stored, and says with `merged_into` which one was kept.
    """

    merged = models.ForeignKey(Founder, on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Founder, on_delete=models.PROTECT, related_name="+")
    # What belonged to the merged profile, and the values that the kept one has from it.
    before = models.JSONField()
    # The primary keys of stories about the merged founder only, and of stories about both.
    moved = models.JSONField(default=list)
    doubled = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        values = {"merged": self.merged, "kept": self.kept}
        return _("“%(merged)s” merged into “%(kept)s”") % values


class DifferentFounders(models.Model):
    """Says that two founders with the same name are two people."""

    first = models.ForeignKey(Founder, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Founder, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="different_founders_once"),
        ]
