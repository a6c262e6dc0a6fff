from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Revision(models.Model):
    """One saved form: the cleaned values of `StoryForm`, who saved them, when and how.

    Append-only. It outlives its story, so that a deleted story can be brought back: the database
    keeps no foreign key to it, and deleting the story leaves this row as it is.
    """

    class Kind(models.TextChoices):
        SAVED = "saved", "Saved"
        IMPORTED = "imported", "Imported"

    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="revisions",
    )
    content = models.JSONField(encoder=DjangoJSONEncoder)
    kind = models.CharField(max_length=20, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        get_latest_by = "pk"
        indexes = [models.Index(fields=["story", "-id"], name="revision_newest")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        """Append the revision; raises TypeError for one that is stored already."""
        if not self._state.adding:
            raise TypeError("A revision is never edited: save another one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Raise TypeError: what was saved once stays."""
        raise TypeError("A revision is never deleted.")
