"""WebSub: tells a hub which feeds have changed, and the hub tells those who have subscribed.

https://www.w3.org/TR/websub/ leaves open how a hub is told. All public hubs take what
PubSubHubbub 0.3 says: `hub.mode=publish`, and `hub.url` once for each feed.
"""

from urllib.parse import urlencode

from django.conf import settings

from stories.sharing.public_urls import urls_of_feeds
from stories_project.page_cache.posting import send

URLS_A_CALL = 100


def tell(keys: set[str]) -> None:
    """Tell the feeds in which the stories with these keys stand, or stood before.

    Raises NotDelivered.
    """
    urls = urls_of_feeds(keys)
    for start in range(0, len(urls), URLS_A_CALL):
        topics = [("hub.url", url) for url in urls[start : start + URLS_A_CALL]]
        body = urlencode([("hub.mode", "publish"), *topics]).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        send("The WebSub hub", settings.WEBSUB_HUB, body, headers)
