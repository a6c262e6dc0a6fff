"""Who may see a portrait, and another picture in its place."""

from typing import Any

from django.db import transaction

from founders.models import Founder
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.library.uses import text_with_other

SHOWING = ("portrait", "portrait_focus", "biography")


def keys_of(name: str) -> list[str]:
    """Return the surrogate keys of the approved founders with a portrait; none: it is not public.

    `name` is the name of the stored picture, such as "portraits/….webp".
    """
    founders = Founder.objects.approved().with_portrait(name).only("pk")
    return [founder.surrogate_key for founder in founders]


@transaction.atomic
def swap_picture(key: int, old: str, new: str, by: Any) -> None:
    """Show another stored picture in a profile: as the portrait, and in the text.

    A focal point of the old portrait is dropped: it says nothing about another picture. The old
    values are recorded. Raises ValidationError if the profile will not do with it.
    """
    founder = Founder.objects.select_for_update().get(pk=key)
    before = _showing(founder)
    if before["portrait"] == old:
        founder.portrait, founder.portrait_focus = new, ""
    founder.biography = text_with_other(founder.biography, old, new)
    founder.full_clean()
    founder.save()
    founder.note_pictures()
    if founder.has_been_public:
        founder.record_change()
    after = _showing(founder)
    changed = [name for name in SHOWING if before[name] != after[name]]
    record(
        AuditEntry.Kind.FOUNDER,
        "changed",
        founder,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def _showing(founder: Founder) -> dict[str, str]:
    return {name: str(getattr(founder, name)) for name in SHOWING}
