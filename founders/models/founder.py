from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from markdownx.models import MarkdownxField

from founders.models.decision import Decision
from founders.models.founder_query import FOUNDERS, FounderQuerySet
from founders.models.status import STEPS, FounderStatus
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.claims import Claimable
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import MISSING, SEARCH, KeyedModel
from stories_project.paths import path_to
from stories_project.pictures.drawings import Drawing, seal_for
from stories_project.pictures.renditions import (
    Picture,
    focus_classes,
    picture_of,
    remove_renditions,
)
from stories_project.text import markdown
from stories_project.text.folding import FoldedField
from stories_project.text.full_text_index import TokensField

# What a save of the profile leaves as it is stored.
NOT_OF_THE_PROFILE = {
    *("id", "status", "status_changed_at", "created_at", "merged_into"),
    *("claimed_by", "claimed_at"),
}


MOST_LINKS = 30


def validate_links(text: str) -> None:
    """Raise ValidationError for too many lines, and for the first that is not a web address."""
    if text.count("\n") >= MOST_LINKS:
        raise ValidationError(f"There are more than {MOST_LINKS} lines. Keep the best of them.")
    validate = URLValidator(schemes=["http", "https"])
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            validate(line.strip())
        except ValidationError as error:
            raise ValidationError(f"Line {number} is not a web address: {line}") from error


class Founder(Claimable, KeyedModel):
    """A person whom stories are about; not an account."""

    Status = FounderStatus

    name = models.CharField(max_length=200)
    native_name = models.CharField(
        "name in the original script", max_length=200, blank=True, help_text="Such as 豊田 佐吉."
    )
    slug = models.SlugField(
        max_length=100,
        allow_unicode=True,
        db_index=False,
        help_text="The address of the profile: letters, digits, hyphens and underscores.",
    )
    headline = models.CharField(max_length=200, blank=True, help_text="One line under the name.")
    company = models.CharField(max_length=200, blank=True)
    biography = MarkdownxField(max_length=50_000, blank=True)
    portrait = models.ImageField(blank=True, max_length=200)
    portrait_focus = models.CharField(max_length=7, blank=True, db_default="")
    portrait_alt = models.CharField("portrait description", max_length=300, blank=True)
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
        help_text="Web addresses about them, one a line.",
    )
    status = models.CharField(
        max_length=10, choices=FounderStatus, default=FounderStatus.DRAFT, editable=False
    )
    status_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # The profile of the same person that was kept when the two were merged.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    # When everything that identifies the person was removed.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    folded_name = FoldedField(source="name")
    folded_last_name = FoldedField(source="last_name")
    folded_native_name = FoldedField(source="native_name")
    name_tokens = TokensField(source="names")

    objects = FounderQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_founder", "Can approve, reject and hide founders")]
        indexes = [
            models.Index("status", "folded_name", "id", name="founder_directory"),
            models.Index("status", "status_changed_at", "id", name="founder_queue"),
            models.Index("portrait", name="founder_portrait"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="founder_slug_unique",
                violation_error_code="unique",
                violation_error_message="Another founder already has this address. Choose another.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="founder_has_name_and_slug",
                violation_error_message="A founder needs a name and an address.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "pending", "approved", "rejected", "hidden"]),
                name="founder_status_known",
                violation_error_message="That is not a status a founder can have.",
            ),
            models.CheckConstraint(
                condition=Q(death_year__isnull=True)
                | Q(birth_year__isnull=True)
                | Q(death_year__gte=F("birth_year")),
                name="founder_dies_after_birth",
                violation_error_message="The year of death is before the year of birth.",
            ),
            models.CheckConstraint(
                condition=Q(portrait="") | ~Q(portrait_alt=""),
                name="founder_portrait_described",
                violation_error_message="Describe the portrait for readers who cannot see it.",
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

    @property
    def portrait_picture(self) -> Picture | Drawing:
        """The portrait; without one, the seal that is drawn for this founder."""
        return picture_of(self.portrait.name) or self.drawn_seal

    @property
    def drawn_seal(self) -> Drawing:
        """The drawing that replaces a missing portrait, in the founder's two inks."""
        return seal_for(self.pk)

    @property
    def focus_classes(self) -> str:
        """The CSS classes that keep the face in sight."""
        return focus_classes(self.portrait_focus)

    @property
    def is_approved(self) -> bool:
        """Whether the public sees this profile; in SQL: `Founder.objects.approved()`."""
        return self.status == FounderStatus.APPROVED

    @property
    def is_waiting(self) -> bool:
        """Whether the profile waits for a moderator; in SQL: `Founder.objects.waiting()`."""
        return self.status == FounderStatus.PENDING

    @property
    def waits_since(self) -> datetime:
        """Since when the profile has its status."""
        return self.status_changed_at

    @property
    def public_path(self) -> str:
        """The path of the profile, or an empty text if the public does not see it."""
        return self.get_absolute_url() if self.is_approved else ""

    @property
    def has_been_public(self) -> bool:
        """Whether the public sees the profile, or saw it before it was hidden."""
        return self.status in (FounderStatus.APPROVED, FounderStatus.HIDDEN)

    @property
    def last_name(self) -> str:
        """The last word of the name: readers look founders up by it."""
        return self.name.split()[-1] if self.name.split() else ""

    @property
    def names(self) -> str:
        """All the names by which the search finds this founder, company included."""
        return f"{self.name} {self.native_name} {self.company}"

    @property
    def years(self) -> str:
        """Years of life as shown: "1867–1930", "born 1867", or nothing."""
        if self.birth_year and self.death_year:
            return f"{self.birth_year}–{self.death_year}"
        return f"born {self.birth_year}" if self.birth_year else ""

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the profile. The status of a stored founder stays: only a decision changes it."""
        if not self._state.adding:
            profile = {field.name for field in self._meta.concrete_fields} - NOT_OF_THE_PROFILE
            kwargs.setdefault("update_fields", profile)
        super().save(*args, **kwargs)

    @transaction.atomic
    def decide(
        self, status: str, moderator: User | None = None, reason: str = "", read: str | None = None
    ) -> Decision:
        """Change the status, and return the Decision that records it.

        `moderator` is None when the publication itself decides (import, demo). `read` is the
        version of the profile that the moderator has read. Raises ValidationError if the profile
        has another version, if the stored status does not allow the step, or if its reason is
        missing.
        """
        stored = Founder.objects.select_for_update().get(pk=self.pk)
        if read is not None and read != stored.version:
            raise ValidationError(
                "The profile was changed after you opened it. Read it again, and decide then."
            )
        if moderator and stored.is_claimed_from(moderator):
            raise ValidationError(f"{stored.claimed_by} is deciding this at the moment.")
        self._refuse_second_decision(stored, status)
        if stored.erased_at and status in (FounderStatus.APPROVED, FounderStatus.PENDING):
            raise ValidationError("This person was erased, and does not come back.")
        if stored.merged_into and status in (FounderStatus.APPROVED, FounderStatus.PENDING):
            raise ValidationError(f"This is merged into {stored.merged_into}. Undo that first.")
        decision = Decision(
            founder=stored,
            moderator=moderator,
            from_status=stored.status,
            to_status=status,
            reason=reason.strip(),
        )
        decision.full_clean()
        decision.save()
        self.status, self.status_changed_at = status, decision.decided_at
        self.save(update_fields=["status", "status_changed_at"])
        record(
            AuditEntry.Kind.FOUNDER,
            "decided about",
            self,
            by=moderator,
            before={"status": decision.from_status},
            after={"status": decision.to_status},
            reason=decision.reason,
        )
        if stored.has_been_public or self.has_been_public:
            self.record_change()
        if stored.is_approved and stored.portrait:
            transaction.on_commit(stored._take_portrait_away)
        return decision

    def _refuse_second_decision(self, stored: "Founder", status: str) -> None:
        """Raise ValidationError, with who and what, if somebody has decided otherwise before."""
        last = stored.decisions.select_related("moderator").first()
        if status in STEPS[stored.status] or last is None or last.moderator is None:
            return
        at = date_format(timezone.localtime(last.decided_at), "F j, H:i")
        reason = f" Reason: {last.reason}" if last.reason else ""
        raise ValidationError(f"{last.moderator} was first: {last} on {at}.{reason}")

    def _take_portrait_away(self) -> None:
        """Delete the renditions of the portrait, unless another approved founder has it too."""
        name = str(self.portrait.name)
        if not Founder.objects.approved().with_portrait(name).exists():
            remove_renditions(name)

    def record_change(self) -> None:
        """Write to the change log that readers see another profile, or none any more."""
        change_log.record(self.surrogate_key, FOUNDERS, SEARCH, MISSING)

    def submit(self, by: User | None = None) -> Decision:
        """Put the profile into the moderators' queue."""
        return self.decide(FounderStatus.PENDING, by)

    def approve(self, by: User | None = None) -> Decision:
        """Show the profile to the public."""
        return self.decide(FounderStatus.APPROVED, by)

    def reject(self, reason: str, by: User | None = None) -> Decision:
        """Refuse the profile; its writers read the reason."""
        return self.decide(FounderStatus.REJECTED, by, reason)

    def hide(self, reason: str, by: User | None = None) -> Decision:
        """Remove a public profile from every page at once."""
        return self.decide(FounderStatus.HIDDEN, by, reason)
