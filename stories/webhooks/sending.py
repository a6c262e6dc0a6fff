"""Sends the messages that are due, through the outbox: signed, and tried again after a failure.

One message is claimed at a time. A receiver that fails is left alone for a while with all of its
messages, longer each time; the others are not held up. After a day a message is given up.
"""

import time
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.models import Webhook, WebhookDelivery
from stories.webhooks.messages import NotToBeSent, body_of, headers_for, id_of
from stories.webhooks.public_posts import Answer, post
from stories_project.encryption import Unreadable
from stories_project.page_cache.deliveries import receiver
from stories_project.page_cache.delivering import PINGS_END_AFTER, claim, delay_after, deliver
from stories_project.page_cache.models import Delivery
from stories_project.page_cache.posting import NotDelivered
from stories_project.publication.current import in_its_language

Status = WebhookDelivery.Status
# The outbox forgets what is older than PINGS_END_AFTER: before, the log says that it is given up.
BEFORE_THE_END = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=1)


def send_due() -> None:
    """Send what is due now, to each webhook until something fails."""
    with in_its_language():
        for webhook in Webhook.objects.order_by("pk"):
            while claimed := claim(receiver(webhook.pk), timezone.now(), most=1):
                if not deliver(claimed, partial(_send_keys, webhook)):
                    _leave_alone(webhook, claimed.rows[0])
                    break


def _send_keys(webhook: Webhook, keys: set[str]) -> None:
    numbers = [int(key.rpartition("-")[2]) for key in keys]
    for message in webhook.deliveries.filter(pk__in=numbers, status=Status.WAITING):
        message.webhook = webhook
        send(message)


def send(message: WebhookDelivery) -> None:
    """Send one message, and store what became of it. Raises NotDelivered to be tried again."""
    webhook = message.webhook
    if webhook.paused_at and message.event != WebhookDelivery.PING:
        message.note(Status.NOT_SENT, _("The webhook was paused."))
        return
    try:
        body, secret = body_of(message), webhook.read_secret()
    except NotToBeSent as reason:
        message.note(Status.NOT_SENT, str(reason))
        return
    except Unreadable:
        message.note(
            Status.GIVEN_UP,
            _("The secret cannot be read, because SECRET_KEY was changed. Add the webhook anew."),
        )
        return
    message.attempts += 1
    try:
        answer = _post(message, body, secret)
    except NotDelivered as failure:
        _note_failure(message, str(failure))
        raise
    message.note(Status.DELIVERED, response_code=answer.status, response_start=answer.start)
    Webhook.objects.filter(pk=webhook.pk).exclude(failures=0).update(failures=0)


def _post(message: WebhookDelivery, body: bytes, secret: str) -> Answer:
    """Return an answer that says that the message has arrived. Raises NotDelivered."""
    message.response_code, message.response_start = None, ""
    headers = headers_for(id_of(message), int(time.time()), body, secret)
    answer = post(message.webhook.url, body, headers)
    if not 200 <= answer.status < 300:
        message.response_code, message.response_start = answer
        raise NotDelivered(_("The answer has the status %(status)s.") % {"status": answer.status})
    return answer


def _note_failure(message: WebhookDelivery, failure: str) -> None:
    end = message.queued_at + PINGS_END_AFTER - BEFORE_THE_END
    message.note(
        Status.WAITING if timezone.now() < end else Status.GIVEN_UP,
        failure,
        response_code=message.response_code,
        response_start=message.response_start,
    )


def _leave_alone(webhook: Webhook, failed: Delivery) -> None:
    """Postpone everything for a webhook; what has failed comes last."""
    delay = delay_after(webhook.failures)
    webhook.failures += 1
    Webhook.objects.filter(pk=webhook.pk).update(failures=webhook.failures)
    later = timezone.now() + delay
    waiting = Delivery.objects.filter(target=receiver(webhook.pk))
    _postpone(waiting.exclude(pk=failed.pk), later)
    _postpone(waiting.filter(pk=failed.pk), later + A_MOMENT if webhook.failures > 1 else later)


def _postpone(rows: QuerySet[Delivery], until: datetime) -> None:
    rows.filter(due_at__lt=until).update(due_at=until)


def next_attempts(webhook: Webhook) -> dict[str, datetime]:
    """Return when what waits for a webhook is tried next: {key of the message: time}."""
    waiting = Delivery.objects.filter(target=receiver(webhook.pk))
    return dict(waiting.values_list("keys", "due_at"))
