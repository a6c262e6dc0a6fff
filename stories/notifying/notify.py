"""Tell members of staff what happens to a story: at the desk, by e-mail at once or once a day.

Whoever does something that others should know calls `notify` in the same transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from stories.models import Author, Notification, NotificationPreference, Story
from stories.models.notification import DEFAULTS, Channel, Kind
from stories.notifying.at_once import send_at_once


def notify(
    kind: str,
    recipients: Iterable[User],
    story: Story,
    by: Author = None,
    *,
    text: str = "",
    path: str = "",
    moment: datetime | None = None,
    at: datetime | None = None,
) -> list[Notification]:
    """Store a notification for each recipient who wants one; return them.

    `by` did it, and is not told. `text` is what they have written. `path` leads to another page of
    this site than the form of the story. `moment` is when what is planned will happen. `at` is when
    it happened, if not now. E-mails are sent after the transaction is committed.
    """
    others = {user.pk: user for user in recipients if user.is_active and user != by}
    if not others:
        return []
    channels = _channels(kind, others)
    told = [
        Notification(
            recipient=user,
            kind=kind,
            story=story,
            actor=by,
            text=text,
            path=path,
            moment=moment,
            created_at=at or timezone.now(),
            waits_for_digest=channels[key] == Channel.DIGEST,
        )
        for key, user in others.items()
        if channels[key] != Channel.NONE
    ]
    Notification.objects.bulk_create(told)
    by_email = [each for each in told if channels[each.recipient_id] == Channel.EMAIL]
    if by_email:
        transaction.on_commit(partial(send_at_once, by_email))
    return told


def channels_of(user: User) -> dict[str, str]:
    """Return {kind: channel} for one member of staff: what they have chosen, or else DEFAULTS."""
    chosen = NotificationPreference.objects.filter(user=user).values_list("kind", "channel")
    return {kind: DEFAULTS[kind] for kind in Kind} | dict(chosen)


def _channels(kind: str, users: Iterable[int]) -> dict[int, str]:
    chosen = NotificationPreference.objects.filter(kind=kind, user__in=list(users))
    return dict.fromkeys(users, DEFAULTS[Kind(kind)]) | dict(chosen.values_list("user", "channel"))
