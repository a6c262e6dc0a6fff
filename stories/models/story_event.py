"""What happens to a story for readers. Webhooks are told of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, order=True)
class StoryEvent:
    """A story (by its primary key) was published, updated or withdrawn at a moment."""

    class Name(models.TextChoices):
        PUBLISHED = "story.published", _("A story is published")
        UPDATED = "story.updated", _("A public story is changed")
        WITHDRAWN = "story.withdrawn", _("A story is withdrawn")

    name: str
    story: int
    at: datetime

    @property
    def key(self) -> str:
        """The event as a key of the outbox, which `read` reads back."""
        return f"{self.name}/{self.story}/{self.at.astimezone(UTC).isoformat()}"

    @classmethod
    def read(cls, key: str) -> Self | None:
        """Return the event of a key, or None for a surrogate key."""
        name, *rest = key.split("/")
        if name not in cls.Name.values:
            return None
        story, at = rest
        return cls(name, int(story), datetime.fromisoformat(at))
