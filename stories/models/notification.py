from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=90)


class Kind(models.TextChoices):
    """What a notification is about. The first eight are the steps of a review."""

    SUBMITTED = "submitted", _("Submitted for review")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Schedule cancelled")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    FAILED = "failed", _("Could not go live")
    ASSIGNED = "assigned", _("A story is yours now")
    DEADLINE = "deadline", _("Deadline is near")
    OVERDUE = "overdue", _("Deadline has passed")
    MENTION = "mention", _("Somebody mentions you")
    COMMENT = "comment", _("Comment")


class Channel(models.TextChoices):
    """Where somebody is told. What is sent by e-mail stands at the desk too."""

    DESK = "desk", _("At the desk")
    EMAIL = "email", _("By e-mail at once")
    DIGEST = "digest", _("In the daily e-mail")
    NONE = "none", _("Not at all")


# Where somebody is told who has chosen nothing: by e-mail, as long as nobody floods anybody.
DEFAULTS = dict.fromkeys(Kind, Channel.EMAIL) | dict.fromkeys(
    (Kind.DEADLINE, Kind.OVERDUE, Kind.COMMENT), Channel.DIGEST
)
SENTENCES = {
    Kind.SUBMITTED: gettext_noop("%(who)s submitted it for review."),
    Kind.APPROVED: gettext_noop("%(who)s approved it."),
    Kind.RETURNED: gettext_noop("%(who)s returned it."),
    Kind.PUBLISHED: gettext_noop("%(who)s published it."),
    Kind.SCHEDULED: gettext_noop("%(who)s scheduled it for %(when)s."),
    Kind.CANCELLED: gettext_noop("%(who)s cancelled its schedule."),
    Kind.WITHDRAWN: gettext_noop("%(who)s withdrew it."),
    Kind.FAILED: gettext_noop("Its changes could not go live."),
    Kind.ASSIGNED: gettext_noop("%(who)s made you its owner."),
    Kind.DEADLINE: gettext_noop("Its deadline is %(day)s."),
    Kind.OVERDUE: gettext_noop("Its deadline was %(day)s. It is overdue."),
    Kind.MENTION: gettext_noop("%(who)s mentions you."),
    Kind.COMMENT: gettext_noop("There is a new comment."),
}


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        """Return those that their recipient has not opened."""
        return self.filter(read_at=None)

    def waiting_for_digest(self, moment: datetime) -> Self:
        """Return those from before a moment that no digest has had yet."""
        return self.filter(waits_for_digest=True, created_at__lte=moment)

    def expired(self) -> Self:
        """Return those that are older than the desk keeps them."""
        return self.filter(created_at__lt=timezone.now() - KEPT)

    def newest_first(self) -> Self:
        """Sort by time, the newest first, with what a line of the list shows."""
        rows = self.select_related("story", "actor").order_by("-pk")
        return rows.defer("story__body", "story__body_html", "story__body_headings")


class Notification(models.Model):
    """Something that one member of staff is told about one story."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="notifications",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    story = models.ForeignKey("stories.Story", on_delete=models.CASCADE, related_name="+")
    # Who did it; None for the publication itself.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # What the actor has written, such as a comment.
    text = models.TextField(blank=True)
    # Where it leads, as a path of this site; empty for the form of the story.
    path = models.CharField(max_length=500, blank=True)
    # When what was scheduled will happen; of a deadline, the beginning of its day.
    moment = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    waits_for_digest = models.BooleanField(default=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_newest"),
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(
                fields=["recipient", "created_at"],
                condition=Q(waits_for_digest=True),
                name="notification_for_digest",
            ),
            models.Index(fields=["created_at"], name="notification_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(path="") | Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="notification_leads_to_this_site",
                violation_error_message=_("A notification leads to a page of this site."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.story}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """What has happened to the story, in the language of whoever reads it."""
        values = {"who": name_of(self.actor)}
        if self.moment:
            local = timezone.localtime(self.moment)
            values["when"] = date_format(local, "DATETIME_FORMAT")
            values["day"] = date_format(local, "DATE_FORMAT")
        return gettext(SENTENCES[Kind(self.kind)]) % values

    @property
    def leads_to(self) -> str:
        """The path of the page that it is about."""
        return self.path or reverse("admin:stories_story_change", args=[self.story_id])

    def mark_read(self) -> None:
        """Record that the recipient has opened it, once."""
        unread = type(self).objects.unread().filter(pk=self.pk)
        unread.update(read_at=timezone.now())


def name_of(user: User | None) -> str:
    """Return the name of an account; of none, that the publication did it."""
    return user.get_full_name() or user.get_username() if user else gettext("The publication")


class NotificationPreference(models.Model):
    """Where one member of staff wants to be told about one kind, if not as DEFAULTS says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_once_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class Digest(models.Model):
    """The day of the last daily e-mail to one member of staff: whoever sends one claims the day."""

    recipient = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    sent_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.recipient}: {self.sent_on}"
