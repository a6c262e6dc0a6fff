"""E-mails that are sent at once: one notification, to each recipient who wants it so."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from stories.models import Notification
from stories.models.notification import name_of
from stories_project.publication.current import current, in_its_language, in_its_zone

log = logging.getLogger(__name__)


@in_its_zone()
@in_its_language()
def send_at_once(notifications: list[Notification]) -> None:
    """Send one notification to all of its recipients. If that fails, log it and raise nothing.

    The notifications differ only in their recipients.
    """
    first = notifications[0]
    addresses = {each.recipient.email.lower() for each in notifications} - {""}
    body = render_to_string(
        "stories/notice.txt",
        {
            "notification": first,
            "actor": name_of(first.actor) if first.actor else "",
            "address": settings.SITE_URL + first.leads_to,
            **signature(),
        },
    )
    subject = f"{first.get_kind_display()}: {' '.join(first.story.title.split())}"
    messages = [email(subject, body, address) for address in sorted(addresses)]
    try:
        get_connection().send_messages(messages)
    except Exception:
        # Mail back ends raise errors of any type. The notification stands at the desk already.
        log.exception("No e-mail about %s of story %s", first.kind, first.story_id)


def signature() -> dict[str, str]:
    """Return what stands below every e-mail: the publication, and where to choose what is sent."""
    return {"publication_name": current().name, "preferences": preferences_url()}


def preferences_url() -> str:
    """Return the URL of the page where one chooses which e-mails one gets."""
    return settings.SITE_URL + reverse("admin:stories_story_notification_preferences")


def email(subject: str, body: str, address: str) -> EmailMessage:
    """Return an e-mail whose program can offer to unsubscribe (RFC 2369)."""
    headers = {"List-Unsubscribe": f"<{preferences_url()}>"}
    return EmailMessage(subject, body, to=[address], headers=headers)
