from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.models.notification import name_of
from stories.models.review_link import ReviewLink
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.constraints import CheckedInPython
from stories_project.names import name_fields

IS_REPLY = Q(parent__isnull=False)
# Stands for the name of a guest that is deleted.
GUEST = "Guest"
# Stands for a passage that nobody may keep.
FORGOTTEN = "…"


class CommentQuerySet(models.QuerySet["Comment"]):
    def roots(self) -> Self:
        """Return the comments that begin a thread."""
        return self.filter(parent=None)

    def for_guest(self, link: ReviewLink) -> Self:
        """Return what a guest with a review link reads: their comments, and answers to them."""
        return self.filter(review_link=link)

    def for_thread(self) -> Self:
        """Load what a thread shows, the oldest comments first."""
        return self.select_related("author", "resolved_by", "review_link").order_by("pk")

    def for_mentioned(self, user: User) -> Self:
        """Return the open threads in which a user is mentioned, the newest mention first."""
        mentions = self.filter(mentioned=user)
        is_open = Q(parent=None, resolved_at=None) | (IS_REPLY & Q(parent__resolved_at=None))
        return mentions.filter(is_open).select_related("story", "author").order_by("-pk")

    def forget_passages(self, *texts: str) -> None:
        """Forget the neighbours of all passages, and each passage that none of the texts has.

        For a purge: a passage and its neighbours may be parts of what is purged.
        """
        for comment in self.roots():
            if not any(comment.quote in text for text in texts):
                comment.quote = FORGOTTEN
            comment.prefix = comment.suffix = ""
            comment.save(update_fields=["quote", "prefix", "suffix"])

    def forget_guests(self) -> int:
        """Delete the names of guests whose link closed long ago, and return how many.

        Their comments stay.
        """
        long_ago = timezone.now() - settings.SENDERS_KEPT
        links = ReviewLink.objects.filter(Q(expires_at__lt=long_ago) | Q(revoked_at__lt=long_ago))
        guests = self.filter(review_link__in=links.values("pk"), author=None)
        return guests.exclude(guest_name=GUEST).update(guest_name=GUEST)


class Comment(CheckedInPython):
    """What somebody says about a passage of a story, or a reply to that. It is never public.

    It is by a member of staff, or by a guest with a review link. A comment of the staff with a
    review link is an answer that the guest may read. The passage is kept as an anchor in the
    Markdown source of the body: see `stories/commenting/anchoring.py`. A fact-checker marks
    passages as confirmed or disputed.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, db_index=False, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMMENT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_link = models.ForeignKey(
        ReviewLink, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    guest_name = models.CharField(max_length=100, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    # Where a checker has found it: an address, or the name of a book.
    source = models.CharField(max_length=500, blank=True)
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    quote = models.TextField(max_length=1000, blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    # How many characters of the text stood before the passage, and after it.
    start = models.PositiveIntegerField(default=0)
    rest = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("check_facts", "Can mark passages as confirmed or disputed")]
        indexes = [models.Index(fields=["story", "id"], name="comment_of_story")]
        constraints = [
            models.CheckConstraint(
                condition=IS_REPLY | ~Q(quote=""),
                name="comment_has_passage",
                violation_error_message=_("Say which passage you mean."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="comment") | ~Q(text=""),
                name="comment_has_text",
                violation_error_message=_("Write the comment."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="confirmed") | ~Q(source=""),
                name="comment_confirmed_has_source",
                violation_error_message=_("Say with which source the passage is confirmed."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="disputed") | ~Q(text=""),
                name="comment_disputed_has_reason",
                violation_error_message=_("Say why the passage is disputed."),
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, guest_name="")
                | (Q(author=None, review_link__isnull=False, kind="comment") & ~Q(guest_name="")),
                name="comment_by_staff_or_guest",
                violation_error_message=_("A comment is by an account, or by a guest with a name."),
            ),
            models.CheckConstraint(
                condition=~IS_REPLY | Q(kind="comment", resolved_at=None),
                name="comment_reply_is_plain",
                violation_error_message=_("Only the comment that begins a thread has a state."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s by %(name)s") % {
            "kind": self.get_kind_display(),
            "name": self.name,
        }

    @property
    def name(self) -> str:
        """The name of who wrote the comment."""
        return name_of(self.author) if self.author else self.guest_name

    @property
    def is_by_guest(self) -> bool:
        """Whether a guest wrote the comment."""
        return self.author_id is None

    @property
    def is_fact_check(self) -> bool:
        """Whether a checker has marked the passage."""
        return self.kind != self.Kind.COMMENT

    @property
    def has_web_source(self) -> bool:
        """Whether the source is an address that a link can lead to."""
        return self.source.startswith(("https://", "http://")) and " " not in self.source

    def may_be_settled_by(self, user: User) -> bool:
        """Whether a user may resolve and reopen: the staff comments, fact-checkers their marks."""
        return not self.is_fact_check or user.has_perm("stories.check_facts")

    def may_be_deleted_by(self, user: User) -> bool:
        """Whether a user may delete: their own, and whoever publishes those of guests too."""
        may_clean_up = self.is_by_guest and user.has_perm("stories.publish_story")
        return self.author_id == user.pk or may_clean_up

    @transaction.atomic
    def resolve(self, by: User) -> None:
        """Close the thread. A mark of a fact-checker counts no more."""
        if self.resolved_at is None:
            self._settle(by, "took back")

    @transaction.atomic
    def reopen(self, by: User) -> None:
        """Open the thread again."""
        if self.resolved_at is not None:
            self._settle(None, "restored", by)

    @transaction.atomic
    def remove(self, by: User) -> None:
        """Delete the comment with its replies, and record that without their words."""
        what = "deleted a guest's comment on" if self.is_by_guest else "deleted a comment on"
        record(AuditEntry.Kind.STORY, what, self.story, by=by)
        self.delete()

    def record_mark(self, by: User, verb: str = "marked") -> None:
        """Record in the audit log what a fact-checker did with a passage."""
        if self.is_fact_check:
            what = f"{verb} a passage as {self.kind} in"
            record(AuditEntry.Kind.STORY, what, self.story, by=by, reason=self.source)

    def _settle(self, resolved_by: User | None, verb: str, by: User | None = None) -> None:
        self.resolved_by, self.resolved_at = resolved_by, timezone.now() if resolved_by else None
        self.save(update_fields=["resolved_by", "resolved_at"])
        if who := by or resolved_by:
            self.record_mark(who, verb)


name_fields(
    Comment,
    text=_("comment"),
    source=_("source"),
    kind=_("kind"),
    guest_name=_("your name"),
    quote=_("passage"),
)
