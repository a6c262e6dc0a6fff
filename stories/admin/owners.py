"""Whose stories a page of the desk shows: everybody's, mine, nobody's, or those of an account."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from stories.admin.permissions import DeskRequest
from stories.models.notification import name_of
from stories.models.plan import NOBODY
from stories.planning.plans import possible_owners
from stories_project.primary_keys import is_primary_key

PARAMETER = "owner"
OFFERED = 200


@dataclass(frozen=True)
class OwnerChoice:
    """The choice of an owner in a page: what is chosen, what can be, and which stories it means."""

    value: str
    choices: list[tuple[str, str]]
    key: int | None


def owner_choice(request: DeskRequest) -> OwnerChoice:
    """Return the choice of a request, in one query or two. Nonsense means everybody."""
    value = request.GET.get(PARAMETER, "")
    offered = [("", _("Everybody")), *choices(value)]
    return OwnerChoice(value, offered, key_of(value, request.user))


def choices(chosen: str | None = None) -> list[tuple[str, str]]:
    """Return the owners to choose from, as (value, name), and the one who is chosen already."""
    named = {str(user.pk): name_of(user) for user in possible_owners()[:OFFERED]}
    if chosen and is_primary_key(chosen) and chosen not in named:
        named |= {str(user.pk): name_of(user) for user in User.objects.filter(pk=chosen)}
    return [("me", _("Me")), ("nobody", _("Nobody")), *named.items()]


def key_of(value: str | None, user: User) -> int | None:
    """Return the primary key of the owner that a parameter means, or NOBODY; None for everybody."""
    words = {"me": user.pk, "nobody": NOBODY}
    if value in words:
        return words[value]
    return int(value) if value and is_primary_key(value) else None
