from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django_tasks_db.models import DBTaskResult

from stories_project.accounts.forms import InvitationForm
from stories_project.accounts.invitations import invite
from stories_project.audit.admin import AuditedAdmin

OF_OTHERS = (EmailAddress, EmailConfirmation, Authenticator, UserSession, DBTaskResult)
for model in (User, Group, *OF_OTHERS):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

AUDITED = ("username", "email", "first_name", "last_name")
AUDITED_RIGHTS = ("is_active", "is_staff", "is_superuser")


@admin.register(Group)
class RoleAdmin(AuditedAdmin, GroupAdmin):
    """The roles of the staff, and what each may do."""

    def audited_values(self, role: Group) -> dict[str, Any]:
        return {"name": role.name, "permissions": _codenames(role.permissions)}


@admin.register(User)
class AccountAdmin(AuditedAdmin, UserAdmin):
    """The accounts of the staff: an administrator invites, and helps who cannot sign in."""

    add_form = InvitationForm
    add_fieldsets = ((None, {"fields": InvitationForm.Meta.fields}),)
    list_display = ("username", "email", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    actions = ("invite_again", "remove_second_factors", "end_sessions")

    def audited_values(self, user: User) -> dict[str, Any]:
        return {
            **{name: getattr(user, name) for name in (*AUDITED, *AUDITED_RIGHTS)},
            "roles": sorted(user.groups.values_list("name", flat=True)),
            "permissions": _codenames(user.user_permissions),
        }

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Choose a password for somebody else, and record it."""
        response = super().user_change_password(request, id, form_url)
        if response.status_code == 302 and (user := self.get_object(request, id)):
            self.record(request, "chose the password of", user)
        return response

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:
        """Save; invite a new account, and forget the old e-mail address of a known one."""
        super().save_model(request, user, form, change)
        if not change:
            invite(request, user)
        elif "email" in form.changed_data:
            EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()

    @admin.action(description="Send the invitation again", permissions=["change"])
    def invite_again(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Send another invitation to the chosen accounts that have no password yet."""
        invited = [
            user
            for user in users
            if user.is_active and user.email and not user.has_usable_password()
        ]
        for user in invited:
            invite(request, user)
            self.record(request, "invited again", user)
        if left_out := len(users) - len(invited):
            text = (
                f"Not invited: {left_out}, who have a password, no e-mail address, or are inactive."
            )
            self.message_user(request, text, messages.WARNING)

    @admin.action(description="Remove the second factors (lost phone)", permissions=["change"])
    def remove_second_factors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Remove what the chosen accounts sign in with beside the password."""
        removed, _ = Authenticator.objects.filter(user__in=users).delete()
        for user in users:
            self.record(request, "removed the second factors of", user)
        self.message_user(request, f"Second factors removed: {removed}.")

    @admin.action(description="End all sessions", permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Sign the chosen accounts out everywhere."""
        sessions = list(UserSession.objects.filter(user__in=users))
        for session in sessions:
            session.end()
        for user in users:
            self.record(request, "ended all sessions of", user)
        self.message_user(request, f"Sessions ended: {len(sessions)}.")


def _codenames(permissions: Any) -> list[str]:
    names = permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in names)
