"""What waits for a moderator: profiles and suggestions in one queue, the longest waiting first."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from django.contrib.auth.models import User
from django.db.models import Q

from founders.models import Founder
from stories.models import Suggestion
from stories_project.claims import free_for

Item = Founder | Suggestion
# Of each kind.
SHOWN = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Where an item stands in the queue. It is in addresses as "1767225600000000-founder-12"."""

    since: datetime
    kind: str
    pk: int

    @classmethod
    def of(cls, item: Item) -> Self:
        """Return the place of an item."""
        return cls(item.waits_since, str(item._meta.model_name), item.pk)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the place that an address names, or None if it names none."""
        match = re.fullmatch(r"([0-9]{1,17})-(founder|suggestion)-([0-9]{1,18})", text)
        if match is None:
            return None
        since = EPOCH + timedelta(microseconds=int(match[1]))
        return cls(since, match[2], int(match[3]))

    def __str__(self) -> str:
        return f"{(self.since - EPOCH) // timedelta(microseconds=1)}-{self.kind}-{self.pk}"

    def item(self) -> Item | None:
        """Return the item, waiting or not, or None if it is deleted."""
        model: Any = Founder if self.kind == "founder" else Suggestion
        item: Item | None = model.objects.filter(pk=self.pk).first()
        return item


def waiting(user: User) -> list[Item]:
    """Return the first items of the queue that a user may decide, also those claimed by others."""
    rows: list[Item] = []
    for _, each in _rows(user):
        rows += each.select_related("claimed_by")[:SHOWN]
    return sorted(rows, key=Place.of)


def next_item(user: User, after: Place | None = None) -> Item | None:
    """Return the first item after a place that nobody else is deciding, or None."""
    firsts = []
    for column, rows in _rows(user):
        if after is not None:
            rows = rows.filter(_is_after(after, column, rows.model))
        firsts.append(rows.filter(free_for(user)).first())
    return min((item for item in firsts if item), key=Place.of, default=None)


def _rows(user: User) -> Iterator[tuple[str, Any]]:
    """Yield (column of the time since when a row waits, rows that the user may decide)."""
    is_moderator = user.has_perm("founders.moderate_founder")
    if is_moderator:
        yield "status_changed_at", Founder.objects.waiting().defer("biography", "links")
    if user.has_perm("stories.change_suggestion"):
        suggestions = Suggestion.objects.waiting().defer("content", "based_on", "message")
        kinds = Suggestion.Kind.values if is_moderator else [Suggestion.Kind.STORY]
        yield "created_at", suggestions.filter(kind__in=kinds)


def _is_after(place: Place, column: str, model: Any) -> Q:
    """Return the condition that a row of a model has a later place."""
    at_the_same_time = Q((column, place.since))
    if model._meta.model_name == place.kind:
        at_the_same_time &= Q(pk__gt=place.pk)
    elif model._meta.model_name < place.kind:
        return Q((f"{column}__gt", place.since))
    return Q((f"{column}__gt", place.since)) | at_the_same_time
