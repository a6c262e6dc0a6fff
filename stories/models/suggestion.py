from datetime import datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from founders.models import Founder
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.batches import batches
from stories_project.claims import Claimable
from stories_project.page_cache import change_log
from stories_project.text.folding import FoldedField

if TYPE_CHECKING:
    from stories.models.story import Story


def make_token() -> str:
    """Return the random part of a private address."""
    return token_urlsafe(24)


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> Self:
        """Return the suggestions that nobody has decided yet, the oldest first."""
        return self.filter(status=Suggestion.Status.WAITING).order_by("created_at", "pk")

    def decidable_by(self, user: User) -> Self:
        """Return what a user may decide; see `Suggestion.may_be_decided_by`."""
        if user.has_perm("founders.moderate_founder"):
            return self
        may_publish = user.has_perm("stories.publish_story")
        return self.filter(kind=Suggestion.Kind.STORY) if may_publish else self.none()

    def forget_senders(self) -> int:
        """Delete the e-mail addresses of who was answered long ago, and return how many."""
        decided = (Suggestion.Status.ACCEPTED, Suggestion.Status.REJECTED)
        # The statuses let it use an index, since every decision calls this.
        answered = self.filter(
            status__in=decided, decided_at__lt=timezone.now() - settings.SENDERS_KEPT
        )
        with transaction.atomic():
            # Those that somebody has locked are forgotten next time.
            rows = answered.exclude(email="").select_for_update(skip_locked=True)
            keys = list(rows.values_list("pk", flat=True))
            return sum(self.filter(pk__in=some).update(email="") for some in batches(keys))

    def by(self, author: User) -> Self:
        """Return the proposals of a member of staff."""
        return self.filter(author=author)

    def recent(self, since: datetime) -> Self:
        """Return what waits or was decided since a moment, the newest first."""
        waits = Q(status=Suggestion.Status.WAITING)
        return self.filter(waits | Q(decided_at__gte=since)).order_by("-pk")

    def noted(self) -> Self:
        """Return the accepted corrections with a note for readers, the newest first."""
        accepted = self.filter(status=Suggestion.Status.ACCEPTED).exclude(public_note="")
        return accepted.order_by("-decided_at", "-pk")


class Suggestion(Claimable):
    """A founder or a correction that somebody suggests who may not change it. It is never public.

    `content` has the suggested values of `FounderForm`: all of a new founder, and only the changed
    ones of a correction to a profile; `based_on` has the values that these are to replace. A
    correction to a story is only a message. What a member of staff suggests is called a proposal;
    it has an `author`.
    """

    class Kind(models.TextChoices):
        FOUNDER = "founder", _("A founder to write about")
        PROFILE = "profile", _("Correction of a profile")
        STORY = "story", _("Correction of a story")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for a moderator")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Taken back")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    founder = models.ForeignKey(
        Founder, on_delete=models.SET_NULL, null=True, related_name="suggestions"
    )
    story = models.ForeignKey(
        "stories.Story", on_delete=models.SET_NULL, null=True, related_name="suggestions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
    )
    content = models.JSONField(default=dict)
    based_on = models.JSONField(blank=True, default=dict, db_default={})
    message = models.TextField(max_length=5000, blank=True)
    email = models.EmailField(blank=True)
    # The sentence that the sender has agreed to, at `created_at`.
    consent = models.CharField(max_length=300, blank=True, default="", db_default="")
    token = models.CharField(max_length=40, unique=True, default=make_token)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.TextField(max_length=2000, blank=True)
    public_note = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    folded_name = FoldedField(source="name")

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "created_at", "id"], name="suggestion_queue"),
            models.Index(fields=["status", "-decided_at", "-id"], name="suggestion_decided"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""),
                name="suggestion_refusal_has_reason",
                violation_error_message=_("Give a reason: who sent it will read it."),
            ),
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(decided_at__isnull=False),
                name="suggestion_decided_has_time",
                violation_error_message=_("A decision has a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def get_absolute_url(self) -> str:
        """Return the private address where the sender sees the status of the suggestion."""
        return reverse("suggestion", args=[self.token])

    @property
    def waits_since(self) -> datetime:
        """When the suggestion was sent."""
        return self.created_at

    @property
    def is_waiting(self) -> bool:
        """Whether the suggestion is not decided yet."""
        return self.status == self.Status.WAITING

    @property
    def subject(self) -> "Founder | Story | None":
        """The founder or story that the suggestion is about, or None."""
        return self.founder or self.story

    def may_be_decided_by(self, user: User | AnonymousUser) -> bool:
        """Whether a user may decide: moderators may always, editors only about stories."""
        is_about_story = self.kind == self.Kind.STORY
        return user.has_perm("founders.moderate_founder") or (
            is_about_story and user.has_perm("stories.publish_story")
        )

    def decide(self, status: str, by: User, **changes: Any) -> None:
        """Record a decision: the new status, the user, the time, and other changed fields.

        Raises ValidationError for a rejection without a reason.
        """
        self.status, self.decided_by, self.decided_at = status, by, timezone.now()
        for name, value in changes.items():
            setattr(self, name, value)
        self.validate_constraints()
        self.save()
        record(AuditEntry.Kind.SUGGESTION, status, self, by=by, reason=self.reason)
        Suggestion.objects.forget_senders()
        self.record_change()

    def record_change(self) -> None:
        """Write to the change log that the pages of the subject may show another note."""
        if self.subject:
            change_log.record(self.subject.surrogate_key)
