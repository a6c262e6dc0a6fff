"""The four people of the demo, who sign in with one password."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User

GROUPS = {"writer": "Writer", "editor": "Editor", "moderator": "Moderator", "admin": None}


def make_accounts():
    """Make the accounts that are missing; return {name: password}, None where it is unchanged.

    The password is DEMO_PASSWORD, which existing accounts are given too. Without it, new accounts
    share a random one and existing ones keep theirs.
    """
    chosen = settings.DEMO_PASSWORD
    fresh = chosen or secrets.token_urlsafe(9)
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
        if is_new or (chosen and not user.check_password(chosen)):
            user.set_password(fresh)
            user.save()
        passwords[name] = fresh if is_new or chosen else None
    return passwords
