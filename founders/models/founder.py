from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from markdownx.models import MarkdownxField

from founders.models.founder_query import FounderQuerySet
from stories_project.pictures import drawings
from stories_project.pictures.renditions import focus_classes, picture_of
from stories_project.text import markdown
from stories_project.text.folding import FoldedField
from stories_project.text.full_text_index import TokensField


def validate_links(text):
    """Raise ValidationError for the first line that is no web address."""
    validate = URLValidator(schemes=["http", "https"])
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            validate(line.strip())
        except ValidationError as error:
            raise ValidationError(f"Line {number} is not a web address: {line}") from error


class Founder(models.Model):
    """A person whom stories are about; not an account."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PENDING = "pending", "Waiting for a moderator"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        HIDDEN = "hidden", "Hidden"

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
    biography = MarkdownxField(blank=True)
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
        blank=True, validators=[validate_links], help_text="Web addresses about them, one a line."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    status_changed_at = models.DateTimeField(default=timezone.now, editable=False)
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

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of the profile."""
        return reverse("founder", args=[self.slug])

    @property
    def absolute_url(self):
        """The address with scheme and host, for machines."""
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def portrait_address(self):
        """The portrait's address with scheme and host, or nothing."""
        return settings.SITE_URL + self.portrait_picture.largest if self.portrait else ""

    @property
    def portrait_picture(self):
        """The portrait as a page shows it, or else the seal that is drawn for this founder."""
        return picture_of(self.portrait.name) or self.drawn_seal

    @property
    def drawn_seal(self):
        """The picture of a founder who has no other, in their inks."""
        return drawings.seal_for(self.pk)

    @property
    def focus_classes(self):
        """The CSS classes that keep the face in sight."""
        return focus_classes(self.portrait_focus)

    @property
    def is_approved(self):
        """Whether the public sees this profile; in SQL: `Founder.objects.approved()`."""
        return self.status == self.Status.APPROVED

    @property
    def has_been_public(self):
        """Whether the public sees the profile, or saw it until it was hidden."""
        return self.status in (self.Status.APPROVED, self.Status.HIDDEN)

    @property
    def is_hidden(self):
        """Whether the profile was public once and has been taken away."""
        return self.status == self.Status.HIDDEN

    @property
    def last_name(self):
        """The last word of the name, which readers search by."""
        return self.name.split()[-1] if self.name.split() else ""

    @property
    def names(self):
        """All that a reader may look for this person by."""
        return f"{self.name} {self.native_name} {self.company}"

    @property
    def years(self):
        """Years of life as shown: "1867–1930", "born 1867", or nothing."""
        if self.birth_year and self.death_year:
            return f"{self.birth_year}–{self.death_year}"
        return f"born {self.birth_year}" if self.birth_year else ""

    @property
    def biography_html(self):
        """The biography as safe HTML."""
        return markdown.render_html(self.biography)

    @property
    def same_as(self):
        """The addresses of other pages about this person."""
        return [line.strip() for line in self.links.splitlines() if line.strip()]

    @transaction.atomic
    def decide(self, status, moderator=None, reason=""):
        """Move to another status and record the decision.

        `moderator` is None when the publication itself decides (import, demo). Raises
        ValidationError when the step is not allowed from the present status, or lacks its reason.
        """
        stored = Founder.objects.select_for_update().get(pk=self.pk)
        decision = stored.decisions.model(
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
        return decision

    def submit(self, by=None):
        """Put the profile into the moderators' queue."""
        return self.decide(self.Status.PENDING, by)

    def approve(self, by=None):
        """Show the profile to the public."""
        return self.decide(self.Status.APPROVED, by)

    def reject(self, reason, by=None):
        """Refuse the profile; the reason is for those who wrote it."""
        return self.decide(self.Status.REJECTED, by, reason)

    def hide(self, reason, by=None):
        """Take a public profile away, everywhere and at once."""
        return self.decide(self.Status.HIDDEN, by, reason)
