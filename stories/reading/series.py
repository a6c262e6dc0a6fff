"""The place of a story in its series, as readers count: only public parts have a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from django.conf import settings

from stories.models import Series, Story
from stories.models.listing import stories_of_series
from stories_project.page_cache.surrogate_keys import note, note_end
from stories_project.paths import path_to


class Part(NamedTuple):
    """A public part of a series. `ends_at` is when it is withdrawn, if that is planned."""

    story: int
    title: str
    slug: str
    ends_at: datetime | None = None

    @property
    def path(self) -> str:
        """The path of its page."""
        return path_to("story", self.slug)


@dataclass(frozen=True)
class SeriesPlace:
    """Where a story stands in its series: `number` of `count` public parts."""

    series: Series
    number: int
    count: int
    previous: Part | None
    following: Part | None

    @property
    def url(self) -> str:
        """The URL of the series with scheme and host."""
        return settings.SITE_URL + self.series.get_absolute_url()

    @classmethod
    def of(cls, story: int, series: Series, parts: Sequence[Part]) -> Self | None:
        """Return the place of a story (primary key) among the public parts in their order.

        None for a story that is not public: it has no number.
        """
        keys = [part.story for part in parts]
        if story not in keys:
            return None
        at = keys.index(story)
        return cls(
            series=series,
            number=at + 1,
            count=len(parts),
            previous=parts[at - 1] if at else None,
            following=parts[at + 1] if at + 1 < len(parts) else None,
        )

    def note(self) -> Self:
        """Note the surrogate keys of what a page with this place shows."""
        note(self.series.surrogate_key, stories_of_series(self.series.pk))
        for part in (self.previous, self.following):
            if part:
                note(Story.key_of(part.story))
        return self


def note_ends(parts: Sequence[Part]) -> None:
    """Note when the first of these parts is withdrawn: the others get other numbers then."""
    for part in parts:
        if part.ends_at:
            note_end(part.ends_at)
