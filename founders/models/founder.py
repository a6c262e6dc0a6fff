import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from founders.models.founder_query import FounderQuerySet
from founders.models.moderation import Moderated
from founders.models.status import FounderStatus
from stories_project.library.models import PictureUse
from stories_project.library.uses import Place, forget_uses, note_uses, shown_in
from stories_project.paths import path_to
from stories_project.pictures.drawings import Drawing, seal_for
from stories_project.pictures.renditions import (
    Picture,
    focus_classes,
    picture_of,
)
from stories_project.text import markdown
from stories_project.text.folding import FoldedField, LetterField
from stories_project.text.full_text_index import TokensField
from stories_project.text.years import span_in_words, year_in_words

# What a save of the profile leaves as it is stored.
NOT_OF_THE_PROFILE = {"id", "created_at", *(field.name for field in Moderated._meta.fields)}


MOST_LINKS = 30


def validate_links(text: str) -> None:
    """Raise ValidationError for too many lines, and for the first that is not a web address."""
    if text.count("\n") >= MOST_LINKS:
        too_many = gettext("There are more than %(most)s lines. Keep the best of them.")
        raise ValidationError(too_many % {"most": MOST_LINKS})
    validate = URLValidator(schemes=["http", "https"])
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            validate(line.strip())
        except ValidationError as error:
            no_address = gettext("Line %(number)s is not a web address: %(line)s")
            raise ValidationError(no_address % {"number": number, "line": line}) from error


class Founder(Moderated):
    """A person whom stories are about; not an account."""

    Status = FounderStatus

    name = models.CharField(max_length=200)
    native_name = models.CharField(
        _("name in the original script"),
        max_length=200,
        blank=True,
        help_text=_("Such as 豊田 佐吉."),
    )
    family_name = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "As it stands in the name: Byron for Ada Byron, 豊田 for 豊田 佐吉. The directory is"
            " sorted by it; without one, by the whole name."
        ),
    )
    slug = models.SlugField(
        max_length=100,
        allow_unicode=True,
        db_index=False,
        help_text=_("The address of the profile: letters, digits, hyphens and underscores."),
    )
    headline = models.CharField(max_length=200, blank=True, help_text=_("One line under the name."))
    company = models.CharField(max_length=200, blank=True)
    biography = MarkdownxField(max_length=50_000, blank=True)
    portrait = models.ImageField(blank=True, max_length=200)
    portrait_focus = models.CharField(max_length=7, blank=True, db_default="")
    portrait_alt = models.CharField(_("portrait description"), max_length=300, blank=True)
    portrait_credit = models.CharField(max_length=200, blank=True)
    birthplace = models.CharField(max_length=200, blank=True)
    birth_year = models.SmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(2100)]
    )
    death_year = models.SmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(2100)]
    )
    links = models.TextField(
        max_length=5000,
        blank=True,
        validators=[validate_links],
        help_text=_("Web addresses about them, one a line."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    folded_name = FoldedField(source="name")
    folded_last_name = FoldedField(source="last_name")
    folded_native_name = FoldedField(source="native_name")
    folded_sort_name = FoldedField(source="sort_name", default="", db_default="")
    letter = LetterField(source="sort_name")
    name_tokens = TokensField(source="names")

    objects = FounderQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_founder", "Can approve, reject and hide founders")]
        indexes = [
            models.Index("status", "folded_name", "id", name="founder_directory"),
            models.Index(
                *("status", "letter", "folded_sort_name", "folded_name", "id"),
                name="founder_by_family_name",
            ),
            models.Index("status", "status_changed_at", "id", name="founder_queue"),
            models.Index("portrait", name="founder_portrait"),
            # With the place, so that the lives of a place are found in the index alone.
            models.Index(fields=["status", "birth_year", "id", "birthplace"], name="founder_lives"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="founder_slug_unique",
                violation_error_code="unique",
                violation_error_message=_(
                    "Another founder already has this address. Choose another."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="founder_has_name_and_slug",
                violation_error_message=_("A founder needs a name and an address."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "pending", "approved", "rejected", "hidden"]),
                name="founder_status_known",
                violation_error_message=_("That is not a status a founder can have."),
            ),
            models.CheckConstraint(
                condition=Q(death_year__isnull=True)
                | Q(birth_year__isnull=True)
                | Q(death_year__gte=F("birth_year")),
                name="founder_dies_after_birth",
                violation_error_message=_("The year of death is before the year of birth."),
            ),
            models.CheckConstraint(
                condition=Q(portrait="") | ~Q(portrait_alt=""),
                name="founder_portrait_described",
                violation_error_message=_("Describe the portrait for readers who cannot see it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the profile."""
        return path_to("founder", self.slug)

    @property
    def absolute_url(self) -> str:
        """The URL of the profile with scheme and host, for machines."""
        return settings.SITE_URL + self.get_absolute_url()

    def note_pictures(self) -> None:
        """Store as rows of the media library which pictures the profile shows now."""
        portrait = shown_in(Place.PORTRAIT, self.portrait.name or "")
        self.forget_pictures()
        shown = portrait | shown_in(Place.TEXT, self.biography)
        note_uses(PictureUse.Kind.FOUNDER, self.pk, shown, is_new=True)

    def forget_pictures(self) -> None:
        """Delete the rows that say which pictures the profile shows."""
        forget_uses(PictureUse.Kind.FOUNDER, self.pk)

    @property
    def portrait_picture(self) -> Picture | Drawing:
        """The portrait; without one, the seal that is drawn for this founder."""
        return picture_of(self.portrait.name) or self.drawn_seal

    @property
    def drawn_seal(self) -> Drawing:
        """The drawing that replaces a missing portrait, in the founder's two inks."""
        return seal_for(self.pk, self.headline)

    @property
    def focus_classes(self) -> str:
        """The CSS classes that keep the face in sight."""
        return focus_classes(self.portrait_focus)

    @property
    def public_path(self) -> str:
        """The path of the profile, or an empty text if the public does not see it."""
        return self.get_absolute_url() if self.is_approved else ""

    @property
    def last_name(self) -> str:
        """The last word of the name: readers look founders up by it."""
        return self.name.split()[-1] if self.name.split() else ""

    @property
    def sort_name(self) -> str:
        """What the directory is sorted by: the family name where it is known, or the name."""
        return self.family_name or self.name

    @property
    def name_parts(self) -> tuple[str, str, str]:
        """The name as (before, family name, after); without a family name in it, all is before."""
        family = self.family_name
        word = re.search(rf"(?<!\w){re.escape(family)}(?!\w)", self.name)
        start = word.start() if word else self.name.find(family)
        if not family or start < 0:
            return self.name, "", ""
        return self.name[:start], family, self.name[start + len(family) :]

    @property
    def names(self) -> str:
        """All the names by which the search finds this founder, company included."""
        return f"{self.name} {self.native_name} {self.company}"

    @property
    def years(self) -> str:
        """Years of life as shown: "1867–1930", "born 1867", or nothing."""
        if self.birth_year and self.death_year:
            return span_in_words(self.birth_year, self.death_year)
        if self.birth_year:
            return gettext("born %(year)s") % {"year": year_in_words(self.birth_year)}
        return ""

    @property
    def born(self) -> str:
        """The year of birth as shown, or nothing."""
        return "" if self.birth_year is None else year_in_words(self.birth_year)

    @property
    def died(self) -> str:
        """The year of death as shown, or nothing."""
        return "" if self.death_year is None else year_in_words(self.death_year)

    @property
    def biography_html(self) -> SafeString:
        """The biography as safe HTML."""
        return markdown.render_html(self.biography)

    @property
    def same_as(self) -> list[str]:
        """The URLs of other pages about this person (`sameAs` of schema.org)."""
        return [line.strip() for line in self.links.splitlines() if line.strip()]

    @property
    def version(self) -> str:
        """Which text of the profile this is: it differs after every change of the profile."""
        return self.updated_at.isoformat()

    def clear(self, names: Iterable[str]) -> None:
        """Empty some fields, without saving."""
        for name in names:
            setattr(self, name, None if self._meta.get_field(name).null else "")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the profile. The status of a stored founder stays: only a decision changes it."""
        if not self._state.adding:
            profile = {field.name for field in self._meta.concrete_fields} - NOT_OF_THE_PROFILE
            kwargs.setdefault("update_fields", profile)
        super().save(*args, **kwargs)
