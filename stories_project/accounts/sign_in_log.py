"""Record who signed in, who signed out, who could not, and who changed how they sign in.

Each is an entry of the audit log and a line of the server's log, without passwords and without
e-mail addresses.
"""

import logging
from typing import Any

from allauth.account.signals import (
    email_added,
    email_changed,
    email_removed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record

log = logging.getLogger(__name__)
# What is typed as a name may be a password, or a line for the log: only this much, and quoted.
LONGEST_NAME = 60
CHANGES = {
    password_changed: "changed the password",
    password_set: "chose a password",
    password_reset: "chose a new password after forgetting it",
    email_added: "added an e-mail address",
    email_changed: "changed the e-mail address",
    email_removed: "removed an e-mail address",
}


@receiver(user_logged_in)
def record_sign_in(user: User, **signal: Any) -> None:
    """Record that somebody has signed in. A good moment to delete what the log keeps no longer."""
    AuditEntry.objects.expired().delete()
    _record(AuditEntry.Kind.SIGN_IN, user, "signed in")


@receiver(user_logged_out)
def record_sign_out(user: User | None, **signal: Any) -> None:
    """Record that somebody has signed out; a session without a user ends without an entry."""
    if user:
        _record(AuditEntry.Kind.SIGN_IN, user, "signed out")


@receiver(user_login_failed)
def record_refusal(credentials: dict[str, Any], **signal: Any) -> None:
    """Record that a name and a password were refused."""
    name = str(credentials.get("username") or credentials.get("email") or "")[:LONGEST_NAME]
    what = "was not signed in: wrong password, or no such account"
    _record(AuditEntry.Kind.SIGN_IN, name, what, logging.WARNING)


@receiver(authentication_failed)
def record_wrong_second_factor(user: User, **signal: Any) -> None:
    """Record that a second factor was wrong after a right password."""
    what = "was not signed in: wrong second factor"
    _record(AuditEntry.Kind.SIGN_IN, user, what, logging.WARNING)


@receiver([authenticator_added, authenticator_removed])
def record_second_factor(user: User, authenticator: Any, signal: Any, **more: Any) -> None:
    """Record that a second factor was added or removed."""
    verb = "added" if signal is authenticator_added else "removed"
    what = f"{verb} a second factor: {authenticator.get_type_display()}"
    _record(AuditEntry.Kind.ACCOUNT, user, what)


@receiver(list(CHANGES))
def record_change(user: User, signal: Any, **more: Any) -> None:
    """Record that the password or an e-mail address of an account was changed by its owner."""
    _record(AuditEntry.Kind.ACCOUNT, user, CHANGES[signal])


def _record(kind: str, who: User | str, what: str, level: int = logging.INFO) -> None:
    log.log(level, "%r %s", who.get_username() if isinstance(who, User) else who, what)
    record(kind, what, by=who or "somebody without a name")
