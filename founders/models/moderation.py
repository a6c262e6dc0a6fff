from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from founders.models.decision import Decision
from founders.models.founder_query import FOUNDERS
from founders.models.status import STEPS, FounderStatus
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.claims import Claimable, who_was_first
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import MISSING, SEARCH, KeyedModel
from stories_project.pictures.renditions import remove_renditions

if TYPE_CHECKING:
    from founders.models.founder import Founder


class Moderated(Claimable, KeyedModel):
    """The status of a founder's profile, and the verbs of moderators. Each is one transaction."""

    portrait: Any

    status = models.CharField(
        max_length=10, choices=FounderStatus, default=FounderStatus.DRAFT, editable=False
    )
    status_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # The profile of the same person that was kept when the two were merged.
    merged_into = models.ForeignKey(
        "founders.Founder",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    # When everything that identifies the person was removed.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_approved(self) -> bool:
        """Whether the public sees this profile; in SQL: `Founder.objects.approved()`."""
        return self.status == FounderStatus.APPROVED

    @property
    def has_been_public(self) -> bool:
        """Whether the public sees the profile, or saw it before it was hidden."""
        return self.status in (FounderStatus.APPROVED, FounderStatus.HIDDEN)

    @property
    def is_waiting(self) -> bool:
        """Whether the profile waits for a moderator; in SQL: `Founder.objects.waiting()`."""
        return self.status == FounderStatus.PENDING

    @property
    def waits_since(self) -> datetime:
        """Since when the profile has its status."""
        return self.status_changed_at

    @property
    def _founders(self) -> Any:
        return type(self)._default_manager

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
        stored = self._founders.select_for_update().get(pk=self.pk)
        self._refuse(stored, status, moderator, read)
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
        self.claimed_by = self.claimed_at = None
        self.save(update_fields=["status", "status_changed_at", "claimed_by", "claimed_at"])
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

    def _refuse(
        self, stored: "Founder", status: str, moderator: User | None, read: str | None
    ) -> None:
        """Raise ValidationError for what keeps a moderator from taking a step now."""
        if read is not None and read != stored.version:
            raise ValidationError(
                _("The profile was changed after you opened it. Read it again, and decide then.")
            )
        if moderator and stored.is_claimed_from(moderator):
            text = _("%(who)s is deciding this at the moment.") % {"who": stored.claimed_by}
            raise ValidationError(text)
        last = stored.decisions.select_related("moderator").first()
        if status not in STEPS[stored.status] and last and last.moderator:
            first = who_was_first(last.moderator, str(last), last.decided_at, last.reason)
            raise ValidationError(first)
        if status in (FounderStatus.APPROVED, FounderStatus.PENDING):
            if stored.erased_at:
                raise ValidationError(_("This person was erased, and does not come back."))
            if stored.merged_into:
                text = _("This is merged into %(founder)s. Undo that first.")
                raise ValidationError(text % {"founder": stored.merged_into})

    def _take_portrait_away(self) -> None:
        """Delete the renditions of the portrait, unless another approved founder has it too."""
        name = str(self.portrait.name)
        if not self._founders.approved().with_portrait(name).exists():
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
