"""What a webhook is sent: the story as it is for readers at that moment, signed.

The signature follows Standard Webhooks 1.0.0:
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja.responses import NinjaJSONEncoder

from stories.api.describing import of_story
from stories.api.schemas import Story as DescribedStory
from stories.models import Story, StoryEvent, WebhookDelivery
from stories.models.webhook import SECRET_PREFIX
from stories.sharing.public_urls import last_public_slug
from stories_project.publication.current import in_its_language

SIGNATURE_VERSION = "v1"
Headers = dict[str, str]


class NotToBeSent(Exception):
    """What a message is about is not true any more. It says so in a sentence."""


def body_of(message: WebhookDelivery) -> bytes:
    """Return what a message says as JSON, written as the API writes it. Raises NotToBeSent."""
    return json.dumps(_content_of(message), cls=NinjaJSONEncoder, ensure_ascii=False).encode()


def _content_of(message: WebhookDelivery) -> dict[str, Any]:
    """Return the values of a message, all read now: the story may have been withdrawn since."""
    happened = {"event": message.event, "occurred_at": message.occurred_at}
    body = {"id": id_of(message), **happened}
    if message.event == WebhookDelivery.PING or message.story is None:
        return body
    story = Story.objects.published().filter(pk=message.story).with_founders().first()
    if message.event == StoryEvent.Name.WITHDRAWN:
        if story:
            raise NotToBeSent(_("The story is public again."))
        return {**body, "story": _withdrawn(message.story)}
    if story is None:
        raise NotToBeSent(_("The story is not public any more."))
    with in_its_language():
        described = DescribedStory.model_validate(of_story(story))
    return {**body, "story": described.model_dump()}


def _withdrawn(story: int) -> dict[str, Any]:
    """Return what readers may know of a story that is not public: where it was."""
    slug = last_public_slug(story)
    url = settings.SITE_URL + reverse("story", args=[slug]) if slug else None
    return {"id": story, "slug": slug or None, "url": url}


def id_of(message: WebhookDelivery) -> str:
    """Return the id of a message: the same at each attempt, so that receivers know repetitions."""
    return f"msg_{message.message_id.hex}"


def headers_for(message_id: str, timestamp: int, body: bytes, secret: str) -> Headers:
    """Return the headers of a message; `timestamp` is the time of the attempt (POSIX seconds)."""
    signature = sign(message_id, timestamp, body, secret)
    return {
        "Content-Type": "application/json",
        "User-Agent": f"HowTheyBegan/{settings.RELEASE} (+{settings.SITE_URL})",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"{SIGNATURE_VERSION},{signature}",
    }


def sign(message_id: str, timestamp: int, body: bytes, secret: str) -> str:
    """Return the Base64 of the HMAC-SHA256 of a message; the secret begins with "whsec_"."""
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return b64encode(hmac.digest(key, signed, sha256)).decode()
