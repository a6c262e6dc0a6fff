from django.conf import settings
from django.http import HttpRequest


def publication(request: HttpRequest) -> dict[str, str]:
    """Give every template the publication's name, motto and public URL."""
    return {
        "publication_name": settings.PUBLICATION_NAME,
        "publication_promise": settings.PUBLICATION_PROMISE,
        "site_url": settings.SITE_URL,
    }
