"""Who gets new stories by e-mail, and which. Only confirmed addresses are stored."""

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from founders.models import Founder
from stories.models.suggestion import make_token
from stories.models.tag import Tag

# After so many letters in a row that the mail server refused, an address gets no more of them.
REFUSALS = 3


def folded_address(address: str) -> str:
    """Return an e-mail address as it is compared: without case and surrounding spaces."""
    return address.strip().lower()


class FollowerQuerySet(models.QuerySet["Follower"]):
    def with_address(self, address: str) -> Self:
        """Return the follower with an e-mail address, or none."""
        return self.filter(folded_address=folded_address(address))

    def reachable(self) -> Self:
        """Return those whose letters do not come back."""
        return self.filter(paused_at=None)

    def counts(self) -> dict[str, int]:
        """Return {frequency: how many are reachable}, and how many are not as "paused"."""
        reachable = self.reachable().order_by().values_list("frequency")
        found = dict(reachable.annotate(Count("pk")))
        counts = {value: found.get(value, 0) for value in Follower.Frequency.values}
        return {**counts, "paused": self.filter(paused_at__isnull=False).count()}

    def hear(self, frequency: str) -> Self:
        """Return those who are reachable, and have chosen a frequency."""
        return self.reachable().filter(frequency=frequency)

    def forget_unreachable(self) -> int:
        """Delete those whose letters came back long ago; return how many."""
        old = self.filter(paused_at__lt=timezone.now() - settings.SENDERS_KEPT)
        followers = list(old)
        for follower in followers:
            follower.leave()
        return len(followers)


class Follower(models.Model):
    """A person who gets stories by e-mail, without an account. The token opens their page."""

    class Frequency(models.TextChoices):
        EACH = "each", _("Each story, when it is published")
        DAILY = "daily", _("Once a day, if there are new stories")
        WEEKLY = "weekly", _("Once a week, if there are new stories")

    address = models.EmailField()
    folded_address = models.EmailField(editable=False)
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.EACH)
    token = models.CharField(max_length=40, unique=True, default=make_token, editable=False)
    # The sentence that was agreed to, when the form was sent, and when the address was confirmed.
    consent = models.CharField(max_length=300, editable=False)
    asked_at = models.DateTimeField(editable=False)
    confirmed_at = models.DateTimeField(default=timezone.now, editable=False)
    # No digest has a story that was published before this.
    told_until = models.DateTimeField(default=timezone.now, editable=False)
    refusals = models.PositiveSmallIntegerField(default=0, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["frequency", "id"], name="follower_by_frequency")]
        constraints = [
            models.UniqueConstraint(
                fields=["folded_address"],
                name="follower_once_an_address",
                violation_error_message=_("This address follows already."),
            )
        ]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        """Return the address of the page of preferences, which only the follower knows."""
        return self.path("preferences")

    def path(self, name: str) -> str:
        """Return the address of a private page: "preferences", "leave" or "held"."""
        return reverse(f"follow_{name}", args=[self.token])

    def choose(self, frequency: str) -> None:
        """Set how often letters come, and let them come again if they had come back."""
        if self.frequency == self.Frequency.EACH != frequency:
            # What is public by now was in a letter of its own.
            self.told_until = timezone.now()
        self.frequency, self.refusals, self.paused_at = frequency, 0, None
        self.save(update_fields=["frequency", "told_until", "refusals", "paused_at"])

    def count_refusal(self) -> None:
        """Note that a mail server refused a letter; after some, no more are sent."""
        self.refusals += 1
        if self.refusals >= REFUSALS:
            self.paused_at = self.paused_at or timezone.now()
        self.save(update_fields=["refusals", "paused_at"])

    def leave(self) -> None:
        """Delete the address and all that belongs to it. The counts of letters stay."""
        with transaction.atomic():
            self.sendings.undecided().delete()
            # A mail server may have named the address in its answer.
            self.sendings.update(failure="")
            self.delete()

    @property
    def held(self) -> dict[str, Any]:
        """Everything that is held about the person, as values that JSON can hold."""
        columns = ("address", "frequency", "consent", "asked_at", "confirmed_at", "told_until")
        return {
            **{name: getattr(self, name) for name in (*columns, "refusals", "paused_at")},
            "follows": [str(follow) for follow in self.follows.with_names()],
            "letters": [
                {"letter": str(row.letter), "status": row.get_status_display(), "at": row.handed_at}
                for row in self.sendings.select_related("letter__story").order_by("pk")
            ],
        }


class FollowQuerySet(models.QuerySet["Follow"]):
    def with_names(self) -> Self:
        """Load the founders and the tags, in one query; in the order in which they were chosen."""
        return self.select_related("founder", "tag").order_by("pk")


class Follow(models.Model):
    """What a follower follows: a founder, a tag, or, with neither, every story."""

    follower = models.ForeignKey(
        Follower, on_delete=models.CASCADE, related_name="follows", db_index=False
    )
    founder = models.ForeignKey(
        Founder, on_delete=models.CASCADE, null=True, blank=True, related_name="follows"
    )
    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, null=True, blank=True, related_name="follows"
    )

    objects = FollowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["follower"],
                condition=Q(founder=None, tag=None),
                name="follow_everything_once",
                violation_error_message=_("You follow every story already."),
            ),
            models.UniqueConstraint(
                fields=["follower", "founder"],
                name="follow_founder_once",
                violation_error_message=_("You follow this founder already."),
            ),
            models.UniqueConstraint(
                fields=["follower", "tag"],
                name="follow_tag_once",
                violation_error_message=_("You follow this tag already."),
            ),
            models.CheckConstraint(
                condition=Q(founder=None) | Q(tag=None),
                name="follow_one_thing",
                violation_error_message=_("Follow a founder or a tag, one at a time."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.founder or self.tag or _("Every story"))
