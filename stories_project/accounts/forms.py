from types import MappingProxyType
from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.account.models import EmailAddress
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stories_project.accounts.roles import RolesField

ADMINISTRATOR = _("May do everything, and keeps the accounts, the publication and the system.")
LABELS = {
    "email": _("E-mail address"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
}


class InOurWords(forms.BaseForm):
    """Mixin of the forms of django-allauth: labels in the words of this site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LABELS.keys() & self.fields.keys():
            self.fields[name].label = LABELS[name]
            self.fields[name].widget.attrs.pop("placeholder", None)


class EmailForm(InOurWords, AddEmailForm):
    """Another e-mail address."""


class PasswordForm(InOurWords, ChangePasswordForm):
    """A new password in place of the present one."""


class LinkForm(InOurWords, ResetPasswordForm):
    """The address to which the link for a new password is sent."""


class NewPasswordForm(InOurWords, ResetPasswordKeyForm):
    """A new password, chosen with the link."""


class CodeForm(InOurWords, ActivateTOTPForm):
    """The first code of an app."""


class SignInForm(LoginForm):
    """The name and password of an account; either name will do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username webauthn",
            "autofocus": True,
        }
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, which replaces the password unless one asks otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["passwordless"]
        box.initial, box.label = True, _("Sign in with it alone, without the password")
        box.help_text = _("Without this, it is asked for after the password.")


class AccountForm(UserChangeForm):
    """An account of the staff, as an administrator changes it."""

    groups = RolesField()

    HELP = MappingProxyType(
        {
            "is_superuser": ADMINISTRATOR,
            "is_active": _(
                "Without it, nobody signs in: sessions, review links and the address of the"
                " calendar end at once. Clear it when somebody leaves."
            ),
            "is_staff": _("Without it, the account signs in and sees only itself."),
            "user_permissions": _("Besides those of the roles. A role is easier to keep in mind."),
            "username": _("They sign in with it, or with the e-mail address."),
        }
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.HELP.keys() & self.fields.keys():
            self.fields[name].help_text = self.HELP[name]


class PasswordOfAnotherForm(AdminPasswordChangeForm):
    """A password that an administrator chooses for somebody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An account without a password is one that was invited: there is nothing to switch off.
        self.fields.pop("usable_password", None)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        self.fields["password2"].help_text = ""


class InvitationForm(forms.ModelForm):
    """Who is invited, and in which roles. The account has no password until they choose one."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The invitation is sent to it.")
    )
    groups = RolesField()
    is_superuser = forms.BooleanField(
        label=_("Administrator"), help_text=ADMINISTRATOR, required=False
    )

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "username", "groups", "is_superuser")

    def clean_email(self) -> str:
        """Refuse the address of another account: it could choose that account's password."""
        email = self.cleaned_data["email"]
        is_taken = User.objects.filter(email__iexact=email).exists()
        if is_taken or EmailAddress.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this e-mail address."))
        return str(email)

    def clean(self) -> dict[str, Any]:
        """Refuse an account that could do nothing."""
        super().clean()
        if not (self.cleaned_data.get("groups") or self.cleaned_data.get("is_superuser")):
            self.add_error("groups", _("Choose at least one role, or make them administrator."))
        return self.cleaned_data

    def save(self, commit: bool = True) -> User:
        """Return the new member of staff, who cannot sign in yet."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)
