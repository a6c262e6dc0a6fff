from django.conf import settings


def publication(request):
    """Give every template the publication's name, promise and public address."""
    return {
        "publication_name": settings.PUBLICATION_NAME,
        "publication_promise": settings.PUBLICATION_PROMISE,
        "site_url": settings.SITE_URL,
    }
