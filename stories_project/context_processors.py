from typing import Any

from django.conf import settings
from django.http import HttpRequest

from stories_project.publication.current import current, is_tried


def publication(request: HttpRequest) -> dict[str, Any]:
    """Give every template the publication, whether it is only tried, and what of its settings.

    These are its public URL, and whether it takes webmentions.
    """
    known = current()
    return {
        "publication": known,
        "is_tried": is_tried(),
        "publication_name": known.name,
        "publication_promise": known.promise,
        "site_url": settings.SITE_URL,
        "takes_webmentions": settings.WEBMENTIONS,
    }
