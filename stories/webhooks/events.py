"""From the outbox to messages: which webhooks are told of what has happened."""

from django.utils import timezone

from stories.models import Story, StoryEvent, Webhook, WebhookDelivery
from stories.models.listing import Listing, plan_transitions
from stories_project.page_cache.models import Delivery


def tell(keys: set[str]) -> None:
    """Write a message for each webhook that wants to know of the events among these keys.

    It may be called again with the same keys: nobody is told twice.
    """
    events = sorted(
        (event for key in keys if (event := StoryEvent.read(key))), key=lambda event: event.at
    )
    for name in {event.name for event in events}:
        for webhook in Webhook.objects.told_of(name):
            for event in events:
                if event.name == name:
                    webhook.tell(event)
    WebhookDelivery.objects.expired().delete()


def plan_what_is_scheduled() -> None:
    """Plan the events of stories that were scheduled while nobody planned events."""
    now = timezone.now()
    planned = set(
        Delivery.objects.filter(target=Delivery.Target.WEBHOOK, due_at__gt=now)
        .exclude(subject="")
        .values_list("subject", flat=True)
    )
    coming = (Story.objects.scheduled(now) | Story.objects.filter(unpublish_at__gt=now)).order_by()
    for story in coming.only("publish_at", "unpublish_at", "is_lead").iterator():
        if story.surrogate_key not in planned:
            plan_transitions(story, Listing.of(story), now)
