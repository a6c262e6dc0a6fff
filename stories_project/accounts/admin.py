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
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from stories_project.accounts.forms import AccountForm, InvitationForm, PasswordOfAnotherForm
from stories_project.accounts.invitations import invite
from stories_project.accounts.roles import duties_of, roles, roles_of
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

    list_display = ("name", "duties")
    search_fields = ()
    readonly_fields = ("duties",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """Load what the roles may do too."""
        return roles()

    def get_fieldsets(self, request: HttpRequest, obj: Group | None = None) -> Any:
        """Say in words what a role may do; the single permissions come after that."""
        if obj is None:
            return ((None, {"fields": ("name", "permissions")}),)
        single = {"fields": ("permissions",), "classes": ("collapse",)}
        return ((None, {"fields": ("name", "duties")}), (_("More"), single))

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        """Leave out the advice to hold down a key: the two boxes need none."""
        field = super().formfield_for_manytomany(*args, **kwargs)
        if field:
            field.help_text = ""
        return field

    @admin.display(description=_("What they may do"))
    def duties(self, role: Group) -> str:
        """Return what a role may do, in words."""
        return duties_of(role)

    def audited_values(self, role: Group) -> dict[str, Any]:
        return {"name": role.name, "permissions": _codenames(role.permissions)}


@admin.register(User)
class AccountAdmin(AuditedAdmin, UserAdmin):
    """The accounts of the staff: an administrator invites, and helps who cannot sign in."""

    form = AccountForm
    add_form = InvitationForm
    change_password_form = PasswordOfAnotherForm
    add_fieldsets = ((None, {"fields": InvitationForm.Meta.fields}),)
    fieldsets = (
        (None, {"fields": ("first_name", "last_name", "email", "username")}),
        (_("What they may do"), {"fields": ("groups", "is_superuser")}),
        (_("Sign-in"), {"fields": ("is_active", "means", "standing", "date_joined")}),
        (_("More"), {"fields": ("is_staff", "user_permissions"), "classes": ("collapse",)}),
    )
    readonly_fields = ("means", "standing", "date_joined")
    list_display = ("person", "email", "roles", "standing")
    list_filter = ("is_active", "is_superuser", "groups")
    actions = ("invite_again", "remove_second_factors", "end_sessions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Load the roles too."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("Name"), ordering="username")
    def person(self, user: User) -> str:
        """Return the name of somebody, and the user name if it is another one."""
        names = [user.get_full_name(), user.username]
        return ", ".join(name for name in names if name)

    @admin.display(description=_("Roles"))
    def roles(self, user: User) -> str:
        """Return the roles of an account."""
        return roles_of(user)

    @admin.display(description=_("Last sign-in"), ordering="last_login")
    def standing(self, user: User) -> str:
        """Return when somebody was here last, or why not."""
        if not user.is_active:
            return gettext("Not active any more")
        if user.last_login:
            return formats.date_format(timezone.localtime(user.last_login), "DATETIME_FORMAT")
        if not user.has_usable_password():
            return gettext("Invited, has not chosen a password yet")
        return gettext("Never")

    @admin.display(description=_("Signs in with"))
    def means(self, user: User) -> str:
        """Return what an account signs in with."""
        found = Authenticator.objects.filter(user=user).values_list("type", flat=True)
        words = {
            Authenticator.Type.WEBAUTHN: gettext("a passkey"),
            Authenticator.Type.TOTP: gettext("an app that shows codes"),
        }
        password = [gettext("a password")] if user.has_usable_password() else []
        means = [*password, *(words[each] for each in words if each in found)]
        return capfirst(", ".join(means) or gettext("nothing yet: the invitation waits"))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form without the button to add another account: one invites one by one."""
        shown = {"show_save_and_add_another": False, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, shown)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Return to the list, where a message says whether the invitation was sent."""
        return redirect("admin:auth_user_changelist")

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

    @admin.action(description=_("Send the invitation again"), permissions=["change"])
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
            text = gettext(
                "Not invited: %(count)s, who have a password, no e-mail address, or are inactive."
            )
            self.message_user(request, text % {"count": left_out}, messages.WARNING)

    @admin.action(description=_("Remove the second factors (lost phone)"), permissions=["change"])
    def remove_second_factors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Remove what the chosen accounts sign in with beside the password."""
        removed, _rows = Authenticator.objects.filter(user__in=users).delete()
        for user in users:
            self.record(request, "removed the second factors of", user)
        text = gettext("Second factors removed: %(count)s.") % {"count": removed}
        self.message_user(request, text)

    @admin.action(description=_("End all sessions"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Sign the chosen accounts out everywhere."""
        sessions = list(UserSession.objects.filter(user__in=users))
        for session in sessions:
            session.end()
        for user in users:
            self.record(request, "ended all sessions of", user)
        text = gettext("Sessions ended: %(count)s.") % {"count": len(sessions)}
        self.message_user(request, text)


def _codenames(permissions: Any) -> list[str]:
    names = permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in names)
