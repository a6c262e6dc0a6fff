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
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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


class InvitationForm(forms.ModelForm):
    """Who is invited, and in which roles. The account has no password until they choose one."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The invitation is sent to it.")
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What they may do at the desk."),
    )

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "username", "groups")

    def clean_email(self) -> str:
        """Refuse the address of another account: it could choose that account's password."""
        email = self.cleaned_data["email"]
        is_taken = User.objects.filter(email__iexact=email).exists()
        if is_taken or EmailAddress.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this e-mail address."))
        return str(email)

    def save(self, commit: bool = True) -> User:
        """Return the new member of staff, who cannot sign in yet."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)
