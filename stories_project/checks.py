"""What Django's `check --deploy` and the start of the server say about the settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


def email_is_logged() -> bool:
    """Whether e-mail is only written to the log, since no mail server is set."""
    return settings.EMAIL_BACKEND == "django.core.mail.backends.console.EmailBackend"


@register(Tags.security, deploy=True)
def email_goes_somewhere(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Warn if e-mail is written to the log: nobody gets an invitation or a new password."""
    if not email_is_logged():
        return []
    return [
        Warning(
            "EMAIL_URL is unset: e-mail is written to the log, and reaches nobody.",
            hint="Set it to the mail server, such as smtp+tls://user:password@host:587.",
            id="stories_project.W001",
        )
    ]


@register(Tags.security, deploy=True)
def addresses_are_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Warn if the site is public, and the IP addresses may be those of a proxy."""
    if not settings.IS_BEHIND_TLS or settings.CLIENT_ADDRESS_VARIABLE != "REMOTE_ADDR":
        return []
    return [
        Warning(
            "Behind a proxy, every client seems to have its IP address, and shares one rate limit.",
            hint="Set CLIENT_ADDRESS_VARIABLE=HTTP_X_REAL_IP, and let the proxy set X-Real-IP.",
            id="stories_project.W002",
        )
    ]
