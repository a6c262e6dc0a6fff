"""What is sent to followers, and to whom it was sent: each letter to each follower once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.models.follower import Follower
from stories.models.story import Story
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record

# What could not be sent by then is not sent any more.
SENT_FOR = timedelta(days=2)
# How long to wait after each refusal that may not last.
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 30, 120, 360)]
# How far back a digest looks for stories that a follower has not got.
LONGEST_DIGEST = timedelta(days=15)


class LetterQuerySet(models.QuerySet["Letter"]):
    def open(self) -> Self:
        """Return the letters that are being sent, the oldest first."""
        return self.filter(finished_at=None).order_by("pk")

    def newest_first(self) -> Self:
        """Load what the desk's list shows, the newest first."""
        return self.select_related("story").order_by("-pk")


class Letter(models.Model):
    """A story, or the stories of a day or a week, to be sent to whoever follows them.

    A digest has the stories that were published until `until`. `addressed_up_to` is the primary key
    of the last follower for whom there is a `Sending`, if one was wanted.
    """

    class Kind(models.TextChoices):
        STORY = "story", _("A story")
        DAILY = "daily", _("The stories of a day")
        WEEKLY = "weekly", _("The stories of a week")

    kind = models.CharField(max_length=10, choices=Kind)
    story = models.OneToOneField(Story, on_delete=models.SET_NULL, null=True, related_name="letter")
    until = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    addressed_up_to = models.BigIntegerField(default=0)
    is_addressed = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    # The last failure of the mail server as a whole, while it lasts.
    trouble = models.CharField(max_length=300, blank=True)
    # Counted when it was finished, because the rows of its sendings are deleted later.
    sent_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    unknown_count = models.PositiveIntegerField(default=0)

    objects = LetterQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="letter_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "until"],
                condition=~Q(kind="story"),
                name="letter_digest_once",
                violation_error_message=_("There is a digest of this time already."),
            )
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.STORY:
            return self.story.title if self.story else gettext("A story that was deleted")
        day = date_format(timezone.localtime(self.until), "DATE_FORMAT")
        return f"{self.get_kind_display()}, {day}"

    @property
    def frequency(self) -> str:
        """The frequency of the followers who get it."""
        is_story = self.kind == self.Kind.STORY
        return str(Follower.Frequency.EACH if is_story else self.kind)

    @property
    def stories(self) -> models.QuerySet[Story]:
        """Its stories that are public now, the newest first. A withdrawn one is not sent."""
        public = Story.objects.published()
        if self.kind == self.Kind.STORY:
            return public.filter(pk=self.story_id or 0)
        earliest = self.until - LONGEST_DIGEST
        return public.filter(publish_at__gt=earliest, publish_at__lte=self.until).newest_first()

    @property
    def is_over(self) -> bool:
        """Whether it is too late to send the rest."""
        return timezone.now() > self.created_at + SENT_FOR

    def finish(self) -> None:
        """Count what was sent; nothing more is."""
        self.sendings.undecided().delete()
        counts = Sending.objects.counts_of([self.pk])[self.pk]
        self.sent_count, self.failed_count = counts["sent"], counts["failed"]
        self.unknown_count = counts["unknown"]
        self.finished_at, self.is_addressed, self.trouble = timezone.now(), True, ""
        self.save()

    def stop(self, by: User) -> None:
        """Send no more of it, for good."""
        record(AuditEntry.Kind.STORY, "stopped the letter about", self.story, by=by)
        self.finish()


def _public(now: datetime) -> models.QuerySet[Story]:
    return Story.objects.published(now).filter(publish_at__gt=now - 2 * SENT_FOR).order_by()


class SendingQuerySet(models.QuerySet["Sending"]):
    def undecided(self) -> Self:
        """Return those that no mail server has got yet."""
        return self.filter(status__in=(Sending.Status.WAITING, Sending.Status.CLAIMED))

    def due(self, now: datetime) -> Self:
        """Return those that may be claimed, those that waited longest first."""
        return self.filter(status=Sending.Status.WAITING, due_at__lte=now).order_by("due_at", "pk")

    def sendable(self, now: datetime) -> Self:
        """Return those that are due, of letters whose stories are public."""
        is_held = Q(letter__kind=Letter.Kind.STORY) & ~Q(letter__story__in=_public(now))
        return self.due(now).exclude(is_held)

    def counts_of(self, letters: Iterable[int]) -> dict[int, dict[str, int]]:
        """Return {primary key of a letter: {"waiting", "sent", "failed", "unknown": how many}}.

        What is claimed, or being handed over, waits.
        """
        settled = ("sent", "failed", "unknown")
        found = {pk: dict.fromkeys(("waiting", *settled), 0) for pk in letters}
        rows = self.filter(letter__in=found).order_by().values_list("letter", "status")
        for letter, status, count in rows.annotate(Count("pk")):
            found[letter][status if status in settled else "waiting"] += count
        return found

    def forget_old(self, before: datetime) -> int:
        """Delete those of letters that were finished before a moment; return how many."""
        return self.filter(letter__finished_at__lt=before).delete()[0]


class Sending(models.Model):
    """One letter to one follower.

    waiting → claimed (by one process) → handed (the mail server is being given the text) → sent.
    A process that dies leaves its claims to the next. Nobody knows whether what was being handed
    over has arrived: that becomes "unknown", and is never sent again by itself.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Is next")
        HANDED = "handed", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Perhaps sent")

    letter = models.ForeignKey(
        Letter, on_delete=models.CASCADE, related_name="sendings", db_index=False
    )
    follower = models.ForeignKey(
        Follower, on_delete=models.SET_NULL, null=True, related_name="sendings"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=40, blank=True)
    claimed_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["letter", "status", "due_at", "id"], name="sending_due"),
            # How many were claimed within this minute.
            models.Index(fields=["claimed_at"], name="sending_claimed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "follower"],
                name="sending_once",
                violation_error_message=_("This letter was sent to this follower already."),
            )
        ]

    def begin(self) -> bool:
        """Mark it as handed over; return False if it may not be sent (any more) by this process.

        Somebody may have left or stopped the letter, or another process has taken the claim.
        """
        mine = Sending.objects.filter(
            pk=self.pk, claim=self.claim, status=self.Status.CLAIMED, follower__paused_at=None
        )
        handed = {"status": self.Status.HANDED, "handed_at": timezone.now()}
        return bool(mine.exclude(follower=None).update(**handed))

    def note_success(self, letter: Letter) -> None:
        """Mark it as sent, if it was handed over."""
        in_doubt = (self.Status.HANDED, self.Status.UNKNOWN)
        rows = Sending.objects.filter(pk=self.pk, claim=self.claim, status__in=in_doubt)
        follower = Follower.objects.filter(pk=self.follower_id or 0)
        if rows.update(status=self.Status.SENT, failure="") and letter.kind != Letter.Kind.STORY:
            follower.update(told_until=letter.until)
        if self.follower and self.follower.refusals:
            follower.update(refusals=0)

    def note_refusal(self, answer: str, is_for_ever: bool, is_about_address: bool) -> None:
        """Mark it as failed, or to be tried again later, with the answer of the mail server."""
        is_last = is_for_ever or self.attempts >= len(PAUSES)
        status = self.Status.FAILED if is_last else self.Status.WAITING
        due_at = self.due_at if is_last else timezone.now() + PAUSES[self.attempts]
        Sending.objects.filter(pk=self.pk, claim=self.claim).update(
            status=status, failure=answer, attempts=self.attempts + 1, due_at=due_at, claim=""
        )
        if is_for_ever and is_about_address and self.follower:
            self.follower.count_refusal()

    def note_doubt(self, reason: str) -> None:
        """Mark it as perhaps sent."""
        rows = Sending.objects.filter(pk=self.pk, claim=self.claim)
        rows.update(status=self.Status.UNKNOWN, failure=reason)
