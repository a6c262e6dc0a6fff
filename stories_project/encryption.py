"""Secrets that are stored encrypted, with a key that is made from SECRET_KEY."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """A secret was encrypted with a SECRET_KEY that this site does not have."""


def encrypt(purpose: str, text: str) -> str:
    """Encrypt a secret. Each purpose, such as "second factor", has its own key."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def decrypt(purpose: str, encrypted: str) -> str:
    """Decrypt a secret; SECRET_KEY_FALLBACKS are tried too, so the key can be replaced.

    Raises Unreadable.
    """
    try:
        return _fernet(purpose).decrypt(encrypted.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _fernet(purpose: str) -> MultiFernet:
    keys = map(str, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    digests = [sha256(f"{purpose} {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
