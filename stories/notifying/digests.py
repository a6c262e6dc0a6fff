"""The daily e-mail: what a member of staff wants to hear once a day, in one letter.

It is due at DIGEST_HOUR in the publication's zone. `manage.py work` sends what is due, and
`manage.py send_digests` does it too. A letter is claimed in the database before it is sent, so that
two of them never send it twice.
"""

import logging
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext

from stories.models import Digest, Notification
from stories.notifying.at_once import email, signature
from stories.notifying.reminders import remind
from stories_project.publication.current import current, in_its_language, in_its_zone

# What one letter lists; the desk has the others.
LISTED = 50

log = logging.getLogger(__name__)


@in_its_zone()
@in_its_language()
def send_digests(now: datetime) -> int:
    """Remind of deadlines, and send the daily letters that are due; return how many were sent."""
    moment = last_moment(now)
    remind(moment)
    waiting = Notification.objects.waiting_for_digest(moment).values("recipient")
    users = get_user_model()._default_manager.filter(pk__in=waiting).order_by("pk")
    return sum(_send(user, moment) for user in users.iterator())


def last_moment(now: datetime) -> datetime:
    """Return when digests were due last, at or before an aware datetime."""
    zone = timezone.get_current_timezone()
    today = timezone.localdate(now)
    moment = datetime.combine(today, time(settings.DIGEST_HOUR), zone)
    if moment > now:
        moment = datetime.combine(today - timedelta(days=1), time(settings.DIGEST_HOUR), zone)
    return moment


def _send(user: User, moment: datetime) -> bool:
    """Send the letter of one user, if nobody else has; return whether this did.

    It is claimed first, and sent after that. If the mail server fails, the claim is given back, and
    the next call tries again.
    """
    day = timezone.localdate(moment)
    keys = _claim(user, day, moment)
    if not keys:
        return False
    try:
        get_connection().send_messages([_letter(user, keys)])
    except Exception:
        # Mail back ends raise errors of any type.
        log.exception("No digest for account %s", user.pk)
        _give_back(user, keys)
        return False
    return True


@transaction.atomic
def _claim(user: User, day: date, moment: datetime) -> list[int]:
    """Return the keys of what the letter of this day lists, or none if it is not to be sent."""
    Digest.objects.get_or_create(recipient=user)
    free = Digest.objects.filter(Q(sent_on=None) | Q(sent_on__lt=day), recipient=user)
    if not free.update(sent_on=day):
        return []
    rows = user.notifications.waiting_for_digest(moment)  # type: ignore[attr-defined]
    keys = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(waits_for_digest=False)
    return keys if user.is_active and user.email else []


@transaction.atomic
def _give_back(user: User, keys: list[int]) -> None:
    Notification.objects.filter(pk__in=keys).update(waits_for_digest=True)
    Digest.objects.filter(recipient=user).update(sent_on=None)


def _letter(user: User, keys: list[int]) -> EmailMessage:
    listed = Notification.objects.filter(pk__in=keys[:LISTED]).newest_first()
    sentence = ngettext("%(count)s notification", "%(count)s notifications", len(keys))
    subject = f"{current().name}: {sentence % {'count': len(keys)}}"
    context = {
        "notifications": listed,
        "more": max(0, len(keys) - LISTED),
        "site": settings.SITE_URL,
        **signature(),
    }
    return email(subject, render_to_string("stories/digest.txt", context), user.email)
