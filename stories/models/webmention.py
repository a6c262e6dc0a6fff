"""Pages of other sites that say of themselves that they link to a page of ours.

https://www.w3.org/TR/webmention/
"""

from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from founders.models import Founder
from stories_project.page_cache import change_log

# So many characters are kept of an address, and of what a page says of itself.
LONGEST_URL, LONGEST_TITLE, LONGEST_AUTHOR, LONGEST_EXCERPT = 1000, 200, 100, 300
# A page that was never read is forgotten after this time.
UNREAD_KEPT = timedelta(days=7)


class WebmentionQuerySet(models.QuerySet["Webmention"]):
    def waiting(self) -> Self:
        """Return those that were read and wait for a moderator, the oldest first."""
        return self.filter(status=Webmention.Status.WAITING).order_by("sent_at", "pk")

    def shown(self) -> Self:
        """Return those that a moderator has approved, as readers see them."""
        return self.filter(status=Webmention.Status.APPROVED)

    def undecided(self) -> Self:
        """Return those that nobody has decided about, read or not."""
        return self.filter(status__in=(Webmention.Status.UNREAD, Webmention.Status.WAITING))

    def decidable_by(self, user: User) -> Self:
        """Return what a user may decide: moderators all, editors those of stories."""
        if user.has_perm("founders.moderate_founder"):
            return self
        may_publish = user.has_perm("stories.publish_story")
        return self.filter(story__isnull=False) if may_publish else self.none()

    def naming(self, names: set[str]) -> Self:
        """Return those of which the kept words have one of the names."""
        has_name = Q(pk=None)
        for name in names:
            for column in ("title", "author", "excerpt"):
                has_name |= Q((f"{column}__icontains", name))
        return self.filter(has_name)

    def forget_unread(self) -> int:
        """Delete those that nobody could read for long; return how many."""
        old = self.filter(status=Webmention.Status.UNREAD, sent_at__lt=timezone.now() - UNREAD_KEPT)
        return old.delete()[0]


class Webmention(models.Model):
    """A page of another site, the source, that links to a story or to a founder of ours.

    Readers see it only after a moderator has approved it. What is kept of the page is plain text.
    """

    class Status(models.TextChoices):
        UNREAD = "unread", _("Not yet read")
        WAITING = "waiting", _("Waiting for a moderator")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    source = models.CharField(max_length=LONGEST_URL)
    host = models.CharField(max_length=255)
    # The URL of ours as the sender wrote it: the source must link to it.
    target = models.CharField(max_length=LONGEST_URL)
    story = models.ForeignKey(
        "stories.Story", models.CASCADE, null=True, related_name="webmentions", db_index=False
    )
    founder = models.ForeignKey(
        Founder, models.CASCADE, null=True, related_name="webmentions", db_index=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.UNREAD)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True, default="")
    author = models.CharField(max_length=LONGEST_AUTHOR, blank=True, default="")
    excerpt = models.CharField(max_length=LONGEST_EXCERPT, blank=True, default="")
    sent_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = WebmentionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["status", "sent_at", "id"], name="webmention_queue"),
            models.Index(fields=["host", "status"], name="webmention_host"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "source"],
                condition=Q(founder=None),
                name="webmention_of_story_once",
            ),
            models.UniqueConstraint(
                fields=["founder", "source"],
                condition=Q(story=None),
                name="webmention_of_founder_once",
            ),
            models.CheckConstraint(
                condition=Q(story=None) ^ Q(founder=None), name="webmention_has_one_subject"
            ),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def subject(self) -> Any:
        """The story or the founder that the source links to."""
        return self.story or self.founder

    @property
    def is_shown(self) -> bool:
        """Whether readers see it."""
        return self.status == self.Status.APPROVED

    @property
    def is_being_read(self) -> bool:
        """Whether it was sent a moment ago, and was not read since."""
        is_read = self.read_at is not None and self.read_at >= self.sent_at
        return not is_read and self.sent_at > timezone.now() - timedelta(hours=1)

    def record_change(self) -> None:
        """Write to the change log that the page of the subject shows others now."""
        change_log.record(self.subject.surrogate_key)


def host_of(url: str) -> str:
    """Return the host name of a URL in small letters. Raises ValueError for what has none."""
    return (urlsplit(url).hostname or "").lower()
