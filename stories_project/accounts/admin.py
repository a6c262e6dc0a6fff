from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from stories_project.accounts.forms import InvitationForm
from stories_project.accounts.invitations import invite

for model in (User, EmailAddress, EmailConfirmation, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """The accounts of the staff: an administrator invites, and helps who cannot sign in."""

    add_form = InvitationForm
    add_fieldsets = ((None, {"fields": InvitationForm.Meta.fields}),)
    list_display = ("username", "email", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    actions = ("invite_again", "remove_second_factors", "end_sessions")

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
            self.log_change(request, user, "Removed the second factors")
        self.message_user(request, f"Second factors removed: {removed}.")

    @admin.action(description="End all sessions", permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Sign the chosen accounts out everywhere."""
        sessions = list(UserSession.objects.filter(user__in=users))
        for session in sessions:
            session.end()
        for user in users:
            self.log_change(request, user, "Ended all sessions")
        self.message_user(request, f"Sessions ended: {len(sessions)}.")
