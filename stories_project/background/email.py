"""E-mail outside of the request, tried again with longer and longer pauses."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMultiAlternatives
from django.utils import timezone
from django_tasks import task

from stories_project.background import worker

# How long to wait before each further attempt: about a day in all.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 960)]
KEPT = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "extra_headers")


class BackgroundEmail(BaseEmailBackend):
    """Django's e-mail backend of the site: lets a worker send, or sends at once without one."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send, or leave it to the worker; return how many messages. Raises what sending raises."""
        if not worker.is_running() or any(message.attachments for message in email_messages):
            return _direct(self.fail_silently).send_messages(email_messages) or 0
        for message in email_messages:
            send.enqueue(_to_json(message), 1)
        return len(email_messages)


@task()
def send(message: dict[str, Any], attempt: int) -> None:
    """Send an e-mail. If the mail server fails, try again later; the last failure is raised."""
    try:
        _direct().send_messages([_from_json(message)])
    except OSError:  # every error of smtplib is one
        if attempt > len(PAUSES):
            raise
        later = timezone.now() + PAUSES[attempt - 1]
        send.using(run_after=later).enqueue(message, attempt + 1)


def _direct(fail_silently: bool = False) -> Any:
    return get_connection(settings.DIRECT_EMAIL_BACKEND, fail_silently=fail_silently)


def _to_json(message: EmailMessage) -> dict[str, Any]:
    alternatives = getattr(message, "alternatives", [])
    return {
        **{name: getattr(message, name) for name in KEPT},
        "alternatives": [[str(content), str(kind)] for content, kind in alternatives],
    }


def _from_json(data: dict[str, Any]) -> EmailMessage:
    values = {name: data[name] for name in KEPT if name != "extra_headers"}
    alternatives = [(content, kind) for content, kind in data["alternatives"]]
    return EmailMultiAlternatives(
        **values, headers=data["extra_headers"], alternatives=alternatives
    )
