"""Which pictures a text shows, kept as rows: where a picture is used costs one query to know."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from stories_project.library.models import PictureUse, StoredPicture
from stories_project.publication.values import Publication
from stories_project.text.words import tokens_in

# The address of a stored picture, or of one of its renditions.
IN_TEXT = re.compile(
    r"(?<![a-z])(?P<stem>[a-z]+/[0-9a-f]{32}-[1-9]\d*x[1-9]\d*(?:-[0-9a-f]{6})?)"
    r"(?:-\d+)?\.(?:webp|avif|jpg)"
)
# (name of a stored picture, place)
Place = PictureUse.Place
Shown = tuple[str, str]
# (description, credit)
Said = tuple[str, str]
# There is one publication: its kind and its key.
PUBLICATION = (PictureUse.Kind.PUBLICATION, 1)


def names_in(text: str) -> Iterator[str]:
    """Yield the names of the stored pictures whose addresses stand in a text."""
    for match in IN_TEXT.finditer(text):
        yield f"{match['stem']}.webp"


def shown_in(place: str, *texts: str) -> set[Shown]:
    """Return the pictures that texts show, all in one place of what they belong to."""
    return {(name, place) for text in texts for name in names_in(text)}


def shown_by_publication(publication: Publication) -> set[Shown]:
    """Return the pictures of the publication: its logo and its like, and those in its texts."""
    look = (publication.logo, publication.icon, publication.share_picture)
    texts = (value for value in publication.as_values().values() if isinstance(value, str))
    in_texts = shown_in(Place.TEXT, *(text for text in texts if text not in look))
    return shown_in(Place.LOOK, *look) | in_texts


def text_with_other(text: str, old: str, new: str) -> str:
    """Return a text with the address of another stored picture in place of an old one's."""
    path = re.escape(default_storage.url(old).removesuffix(old))
    stem = re.escape(old.removesuffix(".webp"))
    address = default_storage.url(new)
    of_old = rf"{path}(?:{re.escape(old)}|renditions/{stem}-\d+\.(?:webp|avif|jpg))"
    return re.sub(of_old, lambda _: address, text)


def publication_with_other(publication: Publication, old: str, new: str) -> Publication:
    """Return the publication with another stored picture in place of an old one."""
    values = {
        name: new if value == old else text_with_other(value, old, new)
        for name, value in publication.as_values().items()
        if isinstance(value, str)
    }
    return Publication.of(publication.as_values() | values)


def note_publication(publication: Publication) -> None:
    """Store which pictures the publication shows from now on."""
    note_uses(*PUBLICATION, shown_by_publication(publication))


def note_uses(
    kind: str,
    key: int,
    live: Set[Shown],
    working: Set[Shown] = frozenset(),
    *,
    is_new: bool = False,
) -> None:
    """Store which pictures something shows now, in the transaction that stores the thing itself.

    What it has shown before stays as a use by an old revision. `is_new`: there is none before.
    """
    shown = {each: (each in live, each in working) for each in live | working}
    if is_new and not shown:
        return
    with transaction.atomic():
        rows = PictureUse.objects.filter(kind=kind, key=key).select_related("picture")
        known = {} if is_new else {(row.picture.name, row.place): row for row in rows}
        for each, row in known.items():
            _set_flags(row, *shown.pop(each, (False, False)))
        _add(kind, key, shown)


def note_old(kind: str, key: int, shown: Set[Shown]) -> None:
    """Store that a revision which is neither live nor the working copy shows these pictures."""
    _add(kind, key, dict.fromkeys(shown, (False, False)))


def describe_if_blank(said: Mapping[str, Said]) -> None:
    """Keep what a text says about its pictures in the rows that say nothing yet."""
    if not said:
        return
    rows = []
    for row in StoredPicture.objects.filter(Q(alt="") | Q(credit=""), name__in=said):
        alt, credit = said[row.name]
        if (alt and not row.alt) or (credit and not row.credit):
            row.alt, row.credit = row.alt or alt[:300], row.credit or credit[:200]
            row.tokens = tokens_in(row.words)
            rows.append(row)
    StoredPicture.objects.bulk_update(rows, ["alt", "credit", "tokens"])


def forget_uses(kind: str, key: int) -> None:
    """Delete the rows of something that keeps no revisions, or that is removed for good."""
    PictureUse.objects.filter(kind=kind, key=key).delete()


@transaction.atomic
def forget_picture(name: str) -> None:
    """Delete the row of a picture, and with it what is known about its uses."""
    PictureUse.objects.filter(picture__name=name).delete()
    StoredPicture.objects.filter(name=name).delete()


@transaction.atomic
def rows_for(names: Iterable[str]) -> dict[str, StoredPicture]:
    """Return {name: locked row} of stored pictures, and make the rows that are missing.

    Whoever deletes one at this moment is waited for. A name without a file is left out.
    """
    wanted = set(names)
    rows = StoredPicture.objects.locked_named(wanted)
    while missing := [n for n in wanted - rows.keys() if default_storage.exists(n)]:
        new = [StoredPicture.named(name) for name in missing]
        StoredPicture.objects.bulk_create(new, ignore_conflicts=True)
        rows = StoredPicture.objects.locked_named(wanted)
    return rows


def _set_flags(row: PictureUse, is_live: bool, is_working: bool) -> None:
    if (row.is_live, row.is_working) != (is_live, is_working):
        row.is_live, row.is_working = is_live, is_working
        row.save(update_fields=["is_live", "is_working"])


def _add(kind: str, key: int, shown: dict[Shown, tuple[bool, bool]]) -> None:
    if not shown:
        return
    rows = rows_for({name for name, _ in shown})
    PictureUse.objects.bulk_create(
        (
            PictureUse(
                picture=rows[name],
                kind=kind,
                key=key,
                place=place,
                is_live=is_live,
                is_working=is_working,
            )
            for (name, place), (is_live, is_working) in shown.items()
            if name in rows
        ),
        ignore_conflicts=True,
    )
