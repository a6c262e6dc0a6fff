"""Which letters there are, and who gets them. Nothing is planned before a story is public."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stories.following.matching import subjects_of, wanted
from stories.models import Follow, Follower, Letter, Sending, Story
from stories.models.letter import LONGEST_DIGEST, SENT_FOR
from stories_project.publication.current import current

FOLLOWERS_AT_ONCE = 1000
# A story that is published at the end of a day may be stored a moment later.
GRACE = timedelta(minutes=1)
Kind = Letter.Kind
LENGTHS = {Kind.DAILY: timedelta(days=1), Kind.WEEKLY: timedelta(days=7)}


def plan(now: datetime) -> None:
    """Make the letters that are due; a story, a day or a week has one at most."""
    fresh = Story.objects.published(now).filter(publish_at__gt=now - SENT_FOR, letter=None)
    for story in fresh.order_by("publish_at", "pk").only("publish_at"):
        Letter.objects.get_or_create(
            story=story, defaults={"kind": Kind.STORY, "until": story.publish_at or now}
        )
    for kind in LENGTHS:
        plan_digest(kind, now)


def plan_digest(kind: Letter.Kind, now: datetime) -> None:
    """Make the newest digest of a kind, if it is due and has stories and followers."""
    until = end_of_digest(kind, now)
    digests = Letter.objects.filter(kind=kind, until__gt=until - LONGEST_DIGEST)
    last = digests.order_by("-until").first()
    since = last.until if last else until - LENGTHS[kind]
    if since >= until or now > until + SENT_FOR:
        return
    new = Story.objects.published(now).filter(publish_at__gt=since, publish_at__lte=until)
    if new.exists() and Follower.objects.hear(kind).exists():
        Letter.objects.get_or_create(kind=kind, until=until)


def end_of_digest(kind: Letter.Kind, now: datetime) -> datetime:
    """Return when the last day or week ended: in the morning, in the zone of the publication."""
    local = timezone.localtime(now - GRACE, current().zone)
    end = local.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if end > local:
        end -= timedelta(days=1)
    return end - timedelta(days=end.weekday()) if kind == Kind.WEEKLY else end


def address(letter: Letter) -> None:
    """Make a Sending for each follower who gets a letter. It goes on where it was interrupted."""
    subjects = subjects_of(letter)
    while not letter.is_addressed:
        _address_some(letter, subjects)


@transaction.atomic
def _address_some(letter: Letter, subjects: list) -> None:
    """Make the sendings for the next followers, in the order of their primary keys."""
    some = Follower.objects.hear(letter.frequency).filter(
        pk__gt=letter.addressed_up_to, confirmed_at__lte=letter.created_at
    )
    keys = list(some.order_by("pk").values_list("pk", flat=True)[:FOLLOWERS_AT_ONCE])
    sendings = [
        Sending(letter=letter, follower_id=pk)
        for pk, follows in follows_of(keys).items()
        if wanted(letter, subjects, follows)
    ]
    # Another process may be doing the same.
    Sending.objects.bulk_create(sendings, ignore_conflicts=True)
    letter.addressed_up_to = keys[-1] if keys else letter.addressed_up_to
    letter.is_addressed = len(keys) < FOLLOWERS_AT_ONCE
    letter.save(update_fields=["addressed_up_to", "is_addressed"])


def follows_of(followers: list[int]) -> dict[int, list[Follow]]:
    """Return {primary key of a follower: what they follow}, with the followers, in one query."""
    found: dict[int, list[Follow]] = {pk: [] for pk in followers}
    rows = Follow.objects.filter(follower__in=followers).select_related("follower")
    for follow in rows.order_by():
        found[follow.follower_id].append(follow)
    return found
