import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from founders.models.status import FounderStatus
from stories_project.page_cache.surrogate_keys import note
from stories_project.text.folding import fold, folded_field, slug_for
from stories_project.text.full_text import Matches, Term

if TYPE_CHECKING:
    from founders.models.founder import Founder

# The surrogate key of the list of all approved founders.
FOUNDERS = "founders"
MOST_LETTERS = 150
LETTERS_SQL = """
WITH RECURSIVE letters(letter) AS (
    SELECT MIN(letter) FROM founders_founder WHERE status = %(status)s
    UNION ALL
    SELECT (SELECT MIN(founder.letter) FROM founders_founder AS founder
             WHERE founder.status = %(status)s AND founder.letter > letters.letter)
      FROM letters WHERE letters.letter IS NOT NULL
)
SELECT letter FROM letters WHERE letter IS NOT NULL LIMIT %(most)s
"""
# There are fewer years.
MOST_YEARS = 5000


def century_of(year: int) -> int:
    """Return the century of a year: 19 for 1801 to 1900, and -1 for 100 BC to 1 BC."""
    return (year - 1) // 100 + 1 if year > 0 else year // 100


def years_of(century: int) -> tuple[int, int]:
    """Return the first and the last year of a century."""
    first = 100 * century - 99 if century > 0 else 100 * century
    return first, first + 99


class FounderQuerySet(QuerySet["Founder"]):
    def approved(self) -> Self:
        """Return the founders whom the public sees. Every public page starts from here."""
        return self.filter(status=FounderStatus.APPROVED)

    def hidden(self) -> Self:
        """Return the founders whom the public saw before they were hidden."""
        return self.filter(status=FounderStatus.HIDDEN)

    def waiting(self) -> Self:
        """Return the moderators' queue, the longest waiting first."""
        return self.filter(status=FounderStatus.PENDING).order_by("status_changed_at", "pk")

    def by_name(self) -> Self:
        """Sort by name, ignoring accents and case."""
        note(FOUNDERS)
        return self.order_by("folded_name", "pk")

    def by_family_name(self) -> Self:
        """Sort by family name where one is known and by name otherwise: the order of the directory.

        Names that begin with no letter come last.
        """
        note(FOUNDERS)
        return self.order_by("letter", "folded_sort_name", "folded_name", "pk")

    def by_birth(self) -> Self:
        """Return those whose year of birth is known, the earliest first."""
        note(FOUNDERS)
        return self.filter(birth_year__isnull=False).order_by("birth_year", "pk")

    def born_in_century(self, century: int) -> Self:
        """Return those who were born in a century, such as 19 or -1."""
        return self.filter(birth_year__range=years_of(century))

    def born_at(self, place: str) -> Self:
        """Return those whose birthplace has these words, such as a town or a country."""
        return self.filter(birthplace__icontains=place)

    def birth_years(self) -> list[int]:
        """Return the years in which they were born, each once, in no order."""
        note(FOUNDERS)
        years = (
            self.filter(birth_year__isnull=False).order_by().values_list("birth_year", flat=True)
        )
        return list(years.distinct()[:MOST_YEARS])

    def after(self, place: tuple[str, int] | None) -> Self:
        """Return those whom `by_name` sorts after a folded name and primary key; all without."""
        if place is None:
            return self
        name, pk = place
        return self.filter(Q(folded_name__gte=name) & (Q(folded_name__gt=name) | Q(pk__gt=pk)))

    def beginning_with(self, text: str) -> Self:
        """Return those whose name, last name, family name or original name begins with the text."""
        conditions = Q()
        for column in (
            *("folded_name", "folded_last_name"),
            *("folded_sort_name", "folded_native_name"),
        ):
            conditions |= folded_field(self.model, column).begins_with(text)
        return self.filter(conditions)

    def under_letter(self, letter: int) -> Self:
        """Return those who stand under a letter of the directory: a code point, or NO_LETTER."""
        return self.filter(letter=letter)

    def letters(self) -> list[int]:
        """Return the letters under which an approved founder stands, in their order.

        Each costs one look into the index of the directory, however many founders there are
        (https://wiki.postgresql.org/wiki/Loose_indexscan). At most MOST_LETTERS are read.
        """
        note(FOUNDERS)
        with connections[self.db].cursor() as cursor:
            status = str(FounderStatus.APPROVED)
            cursor.execute(LETTERS_SQL, {"status": status, "most": MOST_LETTERS})
            return [letter for (letter,) in cursor.fetchall()]

    def named_by(self, terms: Sequence[Term]) -> Self:
        """Return those whose names or company match all the Terms of `full_text`."""
        return self.filter(Matches(terms, "name_vector"))

    def called(self, names: Collection[str]) -> dict[str, list["Founder"]]:
        """Return {name: founders} for names or slugs: one by its slug, or all who have the name.

        In place of a merged profile it is the kept one.
        """
        folded = {name: fold(name) for name in names}
        conditions = Q(slug__in=names) | Q(folded_name__in=folded.values())
        rows = self.filter(conditions).select_related("merged_into")
        found = list(rows.defer("biography", "merged_into__biography"))
        return {
            name: _kept(founder for founder in found if founder.slug == name)
            or _kept(founder for founder in found if founder.folded_name == folded[name])
            for name in names
        }

    def locked(self, *founders: "Founder") -> list["Founder"]:
        """Return the founders as they are stored, locked in the order of their primary keys.

        Raises ValidationError if one of them is stored no more, or is given twice.
        """
        keys = [founder.pk for founder in founders]
        rows = self.select_for_update().filter(pk__in=keys).order_by("pk")
        stored = {founder.pk: founder for founder in rows}
        if len(stored) < len(keys):
            raise ValidationError(_("One of these founders was deleted meanwhile, or is both."))
        return [stored[key] for key in keys]

    def replaced(self, keys: Collection[int]) -> dict[int, int | None]:
        """Return what stands for a founder now: {merged: kept} and {erased: None}.

        `keys` are the primary keys of founders; those that stand for themselves are left out.
        """
        is_gone = Q(merged_into__isnull=False) | Q(erased_at__isnull=False)
        return dict(self.filter(is_gone, pk__in=keys).values_list("pk", "merged_into"))

    def present(self) -> Self:
        """Return those whom a story can be about: neither merged into another one nor erased."""
        return self.filter(merged_into=None, erased_at=None)

    def find_or_introduce(self, name: str) -> "Founder":
        """Return the founder with this name or slug, or a new one in the moderators' queue.

        A name that looks like a slug ("wang_ning") becomes the slug, and the name is derived from
        it. Raises ValidationError if several founders have the name.
        """
        found = self.called([name])[name]
        if len(found) > 1:
            raise ValidationError(f"Several founders are called {name}: give the slug of one.")
        if found:
            return found[0]
        is_slug = re.fullmatch(r"[-\w]+", name) and name == name.lower()
        if is_slug and (known := self.filter(past_slugs__slug=name).first()):
            return known.merged_into or known
        founder = self.model(
            name=re.sub(r"[-_]+", " ", name).title() if is_slug else name,
            slug=name if is_slug else slug_for(name),
        )
        founder.full_clean()
        founder.save()
        founder.submit()
        return founder

    def with_portrait(self, name: str) -> Self:
        """Return those whose portrait is the stored picture of this name."""
        return self.filter(portrait=name)

    def for_directory(self) -> Self:
        """Load what an entry of the directory shows."""
        names = ("name", "native_name", "family_name", "slug")
        return self.only(*names, "headline", "portrait", "portrait_focus")

    def for_lives(self) -> Self:
        """Load what the page of lives shows."""
        return self.only("name", "slug", "birthplace", "birth_year", "death_year", "status")


def _kept(founders: Iterable["Founder"]) -> list["Founder"]:
    """Return the founders, and in place of a merged one the one that was kept, each once."""
    return list({kept.pk: kept for kept in (f.merged_into or f for f in founders)}.values())
