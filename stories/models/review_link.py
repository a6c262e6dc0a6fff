from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record


class ReviewLinkQuerySet(models.QuerySet):
    def open(self, at: datetime | None = None) -> Self:
        """Return the links that are neither revoked nor expired, now or at another moment.

        Some of them may be closed for another reason: see `ReviewLink.closed_because`.
        """
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def signed(self, token: str) -> Self:
        """Return the one link with this signed token, or none for an invalid token."""
        try:
            return self.filter(pk=signing.loads(token, salt=ReviewLink.SALT))
        except signing.BadSignature:
            return self.none()


class ReviewLink(models.Model):
    """A private link with which somebody without an account reads an unpublished story.

    It shows one fixed revision, or always the newest one. It expires, and can be revoked earlier.
    Publication closes it, and so does the end of its author's rights.
    """

    SALT = "stories.review_link"

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="review_links"
    )
    revision = models.ForeignKey(
        "stories.Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reader = models.CharField(max_length=200)
    # Whether its reader, who is called a guest then, may comment on passages.
    is_commentable = models.BooleanField(default=False, db_default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reader=""),
                name="review_link_has_reader",
                violation_error_message=_("Say for whom the link is."),
            )
        ]

    def __str__(self) -> str:
        return gettext("For %(reader)s") % {"reader": self.reader}

    def get_absolute_url(self) -> str:
        """Return the private address."""
        return reverse("review_link", args=[signing.dumps(self.pk, salt=self.SALT)])

    @property
    def absolute_url(self) -> str:
        """The private address with scheme and host, to send to the reader."""
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def is_open(self) -> bool:
        """Whether the link shows its story now."""
        return not self.closed_because

    @property
    def closed_because(self) -> str:
        """Why the link shows its story no more, in a few words; an empty text if it is open."""
        if self.revoked_at:
            return gettext("revoked")
        if self.expires_at <= timezone.now():
            return gettext("expired")
        if self.story.publish_at and self.created_at < self.story.publish_at <= timezone.now():
            return gettext("the story was published")
        if not (self.created_by.is_active and self.created_by.has_perm("stories.change_story")):
            return gettext("its author may not change stories any more")
        return ""

    @transaction.atomic
    def open_until(self, moment: datetime) -> None:
        """Store a new link, which is open until a moment."""
        self.expires_at = moment
        self.save()
        what = f"made a review link for {self.reader} to"
        record(AuditEntry.Kind.LINK, what, self.story, by=self.created_by)

    @transaction.atomic
    def let_comment(self, by: User, *, may: bool) -> None:
        """Let the guest comment, or comment no more. What they have written stays."""
        self.is_commentable = may
        self.save(update_fields=["is_commentable"])
        what = "opened comments" if may else "closed comments"
        what = f"{what} on the review link for {self.reader} to"
        record(AuditEntry.Kind.LINK, what, self.story, by=by)

    @transaction.atomic
    def revoke(self, by: User) -> None:
        """Revoke the link permanently."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
        what = f"revoked the review link for {self.reader} to"
        record(AuditEntry.Kind.LINK, what, self.story, by=by)
