"""What the roles of the staff may do, in words. The roles themselves are Django's groups."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The permissions that tell one role from another; the others come with them.
DUTIES = {
    "stories.change_story": _("write stories"),
    "stories.publish_story": _("review, publish and withdraw stories"),
    "stories.delete_story": _("delete stories"),
    "stories.change_tag": _("keep tags in order"),
    "stories.change_series": _("make series"),
    "stories.check_facts": _("mark passages as confirmed or disputed"),
    "stories.change_suggestion": _("decide what readers suggest"),
    "founders.change_founder": _("write profiles of founders"),
    "founders.moderate_founder": _("approve, reject and hide profiles"),
    "founders.change_company": _("keep companies in order"),
}


def roles() -> QuerySet[Group]:
    """Return all roles by name, with what they may do."""
    return Group.objects.order_by("name").prefetch_related("permissions__content_type")


def duties_of(role: Group) -> str:
    """Return what a role may do, in words. `roles()` loads what this asks for."""
    may = {f"{each.content_type.app_label}.{each.codename}" for each in role.permissions.all()}
    words = [str(duty) for permission, duty in DUTIES.items() if permission in may]
    return capfirst(", ".join(words)) if words else gettext("Nothing of what has a name here")


def roles_of(user: User) -> str:
    """Return the roles of an account in words; an administrator may do everything."""
    names = [role.name for role in user.groups.all()]
    return ", ".join([gettext("Administrator"), *names] if user.is_superuser else names)


class RolesField(forms.ModelMultipleChoiceField):
    """The roles of an account, each with what it may do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(roles(), label=_("Roles"), required=False, **options)

    def label_from_instance(self, role: Any) -> str:
        """Return the name of a role and its duties."""
        return f"{role.name}: {duties_of(role)}"
