from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class Autosave(models.Model):
    """What somebody is typing: one for each editor and story, written over again and again.

    Its content is what stands in the fields, valid or not; a revision is only made of it when its
    author saves. A story that is not stored yet is known by the form it is written in.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Typed on while somebody deletes the story: the text stays.
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
        return self.content.get("title") or "Untitled"
