from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


class Autosave(models.Model):
    """The unsaved text of one editor in one story: a single row, overwritten by each autosave.

    `content` has the raw values of the form fields, valid or not. Only a save by the author turns
    them into a revision. An autosave of a new story is identified by its form (`writing`).
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # No constraint: the text is kept when somebody else deletes the story meanwhile.
    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="autosaves",
    )
    writing = models.UUIDField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "story"],
                condition=Q(story__isnull=False),
                name="autosave_once_a_story",
            ),
            models.UniqueConstraint(
                fields=["author", "writing"],
                condition=Q(story=None),
                name="autosave_once_a_new_story",
            ),
        ]

    def __str__(self) -> str:
        return self.content.get("title") or _("Untitled")
