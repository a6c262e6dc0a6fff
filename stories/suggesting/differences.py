"""What a moderator compares: the suggested values beside the live profile, and the same names."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from founders.forms import FounderForm
from founders.models import Founder
from stories.models import Suggestion
from stories.writing.comparing import Part, changed_parts
from stories_project.pictures.renditions import Picture, picture_of
from stories_project.text.printable import normalized

SHOWN = 5


@dataclass(frozen=True)
class Difference:
    """A suggested field, compared with the live profile.

    `is_stale` says that the live value has changed since the suggestion was made. `picture` is the
    suggested portrait.
    """

    label: str
    parts: list[Part]
    is_stale: bool
    picture: Picture | None


def differences(suggestion: Suggestion) -> list[Difference]:
    """Return a Difference for each suggested field. A new founder is compared with nothing."""
    live = suggestion.founder if suggestion.kind == Suggestion.Kind.PROFILE else None
    based_on = suggestion.based_on if suggestion.is_waiting else {}
    return [
        Difference(
            label=str(FounderForm.base_fields[name].label),
            parts=changed_parts(name, now := _live(live, name), value),
            is_stale=name in based_on and normalized(based_on[name]) != normalized(now),
            picture=picture_of(value) if name == "portrait" else None,
        )
        for name, value in suggestion.content.items()
    ]


def alike(suggestion: Suggestion) -> dict[str, Any]:
    """Return up to five founders and five other suggestions with the same name."""
    folded = suggestion.folded_name
    others = Suggestion.objects.filter(folded_name=folded).exclude(pk=suggestion.pk)
    same = Q(folded_name=folded) | Q(folded_native_name=folded)
    founders = Founder.objects.filter(same).exclude(pk=suggestion.founder_id or 0)
    is_story = suggestion.kind == Suggestion.Kind.STORY
    return {"founders": [] if is_story else founders[:SHOWN], "suggestions": others[:SHOWN]}


def _live(founder: Founder | None, name: str) -> Any:
    value = getattr(founder, name) if founder else ""
    return str(value) if name == "portrait" else "" if value is None else value
