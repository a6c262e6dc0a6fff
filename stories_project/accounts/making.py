"""Accounts that are made on the command line. Their owners choose the password with a link."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction

from stories_project.accounts.forms import InvitationForm
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record


@transaction.atomic
def make_account(email: str, username: str = "", role: str | None = None) -> User:
    """Make an account of the staff without a password: of a role, or of an administrator.

    The user name is the beginning of the e-mail address, if none is given. Raises ValidationError
    if the name, the address or the role will not do.
    """
    groups = Group.objects.filter(name=role) if role else Group.objects.none()
    if role and not groups:
        known = ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
        raise ValidationError(f"There is no role “{role}”. Roles: {known}.")
    values: dict[str, Any] = {"email": email, "username": username or email.partition("@")[0]}
    values |= {"groups": [group.pk for group in groups], "is_superuser": role is None}
    form = InvitationForm(values)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    user: User = form.save()
    after = {"roles": [role] if role else [], "is_superuser": user.is_superuser}
    record(AuditEntry.Kind.ACCOUNT, "added", user, by=COMMAND_LINE, after=after)
    return user
