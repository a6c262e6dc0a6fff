"""Which accounts are offered for work on stories: active members of the staff, by permission."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import QuerySet

WRITE, REVIEW, CHECK = "stories.change_story", "stories.publish_story", "stories.check_facts"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def who_may(first: str, *others: str) -> QuerySet[User]:
    """Return the active staff with one of these permissions; `may` is the same rule in Python."""
    users = get_user_model()._default_manager
    found: QuerySet[User] = users.with_perm(first, backend=BACKEND)
    for permission in others:
        found |= users.with_perm(permission, backend=BACKEND)
    return found.filter(is_staff=True)


def may(user: User, *permissions: str) -> bool:
    """Whether an account is offered: active staff with one of these permissions."""
    is_at_work = user.is_active and user.is_staff
    return is_at_work and any(user.has_perm(permission) for permission in permissions)
