"""E-mail to those whom a step of a story concerns; each of them gets one."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from stories.models import Review, Revision

log = logging.getLogger(__name__)
FOR_EDITORS = {Review.Step.SUBMITTED, Review.Step.FAILED}


def tell(review):
    """Send the e-mails about a step. A mail server that fails is logged and stops nobody."""
    readers = concerned(review)
    if not readers:
        return
    desk = reverse("admin:stories_story_change", args=[review.story_id])
    context = {
        "review": review,
        "address": settings.SITE_URL + desk,
        "publication_name": settings.PUBLICATION_NAME,
    }
    subject = f"{review}: {' '.join(review.story.title.split())}"
    body = render_to_string("stories/notice.txt", context)
    letters = [EmailMessage(subject, body, to=[address]) for address in readers]
    try:
        get_connection().send_messages(letters)
    except Exception:
        # Whatever a mail server answers, the step is taken and recorded.
        log.exception("No e-mail about %s of story %s", review.step, review.story_id)


def concerned(review):
    """Return the e-mail addresses of those concerned, without that of who took the step.

    A story that waits, or could not go live, concerns everybody who may publish; every other step
    those who wrote it.
    """
    users = get_user_model()._default_manager
    if review.step in FOR_EDITORS:
        readers = users.with_perm(
            "stories.publish_story", backend="django.contrib.auth.backends.ModelBackend"
        )
    else:
        writers = Revision.objects.filter(story=review.story_id).values("author")
        readers = users.filter(pk__in=writers, is_active=True)
    addresses = readers.exclude(pk=review.by_id).exclude(email="").values_list("email", flat=True)
    return sorted({address.lower() for address in addresses})
