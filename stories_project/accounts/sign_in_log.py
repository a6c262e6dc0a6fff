"""Writes who signed in, who signed out, and who could not, to the log. No password, no address."""

import logging
from typing import Any

from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

log = logging.getLogger(__name__)
# What is typed as a name may be a password, or a line for the log: only this much, and quoted.
LONGEST_NAME = 60


@receiver(user_logged_in)
def log_sign_in(user: Any, **signal: Any) -> None:
    """Log that somebody has signed in."""
    log.info("%r signed in", user.get_username())


@receiver(user_logged_out)
def log_sign_out(user: Any, **signal: Any) -> None:
    """Log that somebody has signed out; a session without a user ends without a line."""
    if user:
        log.info("%r signed out", user.get_username())


@receiver(user_login_failed)
def log_refusal(credentials: dict[str, Any], **signal: Any) -> None:
    """Log that a name and a password were refused."""
    name = credentials.get("username") or credentials.get("email") or ""
    log.warning("%r was not signed in: wrong password, or no such account", name[:LONGEST_NAME])


@receiver(authentication_failed)
def log_wrong_second_factor(user: Any, **signal: Any) -> None:
    """Log that a second factor was wrong after a right password."""
    log.warning("%r was not signed in: wrong second factor", user.get_username())


@receiver([authenticator_added, authenticator_removed])
def log_change(user: Any, authenticator: Any, signal: Any, **more: Any) -> None:
    """Log that a second factor was added or removed."""
    verb = "added" if signal is authenticator_added else "removed"
    log.info("%r %s a second factor: %s", user.get_username(), verb, authenticator.type)
