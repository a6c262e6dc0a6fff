"""IndexNow: tells search engines which stories have changed (https://www.indexnow.org/documentation).

They check that we may speak for the site by reading our key at `/<key>.txt`.
"""

import json
from urllib.parse import urlsplit

from django.conf import settings

from stories.sharing.public_urls import urls_of_stories
from stories_project.page_cache.posting import send

URL = "https://api.indexnow.org/indexnow"
URLS_A_CALL = 10_000


def tell(keys: set[str]) -> None:
    """Tell the URLs of the stories with these keys, if readers see them or saw them.

    Raises NotDelivered.
    """
    urls = urls_of_stories(keys)
    for start in range(0, len(urls), URLS_A_CALL):
        body = {
            "host": urlsplit(settings.SITE_URL).netloc,
            "key": settings.INDEXNOW_KEY,
            "keyLocation": f"{settings.SITE_URL}/{settings.INDEXNOW_KEY}.txt",
            "urlList": urls[start : start + URLS_A_CALL],
        }
        headers = {"Content-Type": "application/json; charset=utf-8"}
        send("IndexNow", URL, json.dumps(body).encode(), headers)
