"""The four accounts of the demo, which share one password."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User

GROUPS = {"writer": "Writer", "editor": "Editor", "moderator": "Moderator", "admin": None}


def address_of(name: str) -> str:
    """Return the e-mail address of an account of the demo."""
    return f"{name}@example.org"


def create_accounts() -> dict[str, str]:
    """Add the accounts to a site that has none; return {name: password}.

    The password is DEMO_PASSWORD, or else a random one. A site that has any account gets none, and
    {} is returned: whoever deleted an account of the demo, or changed its password, meant it.
    """
    if User.objects.exists():
        return {}
    password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
    for name, group in GROUPS.items():
        user = User.objects.create_user(
            name,
            address_of(name),
            password,
            is_staff=True,
            is_superuser=name == "admin",
        )
        if group:
            user.groups.add(Group.objects.get(name=group))
    return dict.fromkeys(GROUPS, password)
