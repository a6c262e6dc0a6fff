"""Invitations of the staff: an e-mail with the address where the invited choose a password."""

import logging
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from stories_project.publication.current import in_its_language

log = logging.getLogger(__name__)
TEMPLATE = "account/email/invitation"


def address_for(user: User) -> str:
    """Return the URL where somebody chooses the password of an account. It works once."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    address: str = get_adapter().get_reset_password_from_key_url(key)
    return address


def invite(request: HttpRequest, user: User) -> None:
    """Send an invitation once the account is stored, and say on the next page whether it was sent.

    The address in it works once, for `PASSWORD_RESET_TIMEOUT` seconds.
    """
    adapter = get_adapter(request)
    context = {"user": user, "url": address_for(user)}
    with in_its_language():
        message = EmailMessage(
            subject=adapter.format_email_subject(render_to_string(f"{TEMPLATE}_subject.txt")),
            body=render_to_string(f"{TEMPLATE}_message.txt", context, request),
            to=[user.email],
        )
    transaction.on_commit(partial(_send, request, message))


def _send(request: HttpRequest, message: EmailMessage) -> None:
    address = message.to[0]
    try:
        message.send()
    except OSError:  # every error of smtplib is one
        log.exception("The invitation of %r was not sent", address)
        text = _(
            "The account is stored, but the invitation could not be sent to %(address)s. Choose "
            "“Send the invitation again” later."
        )
        messages.error(request, text % {"address": address})
    else:
        text = _("The invitation was sent to %(address)s.")
        messages.success(request, text % {"address": address})
