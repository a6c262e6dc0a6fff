"""What django-allauth does otherwise here. https://docs.allauth.org/en/latest/account/adapter.html"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories_project.encryption import decrypt, encrypt
from stories_project.publication.current import current, in_its_language
from stories_project.rate_limit import address_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators, and links in e-mails begin with SITE_URL."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name or the password is wrong."),
        "email_password_mismatch": _("The name or the password is wrong."),
        "too_many_login_attempts": _(
            "There were too many wrong attempts. Try again in five minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the IP address of the client, as the other limits know it."""
        if address := address_of(request):
            return address
        raise PermissionDenied("The IP address of the client is not known.")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address where a new password is chosen. `key` is "<user>-<token>"."""
        user, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token})
        return settings.SITE_URL + path

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the address that confirms an e-mail address."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return settings.SITE_URL + path

    @in_its_language()
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an e-mail in the language of the publication."""
        super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject with the name of the publication, and without line breaks."""
        return f"{current().name}: {' '.join(subject.split())}"

    def get_from_email(self) -> str:
        """Return the sender of e-mail."""
        return settings.DEFAULT_FROM_EMAIL


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets of second factors are encrypted in the database."""

    def get_totp_issuer(self) -> str:
        """Return the name beside the codes on a phone."""
        return current().name

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """Return a name for another passkey of a user."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """Encrypt with a key that is made from SECRET_KEY."""
        return encrypt("second factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt; SECRET_KEY_FALLBACKS are tried too, so the key can be replaced."""
        return decrypt("second factor", encrypted_text)
