"""Rows that wait for a decision, and that one person at a time decides."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

CLAIM_DURATION = timedelta(minutes=15)


def free_for(user: User) -> Q:
    """Return the condition that nobody but the user has a claim on a row."""
    is_old = Q(claimed_at=None) | Q(claimed_at__lte=timezone.now() - CLAIM_DURATION)
    return is_old | Q(claimed_by=None) | Q(claimed_by=user)


def who_was_first(who: User | None, what: str, at: datetime | None, reason: str) -> str:
    """Return what somebody reads who decides second: by whom, what, when and why it was decided."""
    moment = timezone.localtime(at)
    values = {
        "who": who or _("Somebody"),
        "what": what,
        "day": date_format(moment, "MONTH_DAY_FORMAT"),
        "time": date_format(moment, "H:i"),
        "reason": reason,
    }
    if reason:
        return _("%(who)s was first: %(what)s on %(day)s, %(time)s. Reason: %(reason)s") % values
    return _("%(who)s was first: %(what)s on %(day)s, %(time)s.") % values


class Claimable(models.Model):
    """A row that somebody claims for 15 minutes while it waits for a decision."""

    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Whether the row is not decided yet."""
        raise NotImplementedError

    @property
    def waits_since(self) -> datetime:
        """Since when the row waits."""
        raise NotImplementedError

    @property
    def answer_due_at(self) -> datetime:
        """Until when those who wait may expect an answer."""
        return self.waits_since + settings.ANSWER_WITHIN

    @property
    def is_overdue(self) -> bool:
        """Whether the row waits for longer than anybody should."""
        return self.is_waiting and self.answer_due_at < timezone.now()

    def is_claimed_from(self, user: User | AnonymousUser) -> bool:
        """Whether another user has claimed the row less than 15 minutes ago."""
        is_fresh = self.claimed_at and self.claimed_at > timezone.now() - CLAIM_DURATION
        return bool(self.is_waiting and is_fresh and self.claimed_by_id not in (None, user.pk))

    @transaction.atomic
    def claim(self, user: User) -> bool:
        """Reserve the row for a user for 15 minutes; return whether that was possible.

        It fails if the row is decided already, or claimed by another user.
        """
        self._lock()
        if not self.is_waiting or self.is_claimed_from(user):
            return False
        self._set_claim(user, timezone.now())
        return True

    @transaction.atomic
    def release(self, user: User) -> None:
        """Give up the claim of a user, if it is theirs."""
        self._lock()
        if self.claimed_by_id == user.pk:
            self._set_claim(None, None)

    def _lock(self) -> None:
        """Lock the row, and load it again."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())

    def _set_claim(self, user: User | None, at: datetime | None) -> None:
        """Store a claim, and nothing else: whoever edits the row meanwhile notices nothing."""
        self.claimed_by, self.claimed_at = user, at
        rows = type(self)._default_manager.filter(pk=self.pk)
        rows.update(claimed_by=user, claimed_at=at)
