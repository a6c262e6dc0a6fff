"""The notes about accepted corrections that readers see, without who has sent them and what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from founders.models import Founder
from stories.models import Story, Suggestion
from stories.moving.site_files import time_in, time_of

# To load them for `corrections_of`.
NOTES = Prefetch("suggestions", Suggestion.objects.noted())


def corrections_of(row: Story | Founder) -> list[dict[str, str]]:
    """Return the notes on the page of a row that was loaded with NOTES."""
    return [{"at": time_of(s.decided_at), "note": s.public_note} for s in row.suggestions.all()]


def store_corrections(row: Story | Founder, corrections: Sequence[Mapping[str, Any]]) -> bool:
    """Store the notes about corrections that readers see; return whether one is new."""
    known = set(row.suggestions.noted().values_list("decided_at", "public_note"))
    is_story = isinstance(row, Story)
    missing = [
        Suggestion(
            kind=Suggestion.Kind.STORY if is_story else Suggestion.Kind.PROFILE,
            name=str(row)[:200],
            status=Suggestion.Status.ACCEPTED,
            public_note=str(correction["note"])[:500],
            decided_at=time_in(correction["at"]),
            created_at=time_in(correction["at"]) or timezone.now(),
            **{"story" if is_story else "founder": row},
        )
        for correction in corrections
        if (time_in(correction["at"]), correction["note"]) not in known
    ]
    # The oldest first: those of one moment keep their order.
    for suggestion in reversed(missing):
        suggestion.validate_constraints()
        suggestion.save()
    return bool(missing)
