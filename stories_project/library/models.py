"""The media library: a row for each stored picture, and one for each place that uses it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories_project.pictures.renditions import Picture, focus_classes, picture_of
from stories_project.pictures.uploads import LONGEST_NAME, stored_name_in
from stories_project.text import full_text
from stories_project.text.full_text_index import TokensField

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Somebody may just be writing the text for which it was uploaded.
KEPT_AFTER_UPLOAD = timedelta(days=1)


class StoredPictureQuerySet(models.QuerySet):
    def newest_first(self) -> Self:
        """Sort by the first upload, the newest first."""
        return self.order_by("-pk")

    def with_words(self, text: str) -> Self:
        """Return the pictures with all words of a text; the last may be the beginning of one."""
        terms = full_text.last_as_prefix(full_text.parse(text))
        if not terms:
            return self.none() if text.strip() else self
        return self.filter(full_text.Matches(terms, "words_vector"))

    def for_stories(self) -> Self:
        """Return the pictures that a story may show: not those that belong to founders."""
        return self.filter(folder__in=["covers", "images"])

    def by(self, user: "User") -> Self:
        """Return what somebody was the first to upload."""
        return self.filter(uploaded_by=user)

    def without_alt(self) -> Self:
        """Return the pictures without a description for readers who cannot see them."""
        return self.filter(alt="")

    def without_rights(self) -> Self:
        """Return the pictures without a credit or without a licence."""
        return self.filter(Q(credit="") | Q(licence=""))

    def unused(self) -> Self:
        """Return the pictures that no text uses now, and that no old revision uses."""
        return self.filter(~Exists(PictureUse.objects.filter(picture=OuterRef("pk"))))

    def uploaded_before(self, moment: datetime) -> Self:
        """Return the pictures that nobody has uploaded again since a moment."""
        return self.filter(last_uploaded_at__lt=moment)

    def locked_named(self, names: Iterable[str]) -> dict[str, "StoredPicture"]:
        """Return {name: row} of existing pictures, which nobody deletes until the transaction ends.

        It needs a transaction.
        """
        rows = self.select_for_update(no_key=True).filter(name__in=names).order_by("pk")
        locked = cast("Iterable[StoredPicture]", rows)
        return {row.name: row for row in locked}


class StoredPicture(models.Model):
    """An uploaded picture in the media library. Its file has its name in the default storage.

    What is said about it here is proposed where somebody uses it again. Changing it changes no text
    that readers see.
    """

    class Licence(models.TextChoices):
        OWN = "own", _("Own work")
        PUBLIC_DOMAIN = "public-domain", _("Public domain")
        CC0 = "cc0", _("Creative Commons Zero (CC0)")
        CC_BY = "cc-by", _("Creative Commons Attribution (CC BY)")
        CC_BY_SA = "cc-by-sa", _("Creative Commons Attribution-ShareAlike (CC BY-SA)")
        PERMITTED = "permitted", _("Used with permission")
        LICENSED = "licensed", _("Licensed from an agency")
        OTHER = "other", _("Other: see the note")

    name = models.CharField(max_length=LONGEST_NAME, unique=True, editable=False)
    folder = models.CharField(max_length=20, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # Of the stored file; unknown until it was looked at.
    bytes = models.PositiveIntegerField(null=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    last_uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    title = models.CharField(_("title"), max_length=200, blank=True)
    alt = models.CharField(_("description"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence, blank=True)
    licence_note = models.CharField(_("note on the licence"), max_length=300, blank=True)
    source_url = models.CharField(
        _("source"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    focus = models.CharField(max_length=7, blank=True, default="")
    tokens = TokensField(source="words")

    objects = StoredPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [
            models.Index(fields=["uploaded_by", "-id"], name="picture_by_uploader"),
            models.Index(fields=["folder", "-id"], name="picture_in_folder"),
            models.Index(fields=["-id"], condition=Q(alt=""), name="picture_without_alt"),
            models.Index(
                fields=["-id"],
                condition=Q(credit="") | Q(licence=""),
                name="picture_without_rights",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name.rpartition("/")[2]

    @classmethod
    def named(cls, name: str) -> Self:
        """Return an unsaved row for a stored picture. Raises ValueError for another name."""
        stored = stored_name_in(name)
        if stored is None:
            raise ValueError(f"{name} is not the name of a stored picture")
        folder = name.partition("/")[0]
        return cls(name=name, folder=folder, width=stored.width, height=stored.height)

    @property
    def words(self) -> str:
        """What the search finds a picture by."""
        return " ".join([self.title, self.alt, self.credit, self.licence_note, self.source_url])

    @property
    def picture(self) -> Picture | None:
        """The picture as a page shows it."""
        return picture_of(self.name)

    @property
    def address(self) -> str:
        """The URL that stands in a text."""
        return default_storage.url(self.name)

    @property
    def focus_classes(self) -> str:
        """The CSS classes that keep the subject visible where the picture is cropped."""
        return focus_classes(self.focus)

    @property
    def is_for_stories(self) -> bool:
        """Whether a story may show it; `for_stories()` is the same rule in SQL."""
        return self.folder in ("covers", "images")

    @property
    def has_rights(self) -> bool:
        """Whether its credit and its licence are known."""
        return bool(self.credit and self.licence)


class Indexed(models.Model):
    """How far the pictures of before the library have rows: of each kind of row, the last key."""

    what = models.CharField(max_length=20, unique=True)
    key = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.what}: {self.key}"


class PictureUse(models.Model):
    """One place in a story, a founder or the publication that shows a picture, or has shown it.

    The key is a primary key, without a constraint: a revision outlives its story.
    """

    class Kind(models.TextChoices):
        STORY = "story", _("Story")
        FOUNDER = "founder", _("Founder")
        PUBLICATION = "publication", _("Publication")

    class Place(models.TextChoices):
        COVER = "cover", _("Cover")
        TEXT = "text", _("Text")
        PORTRAIT = "portrait", _("Portrait")
        LOOK = "look", _("Logo, icon or share picture")

    picture = models.ForeignKey(StoredPicture, models.PROTECT, db_index=False, related_name="uses")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.BigIntegerField()
    place = models.CharField(max_length=10, choices=Place)
    # Neither of both: only an old revision has it.
    is_live = models.BooleanField(default=False)
    is_working = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["picture", "-is_live", "-is_working", "-id"], name="picture_used")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "picture", "place"], name="picture_use_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}: {self.get_place_display()}"

    @property
    def is_old(self) -> bool:
        """Whether only an old revision has it."""
        return not (self.is_live or self.is_working)
