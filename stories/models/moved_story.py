from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_PATH = 500


class MovedStory(models.Model):
    """A story that came from another site: what it is there, and what the import made of it here.

    Stays when the story is deleted: another import does not bring it back.
    """

    # The kind of the source and its site, such as "wordpress:example.org".
    source = models.CharField(max_length=200)
    foreign_id = models.CharField(max_length=300)
    # Of what was read there, and of the choices of the import: the same again changes nothing.
    digest = models.CharField(max_length=64)
    story = models.ForeignKey(
        "stories.Story", on_delete=models.DO_NOTHING, db_constraint=False, related_name="moved_from"
    )
    # What the import has saved: if the story has a newer one, somebody has worked on it here.
    revision = models.ForeignKey(
        "stories.Revision",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "foreign_id"], name="moved_story_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.foreign_id}"


class OldAddressQuerySet(models.QuerySet["OldAddress"]):
    def at(self, path: str) -> Self:
        """Return the row of a path as it was asked for, if it was the path of a moved story."""
        return self.filter(path=old_path(path))


class OldAddress(models.Model):
    """A path at which readers of another site knew a story. It leads to the story for ever.

    Stays when the story is deleted. `stories.views.old_addresses` answers.
    """

    path = models.CharField(max_length=LONGEST_PATH)
    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="old_addresses",
    )

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path"], name="old_address_once"),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path="/"),
                name="old_address_is_a_path",
                violation_error_message=_("An old address is a path such as /2019/05/a-story."),
            ),
        ]

    def __str__(self) -> str:
        return self.path


def old_path(path: str) -> str:
    """Return a path, decoded already, as it is stored: in small letters, with no slash at its end.

    Servers treat capitals and the last slash in different ways; readers mean the same page.
    """
    return "/" + path.casefold().strip("/")
