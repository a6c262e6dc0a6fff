"""The four accounts of the demo, which share one password."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User

GROUPS = {"writer": "Writer", "editor": "Editor", "moderator": "Moderator", "admin": None}


def create_accounts() -> dict[str, str | None]:
    """Create the accounts that are missing; return {name: password}, None if it is unchanged.

    DEMO_PASSWORD becomes the password of all four. Without it, new accounts share a random
    password, and existing accounts keep theirs.
    """
    configured = settings.DEMO_PASSWORD
    password = configured or secrets.token_urlsafe(9)
    passwords = {}
    for name, group in GROUPS.items():
        user, is_new = User.objects.get_or_create(
            username=name,
            defaults={
                "email": f"{name}@example.org",
                "is_staff": True,
                "is_superuser": name == "admin",
            },
        )
        if is_new and group:
            user.groups.add(Group.objects.get(name=group))
        if is_new or (configured and not user.check_password(configured)):
            user.set_password(password)
            user.save()
        passwords[name] = password if is_new or configured else None
    return passwords
