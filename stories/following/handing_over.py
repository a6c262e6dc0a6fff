"""Gives e-mails to the mail server, and says how far it got.

SMTP (RFC 5321): the server is asked whether it takes the recipient before it gets the text. What
fails until then was not sent for certain. `begin` is called just before the text is handed over.
"""

import re
from collections.abc import Callable
from email.utils import parseaddr
from smtplib import SMTP
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

LONGEST_ANSWER = 300
TAKEN = {250, 251}
GO_ON, CLOSING = 354, 421
FIRST_FOR_EVER = 500
LEADING_DOT = re.compile(rb"(?m)^\.")


class NotSent(OSError):
    """The mail server takes nothing at the moment, from anybody to anybody."""


class Refused(Exception):
    """The mail server does not take this e-mail; `is_for_ever` if trying again is useless.

    `is_about_address` says that the recipient is the reason, and not a policy (5.7, RFC 3463).
    """

    def __init__(self, code: int, answer: bytes | str, asked_for: str = "") -> None:
        words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        super().__init__(f"{code} {' '.join(words.split())}"[:LONGEST_ANSWER])
        self.is_about_address = asked_for == "recipient" and not words.startswith("5.7.")
        self.is_for_ever = code >= FIRST_FOR_EVER


class Unknown(Exception):
    """The connection broke while the text was handed over: perhaps it arrives."""


class MailServer:
    """One connection to the mail server of the settings, for many e-mails."""

    def __init__(self) -> None:
        self._backend: Any = get_connection(settings.DIRECT_EMAIL_BACKEND)

    def __enter__(self) -> Self:
        self._backend.open()
        return self

    def __exit__(self, *error: object) -> None:
        self._backend.close()

    def hand_over(self, message: EmailMessage, begin: Callable[[], bool]) -> None:
        """Send an e-mail to its one recipient, unless `begin` returns False.

        Raises Refused, Unknown, or an OSError if it was not sent and the connection is of no use.
        """
        if isinstance(self._backend, EmailBackend):
            self._over_smtp(self._backend, message, begin)
        elif begin():  # The console, a file, or the memory of a test.
            self._backend.send_messages([message])

    def _over_smtp(
        self, backend: EmailBackend, message: EmailMessage, begin: Callable[[], bool]
    ) -> None:
        if backend.connection is None:
            backend.open()
        server: Any = backend.connection
        written: Any = message.message()
        text = written.as_bytes(linesep="\r\n")
        _envelope(server, message)
        if not begin():
            _hang_up(backend)
            return
        try:
            server.send(LEADING_DOT.sub(b"..", text) + b"\r\n.\r\n")
            code, answer = server.getreply()
        except OSError as error:
            _hang_up(backend)
            raise Unknown(str(error)[:LONGEST_ANSWER]) from error
        if code not in TAKEN:
            raise Refused(code, answer)


def _hang_up(backend: EmailBackend) -> None:
    """Close the connection at once: in the middle of a text the server would not hear a QUIT."""
    if backend.connection:
        backend.connection.close()
        backend.connection = None


def _envelope(server: SMTP, message: EmailMessage) -> None:
    """Say from whom and to whom the text is that follows. Raises Refused and NotSent."""
    sender = sanitize_address(parseaddr(message.from_email)[1], "utf-8")
    recipient = sanitize_address(message.to[0], "utf-8")
    server.ehlo_or_helo_if_needed()
    options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
    code, answer = server.mail(sender, options)
    if code not in TAKEN:
        raise NotSent(str(Refused(code, answer)))
    asked_for = "recipient"
    code, answer = server.rcpt(recipient)
    if code in TAKEN:
        asked_for = "text"
        code, answer = server.docmd("DATA")
        if code == GO_ON:
            return
    if code == CLOSING:
        raise NotSent(str(Refused(code, answer)))
    server.rset()
    raise Refused(code, answer, asked_for)
